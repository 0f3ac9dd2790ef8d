"""并单, 撤诉 and 交办单: what ties appeals to each other, or ends one at the firm's wish."""

from typing import ClassVar, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.common.contracts.classifier import Handover
from libs.common.contracts.envelope import Event, Part
from libs.common.contracts.router.words import Count, Outcome, Stage, Words
from libs.common.contracts.values import BasisPoints, Urgency
from libs.common.ids import AppealId, DepartmentCode, ItemCode

OrderEnd: TypeAlias = Literal["closed", "withdrawn"]
MergeRefusal: TypeAlias = Literal["not_live", "is_merged", "unknown"]
MasterEnd: TypeAlias = Literal["closed", "withdrawn", "info_timed_out", "final_ruling"]


class StreamAddress(Part):
    """An appeal and the key that its events stand under: another enterprise has another key."""

    appeal_id: AppealId
    key: str = Field(min_length=1, max_length=100)


class AppealMerged(Event):
    """并单 by the dispatcher, on the child's stream. Stops the child's clocks.

    `accepted_at`, `urgency` and `resolve_due` let the master take the earliest due time.
    """

    TYPE: ClassVar = "router.appeal-merged.v1"

    appeal_id: AppealId
    key: str = Field(min_length=1, max_length=100)
    master: StreamAddress
    similarity: BasisPoints | None
    reason: Words
    merged_at: AwareDatetime
    accepted_at: AwareDatetime
    urgency: Urgency
    resolve_due: AwareDatetime | None
    merged_from: Stage


class MergeJoined(Event):
    """并入主单, on the master's stream. The master's resolve takes the earlier due time.

    `appeals` is what the group counts for as cases (件): one; `visits` counts every appeal in
    it, the master among them (人次).
    """

    TYPE: ClassVar = "router.merge-joined.v1"

    appeal_id: AppealId
    child: StreamAddress
    accepted_at: AwareDatetime
    urgency: Urgency
    resolve_due: AwareDatetime | None
    appeals: Count
    visits: Count


class MergeDeclined(Event):
    """并单不成, on the stream that was named as master and is none: the child comes back."""

    TYPE: ClassVar = "router.merge-declined.v1"

    appeal_id: AppealId
    child: StreamAddress
    because: MergeRefusal


class AppealUnmerged(Event):
    """撤销并单, on the child's stream. Restarts the child's clocks with used time kept.

    By the dispatcher, or by itself where the master declined or ended without closing.
    """

    TYPE: ClassVar = "router.appeal-unmerged.v1"

    appeal_id: AppealId
    key: str = Field(min_length=1, max_length=100)
    master: StreamAddress
    because: Literal["dispatcher", "declined", "master_ended", "withdrawn"]
    reason: Words | None
    unmerged_at: AwareDatetime
    resumes: Stage


class MergeLeft(Event):
    """退出主单, on the master's stream: a child was unmerged. The master's due time stays."""

    TYPE: ClassVar = "router.merge-left.v1"

    appeal_id: AppealId
    child: StreamAddress
    appeals: Count
    visits: Count


class ChildrenReleased(Event):
    """主单了结, on the master's stream: each child closes with it, or comes back."""

    TYPE: ClassVar = "router.children-released.v1"

    appeal_id: AppealId
    children: tuple[StreamAddress, ...] = Field(min_length=1, max_length=1_000)
    because: MasterEnd
    lead: DepartmentCode | None
    ended_at: AwareDatetime


class MasterClosed(Event):
    """主单办结, on the child's stream. Starts the child's own callback."""

    TYPE: ClassVar = "router.master-closed.v1"

    appeal_id: AppealId
    master: StreamAddress
    lead: DepartmentCode | None
    closed_at: AwareDatetime


class AppealWithdrawn(Event):
    """撤诉 by the firm. Stops all clocks.

    A safety matter goes on under a new id, `continues_as` (主动治理), with item and hand-over.
    """

    TYPE: ClassVar = "router.appeal-withdrawn.v1"

    appeal_id: AppealId
    reason: Words | None
    withdrawn_at: AwareDatetime
    continues_as: AppealId | None
    item: ItemCode | None = None
    handover: Handover | None = None


class OrderIssued(Event):
    """交办单: one order, many appeals; it has a stream and a key of its own."""

    TYPE: ClassVar = "router.order-issued.v1"

    order_id: UUID
    number: str = Field(min_length=1, max_length=50)
    title: str = Field(min_length=1, max_length=200)
    appeals: tuple[StreamAddress, ...] = Field(min_length=1, max_length=500)
    report_by: AwareDatetime | None
    issued_at: AwareDatetime


class PlacedUnderOrder(Event):
    """列入交办单, on the appeal's stream."""

    TYPE: ClassVar = "router.placed-under-order.v1"

    appeal_id: AppealId
    order_id: UUID
    number: str = Field(min_length=1, max_length=50)


class OrderItemSettled(Event):
    """交办问题了结, on the appeal's stream, with the event that ends the appeal."""

    TYPE: ClassVar = "router.order-item-settled.v1"

    appeal_id: AppealId
    order_id: UUID
    ended: OrderEnd
    outcome: Outcome | None
    settled_at: AwareDatetime


class OrderProgressed(Event):
    """交办单进展, on the order's stream: one more of its appeals is settled."""

    TYPE: ClassVar = "router.order-progressed.v1"

    order_id: UUID
    settled_appeal: AppealId
    ended: OrderEnd
    settled: Count
    total: Count
