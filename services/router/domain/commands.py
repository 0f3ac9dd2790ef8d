"""What may be asked of the router about one appeal, or one order."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from libs.common.contracts.actions import Action
from libs.common.contracts.classifier import Handover
from libs.common.contracts.router import StreamAddress
from libs.common.contracts.router.dispatching import TakenFrom
from libs.common.contracts.router.joining import MasterEnd, OrderEnd
from libs.common.contracts.values import ClockName, Urgency
from libs.common.ids import AppealId, DepartmentCode, ItemCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Somebody asks from outside; `key` is that of the stream's events, `now` when it arrived."""

    action: Action
    key: str
    now: datetime

    @property
    def appeal_id(self) -> AppealId:
        return self.action.appeal_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """The classifier, or a person, has named the item."""

    appeal_id: AppealId
    item: ItemCode
    handover: Handover
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """Intake has answered, or an officer has solved it on site: review and rating are ours."""

    appeal_id: AppealId
    taken_from: TakenFrom
    taken_at: datetime
    handover: Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTransfer:
    """Intake has handed the appeal to an emergency service."""

    appeal_id: AppealId
    transferred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Intake forwards a firm's withdrawal."""

    appeal_id: AppealId
    reason: str
    withdrawn_at: datetime
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInfo:
    """Intake forwards what a firm adds."""

    appeal_id: AppealId
    supplied: str
    supplied_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLimit:
    """sla says that a limit has passed; what it means is ours to decide (rule 19)."""

    appeal_id: AppealId
    clock: ClockName
    deadline_version: int
    passed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinMaster:
    """A child was merged into this appeal."""

    appeal_id: AppealId
    key: str
    child: StreamAddress
    accepted_at: datetime
    urgency: Urgency
    resolve_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveMaster:
    """A child of this appeal was unmerged."""

    appeal_id: AppealId
    key: str
    child: StreamAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class ComeBack:
    """The master that this child joined has declined."""

    appeal_id: AppealId
    key: str
    master: AppealId
    declined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowMaster:
    """The master of this child has ended."""

    appeal_id: AppealId
    key: str
    master: StreamAddress
    because: MasterEnd
    lead: DepartmentCode | None
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinueMatter:
    """A withdrawn appeal leaves a safety matter, which goes on under this id (主动治理)."""

    appeal_id: AppealId
    key: str
    continues: AppealId
    item: ItemCode
    handover: Handover
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceUnderOrder:
    """An order names this appeal."""

    appeal_id: AppealId
    key: str
    order_id: UUID
    number: str
    placed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSettled:
    """One appeal of this order is settled."""

    order_id: UUID
    key: str
    settled_appeal: AppealId
    ended: OrderEnd

    @property
    def appeal_id(self) -> AppealId:
        """What the shell names the stream by."""
        return AppealId(self.order_id)


OwnCommand: TypeAlias = (
    JoinMaster
    | LeaveMaster
    | ComeBack
    | FollowMaster
    | ContinueMatter
    | PlaceUnderOrder
    | CountSettled
)
HeardCommand: TypeAlias = (
    Dispatch | TakeOver | NoteTransfer | TakeBack | TakeInfo | PassLimit | OwnCommand
)
RouterCommand: TypeAlias = Act | HeardCommand
