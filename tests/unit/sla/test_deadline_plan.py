from datetime import datetime
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.calendar.days import SHANGHAI
from libs.calendar.limits import Limit, Unit
from libs.calendar.load import load_calendar
from libs.common.contracts.values import ClockName
from services.sla.adapters.policy_files import load_policy
from services.sla.domain.deadline import ClockRun, Plan, Planner, interim_runs, longest_pause, plan
from services.sla.domain.policy import CLOCKS, GRADES, Grade

CALENDAR: Final = load_calendar()
BAOAN: Final = load_policy("baoan")
SHANDONG: Final = load_policy("shandong")
GUANGMING: Final = load_policy("guangming")
PLANNERS: Final = [Planner(CALENDAR, policy) for policy in (BAOAN, SHANDONG, GUANGMING)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def rungs(found: Plan) -> list[tuple[int, str, str, str]]:
    return [
        (step.level, step.kind, f"{step.at:%m-%dT%H:%M}", f"{step.notify_at:%m-%dT%H:%M}")
        for step in found.steps
    ]


def test_the_normal_ladder_crosses_national_day_and_its_notices_wait_for_the_morning() -> None:
    found = plan(CALENDAR, BAOAN, ClockRun("resolve", "normal", at("2026-09-29T10:00")))
    assert rungs(found) == [
        (0, "warning", "10-08T14:30", "10-08T14:30"),
        (2, "urge", "10-08T18:00", "10-09T09:00"),
        (1, "warning", "10-09T11:48", "10-09T11:48"),
        (3, "breach", "10-09T18:00", "10-10T09:00"),
        (4, "supervise", "10-09T18:00", "10-10T09:00"),
        (5, "urge", "10-10T18:00", "10-12T09:00"),
        (6, "raise", "10-12T18:00", "10-13T09:00"),
        (7, "notify", "10-15T18:00", "10-16T09:00"),
    ]


def test_the_urgent_ladder_runs_and_tells_round_the_clock() -> None:
    found = plan(CALENDAR, BAOAN, ClockRun("resolve", "urgent", at("2026-10-01T20:00:09")))
    assert rungs(found) == [
        (0, "warning", "10-02T02:00", "10-02T02:00"),
        (1, "warning", "10-02T05:00", "10-02T05:00"),
        (2, "breach", "10-02T08:00", "10-02T08:00"),
        (3, "supervise", "10-02T08:00", "10-02T08:00"),
        (4, "raise", "10-02T10:00", "10-02T10:00"),
        (5, "notify", "10-02T14:00", "10-02T14:00"),
    ]
    assert found.due == at("2026-10-02T08:00:09")


def test_a_step_that_would_stand_before_the_start_is_left_out() -> None:
    found = plan(CALENDAR, BAOAN, ClockRun("contact", "normal", at("2026-09-29T10:00")))
    assert [level for level, *_ in rungs(found)] == [0, 1, 3, 4, 5, 6, 7]


def test_the_target_warns_before_the_limit_breaches() -> None:
    hotline = load_policy("hotline")
    found = plan(CALENDAR, hotline, ClockRun("resolve", "normal", at("2026-04-01T10:00")))
    # The 12th day is Monday 13 April, the 20th Tuesday 21 April.
    assert found.target_due == at("2026-04-13T18:00")
    assert found.due == at("2026-04-21T18:00")
    assert (1, "warning", "04-13T18:00", "04-14T09:00") in rungs(found)


def test_a_pause_longer_than_its_cap_gives_back_the_cap_only() -> None:
    # Asked on Wednesday 22 April at 10:00: the cap ends on Monday 27 at 10:00, so 22, 23, 24
    # and 27 April are touched, and 28, 29, 30 April are counted.
    rest = longest_pause(CALENDAR, BAOAN, at("2026-04-22T10:00"))
    assert rest.resumed_at == at("2026-04-27T10:00")
    run = ClockRun("resolve", "normal", at("2026-04-21T10:00"), pauses=(rest,))
    assert plan(CALENDAR, BAOAN, run).due == at("2026-04-30T18:00")


def test_a_promised_date_stands_in_the_place_of_the_limit_and_an_earlier_one_cuts_it() -> None:
    start = at("2026-04-21T10:00")
    promised = plan(
        CALENDAR, BAOAN, ClockRun("milestone", "normal", start, promised_due=at("2026-05-29T12:00"))
    )
    assert promised.due == at("2026-05-29T12:00")
    cut = ClockRun("resolve", "normal", start, not_after=at("2026-04-22T11:00"))
    found = plan(CALENDAR, BAOAN, cut)
    assert found.due == at("2026-04-22T11:00")
    assert [level for level, kind, *_ in rungs(found) if kind == "warning"] == []
    assert (3, "breach", "04-22T11:00", "04-22T11:00") in rungs(found)


def test_an_extension_counts_as_often_as_the_rule_allows() -> None:
    start = at("2026-03-02T10:00")
    once = plan(CALENDAR, SHANDONG, ClockRun("resolve", "normal", start, extensions=1))
    assert once.count.limit == Limit(unit=Unit.WORKING_DAYS, amount=30)
    thrice = plan(CALENDAR, SHANDONG, ClockRun("resolve", "normal", start, extensions=3))
    assert thrice.due == once.due
    never = plan(CALENDAR, BAOAN, ClockRun("resolve", "normal", start, extensions=1))
    assert never.count.limit.amount == 3


def test_an_interim_reply_is_owed_only_under_a_longer_limit() -> None:
    start = at("2026-03-02T10:00")
    assert not interim_runs(CALENDAR, BAOAN, ClockRun("interim", "normal", start))
    assert not interim_runs(CALENDAR, SHANDONG, ClockRun("interim", "urgent", start))
    assert interim_runs(CALENDAR, SHANDONG, ClockRun("interim", "normal", start))
    assert interim_runs(CALENDAR, load_policy("jiangmen"), ClockRun("interim", "normal", start))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PLANNERS),
    st.sampled_from(CLOCKS),
    st.sampled_from(GRADES),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 20)),  # noqa: DTZ001
    st.integers(0, 1),
)
def test_a_planner_plans_as_if_it_kept_nothing(
    planner: Planner, clock: ClockName, grade: Grade, local: datetime, extensions: int
) -> None:
    run = ClockRun(clock, grade, local.replace(tzinfo=SHANGHAI), extensions=extensions)
    assert planner.plan(run) == plan(CALENDAR, planner.policy, run)


def test_a_planner_leaves_out_the_steps_before_each_start_of_the_same_date() -> None:
    planner = Planner(CALENDAR, BAOAN)
    morning = planner.plan(ClockRun("rectify", "urgent", at("2026-03-02T09:00")))
    evening = planner.plan(ClockRun("rectify", "urgent", at("2026-03-02T19:00")))
    assert (2, "urge", "03-02T18:00", "03-03T09:00") in rungs(morning)
    assert 2 not in [level for level, *_ in rungs(evening)]
    assert morning.due == evening.due
