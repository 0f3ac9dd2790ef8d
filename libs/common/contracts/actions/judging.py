"""What supervisors, inspectors, callback agents and firms may ask of the router."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.common.contracts.actions.asked import ActionBase, Cited, Code, Said
from libs.common.contracts.router.words import RejectionReason

CoHandlers: TypeAlias = Annotated[tuple[Code, ...], Field(max_length=20)]


class ApproveResultAction(ActionBase):
    """审核通过, by a supervisor."""

    action: Literal["approve-result"]


class RejectResultAction(ActionBase):
    """退回重填, by a supervisor."""

    action: Literal["reject-result"]
    reason: RejectionReason
    note: Said | None = None


class PlaceOnLedgerAction(ActionBase):
    """挂账, by a supervisor: why, what is planned, and when the next report is due."""

    action: Literal["place-on-ledger"]
    reason: Said
    plan: Said
    next_report_at: AwareDatetime


class ReleaseFromLedgerAction(ActionBase):
    """销账恢复, by a supervisor."""

    action: Literal["release-from-ledger"]
    reason: Said


class ApproveExtensionAction(ActionBase):
    """同意延期, by a supervisor."""

    action: Literal["approve-extension"]
    note: Said | None = None


class DenyExtensionAction(ActionBase):
    """驳回延期, by a supervisor."""

    action: Literal["deny-extension"]
    reason: Said


class ApproveExclusionAction(ActionBase):
    """同意剔除, by a supervisor who is not who proposed it."""

    action: Literal["approve-exclusion"]


class DenyExclusionAction(ActionBase):
    """驳回剔除, by a supervisor who is not who proposed it."""

    action: Literal["deny-exclusion"]
    reason: Said


class DispatchReworkAction(ActionBase):
    """二次交办, by a supervisor. Without a lead the last one does it again."""

    action: Literal["dispatch-rework"]
    lead: Code | None = None
    co_handlers: CoHandlers = ()
    supervision: Literal["supervise", "raise"] = "supervise"
    instructions: Said


class IssueFinalRulingAction(ActionBase):
    """终结认定, by the supervisory body; the legal path is told to the firm."""

    action: Literal["issue-final-ruling"]
    finding: Said
    evidence: Said
    legal_path: Said


class OrderReworkAction(ActionBase):
    """责令重办, by the supervisory body, once."""

    action: Literal["order-rework"]
    reason: Said


class ReopenAction(ActionBase):
    """重启, by the firm or an inspector, on new facts."""

    action: Literal["reopen"]
    new_facts: Said


class AttemptCallbackAction(ActionBase):
    """回访未通, by the callback agent."""

    action: Literal["attempt-callback"]


class RateAction(ActionBase):
    """The firm's own word: 8 of 10 and more accepts the result, less needs a reason."""

    action: Literal["rate"]
    score: int = Field(ge=0, le=10)
    reason: Said | None = None


class SupplyInfoAction(ActionBase):
    """补充, by the firm: what the lead asked for, masked already."""

    action: Literal["supply-info"]
    supplied: Said


class WithdrawAction(ActionBase):
    """撤诉, by the firm. A safety matter goes on under a new id."""

    action: Literal["withdraw"]
    reason: Said | None = None
    is_safety_matter: bool = False


class SetConfidentialityAction(ActionBase):
    """保密, by a supervisor."""

    action: Literal["set-confidentiality"]
    level: Literal["open", "confidential", "report"]
    reason: Said
    legal_basis: Cited | None = None


class CorrectRecordAction(ActionBase):
    """更正, by a supervisor: what a stored event should have said. It edits nothing."""

    action: Literal["correct-record"]
    corrects: UUID
    field: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,99}$")]
    note: Said


JudgingAction: TypeAlias = (
    ApproveResultAction
    | RejectResultAction
    | PlaceOnLedgerAction
    | ReleaseFromLedgerAction
    | ApproveExtensionAction
    | DenyExtensionAction
    | ApproveExclusionAction
    | DenyExclusionAction
    | DispatchReworkAction
    | IssueFinalRulingAction
    | OrderReworkAction
    | ReopenAction
    | AttemptCallbackAction
    | RateAction
    | SupplyInfoAction
    | WithdrawAction
    | SetConfidentialityAction
    | CorrectRecordAction
)
