from datetime import datetime, timedelta
from typing import Final

import pytest

from libs.common.contracts.intake import AppealAccepted
from libs.common.contracts.router import (
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
)
from libs.common.contracts.values import AppealKind, Urgency
from libs.common.ids import DepartmentCode, ItemCode
from services.sla.domain.commands import StartClocks, StopClocks, SuspendClocks
from services.sla.domain.react import EVERY_CLOCK, on_intake_event, on_router_event
from tests.unit.sla.examples import APPEAL, LEAD, NOON, envelope

LAST_WEEK: Final = NOON - timedelta(days=7)


def accepted(kind: AppealKind = "request", urgency: Urgency = "normal") -> AppealAccepted:
    return AppealAccepted(
        appeal_id=APPEAL,
        enterprise_id=None,
        accepted_at=LAST_WEEK,
        channel="hotline",
        kind=kind,
        urgency=urgency,
        sub_district=None,
        title="路灯不亮",
        text="园区门口的路灯不亮。",
    )


def result(submitted_at: datetime) -> ResultSubmitted:
    return ResultSubmitted(
        appeal_id=APPEAL,
        department=LEAD,
        submitted_at=submitted_at,
        outcome="solved",
        contacted_at=submitted_at,
        public_reply="已修复。",
        legal_basis=None,
    )


def test_limits_reckon_from_the_acceptance_itself_and_not_from_when_it_was_heard() -> None:
    (command,) = on_intake_event(envelope(accepted()))
    assert isinstance(command, StartClocks)
    assert command.started_at == LAST_WEEK
    assert command.clocks == ("resolve", "contact", "interim")


@pytest.mark.parametrize(
    ("kind", "urgency", "grade"),
    [
        ("request", "normal", "normal"),
        ("inquiry", "normal", "consult"),
        ("inquiry", "urgent", "urgent"),
        ("complaint", "urgent", "urgent"),
    ],
)
def test_a_question_has_rules_of_its_own_unless_it_is_urgent(
    kind: AppealKind, urgency: Urgency, grade: str
) -> None:
    (command,) = on_intake_event(envelope(accepted(kind, urgency)))
    assert isinstance(command, StartClocks)
    assert command.grade == grade


def test_the_sign_clock_starts_when_the_dispatch_was_made() -> None:
    dispatched = AppealDispatched(
        appeal_id=APPEAL,
        enterprise_id=None,
        item=ItemCode("PUB-01"),
        category="PUB",
        lead=LEAD,
        co_handlers=(DepartmentCode("csj"),),
        sub_district=None,
        urgency="urgent",
        accepted_at=LAST_WEEK,
        rule_id="item",
        routing_version="2026.1",
        catalogue_version="2026.1",
    )
    (command,) = on_router_event(envelope(dispatched))
    assert isinstance(command, StartClocks)
    assert command.clocks == ("sign", "return_window")
    assert (command.started_at, command.grade, command.lead) == (NOON, "urgent", LEAD)


def test_a_signature_stops_the_sign_clock_alone() -> None:
    signed = DispatchSigned(appeal_id=APPEAL, department=LEAD)
    (command,) = on_router_event(envelope(signed))
    assert command == StopClocks(appeal_id=APPEAL, clocks=("sign",), stopped_at=NOON)


def test_a_result_counts_as_contact_and_only_suspends_resolve() -> None:
    commands = on_router_event(envelope(result(LAST_WEEK)))
    assert commands == (
        StopClocks(appeal_id=APPEAL, clocks=("contact", "interim"), stopped_at=LAST_WEEK),
        SuspendClocks(appeal_id=APPEAL, clocks=("resolve",), suspended_at=LAST_WEEK),
    )


def test_an_approval_stops_resolve_as_of_the_submission_and_calls_back_from_the_approval() -> None:
    approved = ResultApproved(appeal_id=APPEAL, result_submitted_at=LAST_WEEK)
    stopped, callback = on_router_event(envelope(approved))
    assert stopped == StopClocks(appeal_id=APPEAL, clocks=("resolve",), stopped_at=LAST_WEEK)
    assert isinstance(callback, StartClocks)
    assert (callback.clocks, callback.started_at) == (("callback",), NOON)


def test_a_good_rating_stops_every_clock() -> None:
    rated = RatedAcceptable(appeal_id=APPEAL, score=9)
    assert on_router_event(envelope(rated)) == (
        StopClocks(appeal_id=APPEAL, clocks=EVERY_CLOCK, stopped_at=NOON),
    )
