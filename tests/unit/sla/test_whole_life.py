"""Pauses, silence, new runs and new deadlines, in an autumn with National Day in it."""

from dataclasses import replace
from typing import Final

from libs.common.contracts.sla import (
    ChangeNoted,
    ClocksPaused,
    ClocksStarted,
    ClocksStopped,
    Escalation,
    EscalationRevoked,
    LimitPassed,
)
from libs.common.ids import DepartmentCode
from services.sla.domain.commands import (
    EndPause,
    PauseClocks,
    ResumeClocks,
    StartClocks,
    SuspendClocks,
)
from services.sla.domain.reacting.clock_groups import FROM_ACCEPTANCE
from tests.unit.sla.examples import (
    ACCEPTED,
    APPEAL,
    DISPATCHED,
    LEAD,
    LONG_AFTER,
    RESOLVE_DUE,
    SLA,
    at,
    close,
    dues,
    events_of,
    fire,
    standing,
    starting,
    steps,
    stop,
)

ASKED: Final = PauseClocks(appeal_id=APPEAL, clocks=FROM_ACCEPTANCE, paused_at=at("09-30T09:30"))
SILENT: Final = SuspendClocks(
    appeal_id=APPEAL, clocks=("resolve",), suspended_at=at("10-08T10:00"), reason="ledger"
)


def answered(resumed_at: str) -> EndPause:
    return EndPause(appeal_id=APPEAL, clocks=FROM_ACCEPTANCE, resumed_at=at(resumed_at))


def test_a_question_to_the_firm_takes_the_days_that_it_touches_out_of_the_limit() -> None:
    """Asked on 30 September, answered on 8 October: 9, 10 and 12 October are counted."""
    events = events_of([ACCEPTED, ASKED, answered("10-08T11:00")])
    (paused,) = [event for event in events if isinstance(event, ClocksPaused)]
    # Three working days on from 30 September: 8, 9 and the make-up Saturday 10 October.
    assert (paused.clocks, paused.runs_again_at) == (("resolve", "contact"), at("10-10T09:30"))
    assert dues(events) == [
        (1, RESOLVE_DUE),
        (2, at("10-14T18:00")),
        (3, at("10-12T18:00")),
    ]
    assert SLA.replay(events).live("resolve") is not None


def test_without_an_answer_the_clock_runs_again_by_itself_after_the_longest_pause() -> None:
    events = events_of([ACCEPTED, ASKED])
    late = replace(fire("resolve", 0, at("10-14T18:00")), deadline_version=2)
    taken = events_of([late], events)
    assert ("LimitPassed", "resolve", 3) in steps(taken)


def test_a_pause_that_is_heard_after_the_limit_had_passed_changes_nothing_any_more() -> None:
    late = PauseClocks(appeal_id=APPEAL, clocks=("resolve",), paused_at=at("10-10T09:00"))
    events = events_of([ACCEPTED, late])
    assert dues(events) == [(1, RESOLVE_DUE)]


def test_a_pause_that_is_heard_late_revokes_the_steps_that_came_during_it() -> None:
    fired = fire("contact", 0, at("09-29T11:00"))
    asked = PauseClocks(appeal_id=APPEAL, clocks=("contact",), paused_at=at("09-29T10:45"))
    events = events_of([ACCEPTED, fired, asked])
    assert ("contact", 0) in standing(events), "half the hour had passed before the question"
    assert {e.level for e in events if isinstance(e, EscalationRevoked)} == {1, 3, 4}


def test_a_question_that_is_heard_before_the_acceptance_counts_from_the_start() -> None:
    early = events_of([ASKED, answered("10-08T11:00"), ACCEPTED])
    assert dues(early) == [(1, at("10-12T18:00"))]
    assert dues(events_of([ASKED, ACCEPTED, answered("10-08T11:00")]))[-1][1] == at("10-12T18:00")


def test_hours_keep_the_minutes_that_were_left() -> None:
    asked = PauseClocks(appeal_id=APPEAL, clocks=FROM_ACCEPTANCE, paused_at=at("09-29T10:20"))
    events = events_of([ACCEPTED, asked, answered("09-29T14:30")])
    assert dues(events, "contact")[-1][1] == at("09-29T15:10")


def test_on_the_ledger_the_limit_runs_on_in_silence_and_is_told_late_after_it() -> None:
    released = ResumeClocks(appeal_id=APPEAL, clocks=("resolve",), resumed_at=at("10-20T10:00"))
    silent = events_of([ACCEPTED, SILENT, fire("resolve", 0, LONG_AFTER)])
    assert steps(silent) == []
    assert dues(silent) == [(1, RESOLVE_DUE)]
    again = events_of([released, fire("resolve", 0, at("10-20T10:01"))], silent)
    passed = [event for event in again if isinstance(event, LimitPassed)]
    assert [(event.step_at, event.late) for event in passed] == [(RESOLVE_DUE, True)]


def test_the_ledger_keeps_the_dates_that_were_promised_one_after_the_other() -> None:
    first = starting("milestone", "10-08T10:00", "10-23T18:00")
    second = starting("milestone", "10-22T16:00", "11-06T18:00")
    events = events_of([ACCEPTED, SILENT, first, second])
    assert dues(events, "milestone") == [(1, at("10-23T18:00")), (2, at("11-06T18:00"))]
    (replaced,) = [event for event in events if isinstance(event, ClocksStopped)]
    assert (replaced.clocks, replaced.reason) == (("milestone",), "replaced")
    assert replaced.stopped_at == at("10-22T16:00")


def test_silence_until_the_promised_date_is_a_breach() -> None:
    events = events_of([ACCEPTED, SILENT, starting("milestone", "10-08T10:00", "10-23T18:00")])
    (passed,) = [
        event
        for event in events_of([fire("milestone", 0, at("10-23T18:00"))], events)
        if isinstance(event, LimitPassed)
    ]
    assert passed.due == at("10-23T18:00")


def test_a_second_dispatch_has_a_sign_clock_of_its_own_and_levels_of_its_own() -> None:
    again = replace(DISPATCHED, started_at=at("10-08T15:00"), lead=DepartmentCode("csj"))
    first = events_of([ACCEPTED, DISPATCHED, fire("sign", 0, at("09-29T12:01"))])
    returned = stop(at("09-29T16:00"), "sign", "return_window")
    events = first + events_of([returned, again], first)
    assert dues(events, "sign") == [(1, at("09-29T12:01")), (2, at("10-08T17:00"))]
    state = SLA.replay(events)
    assert state.lead == "csj"
    ladder = state.live("sign")
    assert ladder is not None
    assert ladder.fired == frozenset()


def test_a_stop_that_belongs_to_an_earlier_run_leaves_the_new_one_alone() -> None:
    second = starting("sign", "10-08T15:00")
    events = events_of([DISPATCHED, second, stop(at("09-29T11:00"), "sign")])
    assert SLA.replay(events).live("sign") is not None


def test_a_start_that_is_heard_after_the_next_run_began_is_kept_on_record_alone() -> None:
    (noted,) = events_of([starting("resolve", "10-12T10:00"), ACCEPTED])[1:2]
    assert isinstance(noted, ChangeNoted)
    assert (noted.clock, noted.change, noted.at) == ("resolve", "start", ACCEPTED.started_at)


def test_what_is_reopened_starts_clocks_again_and_what_is_only_late_does_not() -> None:
    closed = close(at("10-09T10:00"))
    late = starting("rectify", "10-12T10:00")
    again = StartClocks(
        appeal_id=APPEAL, clocks=("rectify",), started_at=at("10-20T10:00"), reopens=True
    )
    events = events_of([ACCEPTED, closed, late])
    assert isinstance(events[-1], ClocksStopped)
    reopened = events + events_of([again, close(at("10-09T10:00"))], events)
    assert SLA.replay(reopened).live("rectify") is not None
    assert SLA.replay(reopened).closed_at is None


def test_each_place_has_the_policy_that_the_data_names_for_it() -> None:
    there = StartClocks(
        appeal_id=APPEAL,
        clocks=FROM_ACCEPTANCE,
        started_at=at("09-11T09:00"),
        sub_district="GM",
    )
    sign = starting("sign", "09-11T09:01")
    first, second = [e for e in events_of([there, sign]) if isinstance(e, ClocksStarted)]
    assert {start.policy_version for start in first.clocks} == {"guangming-2026.1"}
    assert first.clocks[0].due == at("10-08T18:00")
    assert {start.policy_version for start in second.clocks} == {"guangming-2026.1"}


def test_a_step_names_the_post_in_the_tree_of_units_and_the_liaison_officer() -> None:
    lead = DepartmentCode("sq-XA-01")
    with_officer = StartClocks(
        appeal_id=APPEAL,
        clocks=("resolve",),
        started_at=at("09-29T10:00"),
        lead=lead,
        officer_id="gd-7",
    )
    taken = [
        event
        for event in events_of([with_officer, fire("resolve", 0, LONG_AFTER)])
        if isinstance(event, Escalation)
    ]
    assert [(event.addressee, event.unit, event.post_zh) for event in taken] == [
        ("handler", lead, "经办人"),
        ("unit_head", lead, "社区工作站站长"),
        ("handler", lead, "经办人"),
        ("unit_head", lead, "社区工作站站长"),
        ("supervision_office", "qdc", "督查室主任"),
        ("deputy_in_charge", lead, "分管领导"),
        ("parent_leader", "jd-XA", "街道办事处主任"),
        ("district_leader", "qzf", "区长"),
    ]
    assert {event.officer_id for event in taken} == {"gd-7"}


def test_before_anybody_leads_the_hotline_answers_and_an_unknown_lead_is_named_all_the_same() -> (
    None
):
    (_, warned, *_) = events_of([ACCEPTED, fire("contact", 0, LONG_AFTER)])
    assert isinstance(warned, Escalation)
    assert (warned.unit, warned.lead) == ("rx", None)
    (*_, told) = events_of([DISPATCHED, fire("sign", 0, at("09-29T12:01"))])
    assert isinstance(told, Escalation)
    assert (told.lead, told.unit) == (LEAD, None)


def test_a_deadline_that_comes_back_to_its_old_time_tells_no_step_again() -> None:
    """The question takes the half-way step away for a moment; the answer brings it back."""
    asked = PauseClocks(appeal_id=APPEAL, clocks=("resolve",), paused_at=at("10-08T15:00"))
    half_way = fire("resolve", 0, at("10-08T14:31"))
    events = events_of([ACCEPTED, half_way, asked, answered("10-08T15:00")])
    assert dues(events)[-1] == (3, RESOLVE_DUE)
    again = replace(fire("resolve", 2, LONG_AFTER), deadline_version=3)
    levels = [level for _, clock, level in steps(events_of([again], events)) if clock == "resolve"]
    assert levels == [2, 1, 3, 4, 5, 6, 7]
