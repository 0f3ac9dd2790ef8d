"""What follows from a command, given what has happened. Pure."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final, assert_never

from libs.common.contracts.router import (
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
    RouterEvent,
)
from libs.common.decider import Decider
from libs.common.ids import DepartmentCode
from services.router.domain import refusals
from services.router.domain.commands import (
    ApproveResult,
    Dispatch,
    Rate,
    RouterCommand,
    SignDispatch,
    SubmitResult,
)
from services.router.domain.routing_table import RoutingTable
from services.router.domain.state import (
    AwaitingCallback,
    Dispatched,
    InProgress,
    NotDispatched,
    RouterState,
    UnderReview,
    WithLead,
    evolve,
)

LOWEST_ACCEPTABLE: Final = 8
RATERS: Final = frozenset({"firm", "seat"})


def decide(
    routing: RoutingTable, state: RouterState, command: RouterCommand
) -> Sequence[RouterEvent]:
    if isinstance(command, Dispatch):
        return dispatch(routing, state, command)
    if isinstance(state, NotDispatched):
        raise refusals.unknown_appeal()
    expected = command.asked.expected_version
    if expected is not None and expected != state.version:
        raise refusals.stale(expected, state.version)
    match command:
        case SignDispatch():
            return sign(state, command)
        case SubmitResult():
            return submit_result(state, command)
        case ApproveResult():
            return approve_result(state, command)
        case Rate():
            return rate(state, command)
        case _:
            assert_never(command)


def dispatch(
    routing: RoutingTable, state: RouterState, command: Dispatch
) -> tuple[RouterEvent, ...]:
    if not isinstance(state, NotDispatched):
        return ()
    handover = command.handover
    route = routing.route(command.item, handover.sub_district)
    return (
        AppealDispatched(
            appeal_id=command.appeal_id,
            enterprise_id=handover.enterprise_id,
            item=command.item,
            category=routing.items[command.item].category,
            lead=route.lead,
            co_handlers=route.co_handlers,
            sub_district=handover.sub_district,
            urgency=handover.urgency,
            accepted_at=handover.accepted_at,
            rule_id=route.rule_id,
            routing_version=routing.version,
            catalogue_version=routing.catalogue_version,
        ),
    )


def sign(state: WithLead, command: SignDispatch) -> tuple[RouterEvent, ...]:
    require_lead(state, command.department)
    if not isinstance(state, Dispatched):
        raise refusals.not_now(type(state).__name__, "sign")
    return (DispatchSigned(appeal_id=command.appeal_id, department=command.department),)


def submit_result(state: WithLead, command: SubmitResult) -> tuple[RouterEvent, ...]:
    require_lead(state, command.department)
    if not isinstance(state, InProgress):
        raise refusals.not_now(type(state).__name__, "submit-result")
    if command.outcome == "unsolvable" and not command.legal_basis:
        raise refusals.missing_basis()
    return (
        ResultSubmitted(
            appeal_id=command.appeal_id,
            department=command.department,
            submitted_at=command.asked.now,
            outcome=command.outcome,
            contacted_at=command.contacted_at,
            public_reply=command.public_reply,
            legal_basis=command.legal_basis,
        ),
    )


def approve_result(state: WithLead, command: ApproveResult) -> tuple[RouterEvent, ...]:
    if not isinstance(state, UnderReview):
        raise refusals.not_now(type(state).__name__, "approve-result")
    submitted_at: datetime = state.result_submitted_at
    return (ResultApproved(appeal_id=command.appeal_id, result_submitted_at=submitted_at),)


def rate(state: WithLead, command: Rate) -> tuple[RouterEvent, ...]:
    if command.asked.actor.kind not in RATERS:
        raise refusals.not_the_firm()
    if not isinstance(state, AwaitingCallback):
        raise refusals.not_now(type(state).__name__, "rate")
    if command.score < LOWEST_ACCEPTABLE:
        raise refusals.too_low(command.score)
    return (RatedAcceptable(appeal_id=command.appeal_id, score=command.score),)


def require_lead(state: WithLead, department: DepartmentCode) -> None:
    if state.lead != department:
        raise refusals.not_the_lead(department, state.lead)


def router_decider(routing: RoutingTable) -> Decider[RouterCommand, RouterState, RouterEvent]:
    return Decider(initial=NotDispatched(), decide=partial(decide, routing), evolve=evolve)
