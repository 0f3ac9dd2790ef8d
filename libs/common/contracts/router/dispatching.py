"""From the named item to a signed dispatch, and back to whoever names the item."""

from typing import ClassVar, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.common.contracts.classifier import Handover
from libs.common.contracts.envelope import Event
from libs.common.contracts.router.words import Basis, Words
from libs.common.contracts.values import AppealKind, Urgency, Version
from libs.common.ids import AppealId, DepartmentCode, EnterpriseId, ItemCode

ReviewWish: TypeAlias = Literal["no_owner", "returned", "never_classified"]
TakenFrom: TypeAlias = Literal["answered_at_intake", "resolved_on_site"]
AcceptedBecause: TypeAlias = Literal["result_rejected", "rated_unacceptable", "reopened", "safety"]


class AppealDispatched(Event):
    """派单: exactly one lead (主办), any number of co-handlers (协办), and why these.

    Starts sign and return window. Also after a return, where the dispatcher names the lead.
    """

    TYPE: ClassVar = "router.appeal-dispatched.v1"

    appeal_id: AppealId
    enterprise_id: EnterpriseId | None
    item: ItemCode
    category: str = Field(max_length=10)
    lead: DepartmentCode
    co_handlers: tuple[DepartmentCode, ...]
    sub_district: str | None = Field(max_length=10)
    urgency: Urgency
    accepted_at: AwareDatetime
    rule_id: str = Field(max_length=100)
    routing_version: Version
    catalogue_version: Version
    # What a later classification or hand-over needs again; absent in the oldest events.
    dispatched_at: AwareDatetime | None = None
    channel: str | None = Field(default=None, max_length=50)
    kind: AppealKind | None = None


class DispatchSigned(Event):
    """签收 by the lead. Stops sign."""

    TYPE: ClassVar = "router.dispatch-signed.v1"

    appeal_id: AppealId
    department: DepartmentCode


class DispatchAutoSigned(Event):
    """视同签收: the sign limit passed, or the dispatch is a rework. Stops sign.

    Issued by the router on sla's LimitPassed of `sign`, or together with ReworkDispatched.
    """

    TYPE: ClassVar = "router.dispatch-auto-signed.v1"

    appeal_id: AppealId
    department: DepartmentCode
    because: Literal["limit_passed", "rework"]
    signed_at: AwareDatetime


class OwnerNotFound(Event):
    """请求定类: the router asks the classifier for a person's review; no clock changes.

    `excluded` lists departments that may not lead this appeal any more.
    """

    TYPE: ClassVar = "router.owner-not-found.v1"

    appeal_id: AppealId
    reason: ReviewWish
    item: ItemCode | None
    excluded: tuple[DepartmentCode, ...] = Field(max_length=100)
    note: Words | None
    handover: Handover


class ClassificationNoted(Event):
    """定类已记: a person named an item whose lead is excluded; the dispatcher names another."""

    TYPE: ClassVar = "router.classification-noted.v1"

    appeal_id: AppealId
    item: ItemCode
    category: str = Field(max_length=10)


class AppealTakenOver(Event):
    """接续办理: intake answered at once (即时答复) or an officer solved it on site (现场即办).

    After an answer the callback clock runs, after a solution on site the result review.
    """

    TYPE: ClassVar = "router.appeal-taken-over.v1"

    appeal_id: AppealId
    taken_from: TakenFrom
    taken_at: AwareDatetime
    handover: Handover


class AppealAcceptedAnew(Event):
    """转入分拨: an appeal that had no dispatch now needs one. Starts resolve at `accepted_at`.

    `continues` is the appeal that was withdrawn while its safety matter goes on (主动治理).
    """

    TYPE: ClassVar = "router.appeal-accepted-anew.v1"

    appeal_id: AppealId
    because: AcceptedBecause
    accepted_at: AwareDatetime
    handover: Handover
    continues: AppealId | None = None


class TransferNoted(Event):
    """紧急转接已记: intake transferred it before any dispatch, so nothing is dispatched."""

    TYPE: ClassVar = "router.transfer-noted.v1"

    appeal_id: AppealId
    transferred_at: AwareDatetime


class ConfidentialitySet(Event):
    """保密: who may read it and why, a facet that changes no state and no clock."""

    TYPE: ClassVar = "router.confidentiality-set.v1"

    appeal_id: AppealId
    level: Literal["open", "confidential", "report"]
    reason: Words
    legal_basis: Basis | None


class Corrected(Event):
    """更正: says what a stored event should have said. It never edits, and no state follows."""

    TYPE: ClassVar = "router.corrected.v1"

    appeal_id: AppealId
    corrects: UUID
    field: str = Field(max_length=100)
    note: Words


class ActionRefused(Event):
    """A command that came over Kafka and that the rules forbid; the state is as it was."""

    TYPE: ClassVar = "router.action-refused.v1"

    appeal_id: AppealId
    command_id: str = Field(max_length=200)
    action: str = Field(max_length=100)
    code: str = Field(max_length=100)
    message_zh: str = Field(max_length=500)
    message_en: str = Field(max_length=500)
