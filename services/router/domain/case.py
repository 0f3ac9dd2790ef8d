"""One command before one appeal, and the checks that many decisions share."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from libs.common.contracts.actions import ActionBase
from libs.common.contracts.classifier import Handover
from libs.common.contracts.router import OrderItemSettled, RouterEvent
from libs.common.contracts.router.joining import ChildrenReleased, MasterEnd, OrderEnd
from libs.common.contracts.values import Urgency
from libs.common.errors import PoisonError
from libs.common.ids import AppealId, DepartmentCode
from services.router.domain.commands import Act
from services.router.domain.refusals import refused
from services.router.domain.rules import Rulebook
from services.router.domain.standing import ENDED, Merged, Nowhere, Standing, stage_of
from services.router.domain.state import Held

S = TypeVar("S", bound=Standing)


@dataclass(frozen=True, slots=True)
class Case:
    """`now` and `key` belong to who asks; a heard fact brings its own times along."""

    rules: Rulebook
    state: Held
    act: Act | None = None

    @property
    def now(self) -> datetime:
        return self.asked.now

    @property
    def key(self) -> str:
        return self.asked.key

    @property
    def asked(self) -> Act:
        """Raises PoisonError where a heard fact is decided like an action."""
        if self.act is None:
            raise PoisonError("not_asked", "nobody asked for this")
        return self.act

    def at(self, action: str, *kinds: type[S]) -> S:
        """Where the appeal stands, which must be one of these. Raises RefusedError."""
        at = self.state.at
        if not isinstance(at, kinds):
            raise refused("illegal_in_state", state=stage_of(at), action=action)
        return at

    def live(self, action: str) -> None:
        """Neither ended nor merged. Raises RefusedError."""
        if isinstance(self.state.at, (*ENDED, Merged, Nowhere)):
            raise refused("illegal_in_state", state=stage_of(self.state.at), action=action)

    @property
    def lead(self) -> DepartmentCode:
        """Raises RefusedError where none leads."""
        if self.state.lead is None:
            raise refused("no_lead")
        return self.state.lead

    def of_lead(self, action: ActionBase, department: DepartmentCode) -> None:
        """The lead's own person asks. Raises RefusedError."""
        of_unit(action, department)
        if self.state.lead != department:
            raise refused("not_the_lead", department=department, lead=self.state.lead or "-")

    def not_after_now(self, contacted_at: datetime) -> None:
        if contacted_at > self.now:
            raise refused("contact_in_future")

    @property
    def urgency(self) -> Urgency:
        return handover_of(self.state).urgency


def of_unit(action: ActionBase, department: DepartmentCode) -> None:
    if action.actor.unit != department:
        raise refused("not_your_unit", department=department)


def known_departments(rules: Rulebook, *departments: str) -> tuple[DepartmentCode, ...]:
    """In the order given, each once. Raises RefusedError for one that the catalogue lacks."""
    for department in departments:
        if department not in rules.routing.departments:
            raise refused("unknown_department", department=department)
    return tuple(dict.fromkeys(DepartmentCode(department) for department in departments))


def handover_of(state: Held) -> Handover:
    """What the next service needs of the acceptance. Raises PoisonError before there was one."""
    if state.handover is not None:
        return state.handover
    dispatch = state.dispatch
    if dispatch is None:
        raise PoisonError("never_accepted", "no event of this stream says when it was accepted")
    return Handover(
        enterprise_id=dispatch.enterprise_id,
        accepted_at=dispatch.accepted_at,
        channel=dispatch.channel or "",
        kind=dispatch.kind or "request",
        urgency=dispatch.urgency,
        sub_district=dispatch.sub_district,
    )


def settled(
    state: Held, appeal_id: AppealId, because: MasterEnd, at: datetime
) -> tuple[RouterEvent, ...]:
    """What follows on other streams when an appeal ends: its orders' and its children's part."""
    gone = because in {"withdrawn", "info_timed_out"}
    ended: OrderEnd = "withdrawn" if gone else "closed"
    orders = tuple(
        OrderItemSettled(
            appeal_id=appeal_id,
            order_id=order,
            ended=ended,
            outcome=None if gone else state.outcome,
            settled_at=at,
        )
        for order in state.orders
    )
    if not state.children:
        return orders
    released = ChildrenReleased(
        appeal_id=appeal_id,
        children=state.children,
        because=because,
        lead=state.lead,
        ended_at=at,
    )
    return *orders, released
