"""Which clocks each fact moves, read from the same bytes that the services send."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import pytest

from libs.common.contracts.classifier import ClassificationConfirmed, ReviewRequired
from libs.common.contracts.intake import AppealAccepted, AppealSubmitted
from libs.common.contracts.router import (
    AppealDispatched,
    CallbackExhausted,
    MergeJoined,
    RatedUnacceptable,
    ResultSubmitted,
)
from libs.common.contracts.values import AppealKind, ClockName, Urgency
from services.sla.domain.commands import (
    CloseAppeal,
    RaiseUrgency,
    SlaCommand,
    StartClocks,
    StopClocks,
    TakeEarlierDue,
)
from services.sla.domain.reacting import to_classifier, to_intake, to_router
from tests.contracts.freeze import decoded
from tests.contracts.test_golden_events import NEWEST
from tests.unit.sla.examples import APPEAL, NOON, envelope

REACTIONS: Final = {**to_intake.REACT, **to_classifier.REACT, **to_router.REACT}
LAST_WEEK: Final = NOON - timedelta(days=7)
# What starts, and what stops, rests or falls silent, by the fact (the table of rule 25).
TABLE: Final[Mapping[str, tuple[str, str]]] = {
    "intake.appeal-submitted.v1": ("accept", ""),
    "intake.appeal-accepted.v1": ("resolve contact interim", ""),
    "intake.answered-at-intake.v1": ("callback", "stop accept"),
    "intake.resolved-on-site.v1": ("result_review", "stop accept"),
    "intake.info-requested.v1": ("supplement", "pause accept"),
    "intake.info-supplied.v1": ("", "stop supplement, go on accept"),
    "intake.info-timed-out.v1": ("", "close"),
    "intake.appeal-rejected.v1": ("", "close"),
    "intake.rejection-overturned.v1": ("accept", ""),
    "intake.emergency-transferred.v1": ("", "close"),
    "intake.appeal-withdrawn.v1": ("", "close"),
    "classifier.review-required.v1": ("review", ""),
    "classifier.classification-confirmed.v1": ("", "stop review"),
    "classifier.review-left.v1": ("", "stop review"),
    "classifier.appeal-withdrawn.v1": ("", "close"),
    "router.appeal-dispatched.v1": ("sign return_window", ""),
    "router.dispatch-signed.v1": ("", "stop sign"),
    "router.dispatch-auto-signed.v1": ("", "stop sign"),
    "router.return-requested.v1": ("", "stop sign return_window"),
    "router.dispute-opened.v1": ("ruling", ""),
    "router.ruling-issued.v1": ("sign", "stop ruling"),
    "router.first-contact-made.v1": ("", "stop contact"),
    "router.interim-replied.v1": ("", "stop interim"),
    "router.info-requested.v1": ("supplement", "pause resolve contact interim"),
    "router.info-supplied.v1": ("", "stop supplement, go on resolve contact interim"),
    "router.placed-on-ledger.v1": ("milestone", "silence resolve rectify"),
    "router.milestone-reported.v1": ("milestone", ""),
    "router.ledger-released.v1": ("", "stop milestone, speak resolve rectify"),
    "router.extension-approved.v1": ("", "extend resolve"),
    "router.rework-dispatched.v1": ("resolve", ""),
    "router.appeal-accepted-anew.v1": ("resolve", ""),
    "router.result-submitted.v1": (
        "result_review",
        "stop contact interim milestone ruling, silence resolve rectify",
    ),
    "router.result-rejected.v1": ("", "stop result_review, speak resolve rectify"),
    "router.result-approved.v1": ("callback", "stop resolve rectify, stop result_review"),
    "router.rated-acceptable.v1": ("", "close"),
    "router.rated-unacceptable.v1": ("rectify", "stop callback"),
    "router.callback-exhausted.v1": ("", "close"),
    "router.info-timed-out.v1": ("", "close"),
    "router.rework-ordered.v1": ("rectify", "stop final_review"),
    "router.final-ruling-issued.v1": ("", "close"),
    "router.appeal-reopened.v1": ("rectify", ""),
    "router.appeal-merged.v1": ("", "merge"),
    "router.merge-joined.v1": ("", "earlier due"),
    "router.appeal-unmerged.v1": ("", "unmerge"),
    "router.master-closed.v1": ("callback", ""),
    "router.appeal-withdrawn.v1": ("", "close"),
}
WORDS: Final[Mapping[str, str]] = {
    "StopClocks": "stop",
    "PauseClocks": "pause",
    "EndPause": "go on",
    "SuspendClocks": "silence",
    "ResumeClocks": "speak",
    "CloseAppeal": "close",
    "MergeAppeal": "merge",
    "UnmergeAppeal": "unmerge",
    "TakeEarlierDue": "earlier due",
    "ExtendClock": "extend",
}


def names_of(command: SlaCommand) -> str:
    one: ClockName | None = getattr(command, "clock", None)
    clocks: tuple[ClockName, ...] = getattr(command, "clocks", (one,) if one else ())
    return " ".join([WORDS[type(command).__name__], *clocks])


def test_the_table_names_every_fact_that_is_read() -> None:
    assert set(TABLE) == {event.TYPE for event in REACTIONS}


@pytest.mark.parametrize("event_type", TABLE)
def test_each_fact_moves_the_clocks_that_the_table_says(event_type: str) -> None:
    told = decoded(NEWEST[event_type].read_bytes())
    commands = REACTIONS[type(told.data)](told)
    starts = [" ".join(c.clocks) for c in commands if isinstance(c, StartClocks)]
    others = [names_of(c) for c in commands if not isinstance(c, StartClocks)]
    assert (" ".join(starts), ", ".join(others)) == TABLE[event_type]
    assert {command.appeal_id for command in commands} <= {told.data.appeal_id}


def accepted(kind: AppealKind = "request", urgency: Urgency = "normal") -> AppealAccepted:
    return AppealAccepted(
        appeal_id=APPEAL,
        enterprise_id=None,
        accepted_at=LAST_WEEK,
        channel="hotline",
        kind=kind,
        urgency=urgency,
        sub_district="GM",
        title="路灯不亮",
        text="园区门口的路灯不亮。",
        officer_id="gd-7",
        rule_id="default",
    )


def golden(event_type: str) -> object:
    return decoded(NEWEST[event_type].read_bytes()).data


def test_limits_reckon_from_the_acceptance_itself_and_not_from_when_it_was_heard() -> None:
    (command,) = to_intake.on_intake_event(envelope(accepted()))
    assert isinstance(command, StartClocks)
    assert command.started_at == LAST_WEEK
    assert (command.sub_district, command.officer_id) == ("GM", "gd-7")


def test_what_a_seat_accepts_stops_the_accept_clock_and_what_a_rule_accepts_never_had_one() -> None:
    by_seat = accepted().model_copy(update={"rule_id": None})
    stop, start = to_intake.on_intake_event(envelope(by_seat))
    assert stop == StopClocks(appeal_id=APPEAL, clocks=("accept",), stopped_at=NOON)
    assert isinstance(start, StartClocks)
    submitted = golden("intake.appeal-submitted.v1")
    assert isinstance(submitted, AppealSubmitted)
    held = submitted.model_copy(update={"awaits_seat": True})
    (waits,) = to_intake.on_intake_event(envelope(held))
    assert isinstance(waits, StartClocks)
    assert (waits.clocks, waits.started_at) == (("accept",), NOON)


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
    (command,) = to_intake.on_intake_event(envelope(accepted(kind, urgency)))
    assert isinstance(command, StartClocks)
    assert command.grade == grade


def test_sign_window_and_review_start_when_their_own_event_was_decided() -> None:
    for event_type in ("router.appeal-dispatched.v1", "classifier.review-required.v1"):
        event = golden(event_type)
        assert isinstance(event, AppealDispatched | ReviewRequired)
        (command,) = REACTIONS[type(event)](envelope(event))
        assert isinstance(command, StartClocks)
        assert command.started_at == NOON


def test_a_result_counts_from_the_moment_the_department_gave_it() -> None:
    event = golden("router.result-submitted.v1")
    assert isinstance(event, ResultSubmitted)
    stop, silence, review = to_router.on_router_event(envelope(event))
    assert isinstance(stop, StopClocks)
    assert stop.stopped_at == event.submitted_at
    assert getattr(silence, "suspended_at", None) == event.submitted_at
    assert isinstance(review, StartClocks)
    assert review.started_at == NOON


def test_the_second_bad_rating_leads_to_the_final_review() -> None:
    event = golden("router.rated-unacceptable.v1")
    assert isinstance(event, RatedUnacceptable)
    again = event.model_copy(update={"leads_to": "final_review"})
    _, start = to_router.on_router_event(envelope(again))
    assert isinstance(start, StartClocks)
    assert (start.clocks, start.started_at) == (("final_review",), event.rated_at)


def test_a_person_who_calls_it_urgent_raises_the_urgency() -> None:
    event = golden("classifier.classification-confirmed.v1")
    assert isinstance(event, ClassificationConfirmed)
    handover = event.handover.model_copy(update={"urgency": "urgent"})
    urgent = event.model_copy(update={"handover": handover})
    _, raised = to_classifier.on_classifier_event(envelope(urgent))
    assert raised == RaiseUrgency(appeal_id=event.appeal_id, changed_at=NOON)


def test_the_master_hears_the_due_time_of_the_child() -> None:
    event = golden("router.merge-joined.v1")
    assert isinstance(event, MergeJoined)
    (command,) = to_router.on_router_event(envelope(event))
    assert isinstance(command, TakeEarlierDue)
    assert (command.due, command.urgency) == (event.resolve_due, event.urgency)


def test_an_end_that_followed_a_passed_limit_does_not_revoke_the_passing() -> None:
    """The event may name the moment the limit passed, but nothing ended before it was decided."""
    event = golden("router.callback-exhausted.v1")
    assert isinstance(event, CallbackExhausted)
    (command,) = REACTIONS[type(event)](envelope(event))
    assert isinstance(command, CloseAppeal)
    assert command.closed_at == NOON
