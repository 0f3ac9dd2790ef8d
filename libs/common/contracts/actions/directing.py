"""What dispatchers and the arbitration body may ask of the router."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.common.contracts.actions.asked import NO_NUL, ActionBase, Cited, Code, Said
from libs.common.contracts.values import BasisPoints
from libs.common.ids import AppealId, ItemCode

CoHandlers: TypeAlias = Annotated[tuple[Code, ...], Field(max_length=20)]
StreamKey: TypeAlias = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]


class DispatchAction(ActionBase):
    """派单, by a dispatcher after a return: names item and lead; an excluded lead is refused."""

    action: Literal["dispatch"]
    item: ItemCode = Field(max_length=20)
    lead: Code
    co_handlers: CoHandlers = ()


class AskReviewAction(ActionBase):
    """请求定类, by a dispatcher after a return: a person shall name the item anew."""

    action: Literal["ask-review"]
    note: Said | None = None


class ApproveReturnAction(ActionBase):
    """同意退单, by a dispatcher."""

    action: Literal["approve-return"]
    note: Said | None = None


class DenyReturnAction(ActionBase):
    """驳回退单, by a dispatcher."""

    action: Literal["deny-return"]
    reason: Said


class OpenDisputeAction(ActionBase):
    """提请裁决, by a dispatcher."""

    action: Literal["open-dispute"]
    note: Said | None = None


class NameProvisionalLeadAction(ActionBase):
    """先办后议, by the arbitration body."""

    action: Literal["name-provisional-lead"]
    department: Code
    reason: Said


class IssueRulingAction(ActionBase):
    """裁定, by the arbitration body: final. Without an item the present one stays."""

    action: Literal["issue-ruling"]
    lead: Code
    co_handlers: CoHandlers = ()
    item: Annotated[ItemCode, Field(max_length=20)] | None = None
    reason: Said
    legal_basis: Cited


class AddCoHandlerAction(ActionBase):
    """加派, by the lead or a dispatcher."""

    action: Literal["add-co-handler"]
    department: Code
    task: Said
    report_by: AwareDatetime | None = None


class MergeAction(ActionBase):
    """并单, by a dispatcher, on the appeal that joins the master.

    `master_key` is the key of the master's events; over HTTP it may be left out.
    """

    action: Literal["merge"]
    master: AppealId
    master_key: StreamKey | None = None
    similarity: BasisPoints | None = None
    resolve_due: AwareDatetime | None = None
    reason: Said


class UnmergeAction(ActionBase):
    """撤销并单, by a dispatcher, on the appeal that joined."""

    action: Literal["unmerge"]
    reason: Said


class IssueOrderAction(ActionBase):
    """交办单, by a supervisor: `appeal_id` is the new order's own id, `appeals` are its problems.

    The order's key is its id; each appeal is named with the key of its events.
    """

    action: Literal["issue-order"]
    number: str = Field(min_length=1, max_length=50, pattern=NO_NUL)
    title: str = Field(min_length=1, max_length=200, pattern=NO_NUL)
    appeals: dict[UUID, StreamKey] = Field(min_length=1, max_length=500)
    report_by: AwareDatetime | None = None


DirectingAction: TypeAlias = (
    DispatchAction
    | AskReviewAction
    | ApproveReturnAction
    | DenyReturnAction
    | OpenDisputeAction
    | NameProvisionalLeadAction
    | IssueRulingAction
    | AddCoHandlerAction
    | MergeAction
    | UnmergeAction
    | IssueOrderAction
)
