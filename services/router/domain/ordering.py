"""交办单: one order, many appeals; both sides count what is settled."""

from collections.abc import Sequence

from libs.common.contracts.actions import IssueOrderAction
from libs.common.contracts.router import (
    OrderIssued,
    OrderProgressed,
    PlacedUnderOrder,
    RouterEvent,
    StreamAddress,
)
from libs.common.ids import AppealId
from services.router.domain.case import Case, settled
from services.router.domain.commands import Act, CountSettled, PlaceUnderOrder
from services.router.domain.refusals import refused
from services.router.domain.standing import Closed, Withdrawn
from services.router.domain.state import Held, Order, RouterState


def issue_order(state: RouterState, act: Act, action: IssueOrderAction) -> tuple[RouterEvent, ...]:
    """On a stream of the order's own, so nothing may be there yet."""
    if state.version:
        raise refused("order_exists")
    appeals = tuple(
        StreamAddress(appeal_id=AppealId(appeal), key=key)
        for appeal, key in sorted(action.appeals.items())
    )
    return (
        OrderIssued(
            order_id=action.appeal_id,
            number=action.number,
            title=action.title,
            appeals=appeals,
            report_by=action.report_by,
            issued_at=act.now,
        ),
    )


def on_placed(case: Case, command: PlaceUnderOrder) -> Sequence[RouterEvent]:
    """An appeal that has ended already is settled at once."""
    if command.order_id in case.state.orders:
        return ()
    placed = PlacedUnderOrder(
        appeal_id=command.appeal_id, order_id=command.order_id, number=command.number
    )
    state, at = case.state, case.state.at
    alone = Held(outcome=state.outcome, orders=(command.order_id,))
    if isinstance(at, Closed):
        return placed, *settled(alone, command.appeal_id, "closed", command.placed_at)
    if isinstance(at, Withdrawn):
        return placed, *settled(alone, command.appeal_id, "withdrawn", command.placed_at)
    return (placed,)


def on_settled(state: RouterState, command: CountSettled) -> tuple[RouterEvent, ...]:
    if not isinstance(state, Order) or command.settled_appeal not in state.appeals:
        return ()
    if command.settled_appeal in state.settled:
        return ()
    return (
        OrderProgressed(
            order_id=command.order_id,
            settled_appeal=command.settled_appeal,
            ended=command.ended,
            settled=len(state.settled) + 1,
            total=len(state.appeals),
        ),
    )
