"""What the router knows of one appeal, or of one order: folded from its own events alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias
from uuid import UUID

from libs.common.contracts.classifier import Handover
from libs.common.contracts.router import AppealDispatched, Outcome, StreamAddress
from libs.common.ids import AppealId, DepartmentCode, ItemCode
from services.router.domain.standing import Nowhere, Standing

# Why the lead can not hand it back.
Binding: TypeAlias = Literal["denied", "ruled", "rework"]
NOWHERE: Final = Nowhere()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An exclusion that waits for a second person."""

    by: str
    reason: str
    legal_basis: str


class Held(NamedTuple):
    """An appeal: where it stands, and what stays with it wherever it stands.

    A tuple, because every event makes a new one: replacing in a dataclass costs five times more.
    """

    version: int = 0
    at: Standing = NOWHERE
    lead: DepartmentCode | None = None
    item: ItemCode | None = None
    handover: Handover | None = None
    dispatch: AppealDispatched | None = None
    # Sign limit and return window run from here; None only where an older release dispatched.
    dispatched_at: datetime | None = None
    binding: Binding | None = None
    excluded: tuple[DepartmentCode, ...] = ()
    awaited: frozenset[DepartmentCode] = frozenset()
    co_handlers: frozenset[DepartmentCode] = frozenset()
    has_contact: bool = False
    info_rounds: int = 0
    extensions: int = 0
    extension_asked_at: datetime | None = None
    is_overdue: bool = False
    outcome: Outcome | None = None
    exclusion: Proposal | Literal["approved"] | None = None
    reworks: int = 0
    has_rework_order: bool = False
    children: tuple[StreamAddress, ...] = ()
    orders: tuple[UUID, ...] = ()

    @property
    def has_lead(self) -> bool:
        """Without one nobody can do it again: such an appeal is accepted anew."""
        return self.lead is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """交办单."""

    version: int
    appeals: frozenset[AppealId]
    settled: frozenset[AppealId] = frozenset()


RouterState: TypeAlias = Held | Order
