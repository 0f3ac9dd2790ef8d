from datetime import datetime, timedelta, timezone
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.calendar.counting import Count, moment_at_percent
from libs.calendar.days import SHANGHAI
from libs.calendar.explaining import deadline
from libs.calendar.limits import Limit, Unit
from libs.calendar.load import load_calendar
from libs.calendar.running import Pause
from tests.unit.calendar import oracle

CALENDAR: Final = load_calendar()
FEW: Final = settings(max_examples=60, deadline=None)
MINUTE: Final = timedelta(minutes=1)

# A count for the package, then the same start and pauses for the oracle.
Case = tuple[Count, datetime, list[oracle.Span]]

starts: Final = st.datetimes(datetime(2024, 1, 1), datetime(2027, 11, 20))  # noqa: DTZ001
offsets: Final = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> list[oracle.Span]:
    spans: list[oracle.Span] = []
    for _ in range(draw(st.integers(0, 2))):
        begins = start.replace(second=0, microsecond=0)
        begins += draw(st.integers(-600, 6000)) * MINUTE
        spans.append((begins, begins + draw(st.integers(0, 5000)) * MINUTE))
    return spans


@st.composite
def counts(draw: st.DrawFn, *units: Unit, longest: int) -> Case:
    start = draw(starts)
    spans = draw(pauses_after(start))
    limit = Limit(unit=draw(st.sampled_from(units)), amount=draw(st.integers(1, longest)))
    seen_from = draw(offsets)
    rests = tuple(Pause(aware(begins), aware(ends)) for begins, ends in spans)
    return Count(limit, aware(start).astimezone(seen_from), rests), start, spans


def aware(local: datetime) -> datetime:
    return local.replace(tzinfo=SHANGHAI)


@FEW
@given(starts, st.integers(0, 20_000))
def test_working_time_between_two_moments(start: datetime, minutes: int) -> None:
    end = start + minutes * MINUTE
    assert CALENDAR.working_time_between(aware(start), aware(end)) == oracle.used(
        start, end, oracle.is_working
    )


@FEW
@given(starts)
def test_next_working_moment(start: datetime) -> None:
    assert CALENDAR.next_working_moment(aware(start)) == aware(oracle.next_working(start))


@FEW
@given(counts(Unit.WORKING_MINUTES, Unit.WORKING_HOURS, longest=60))
def test_due_in_working_time(case: Case) -> None:
    count, start, spans = case
    expected = oracle.due_after(start, count.limit.duration, oracle.is_working, spans)
    assert deadline(CALENDAR, count).due == aware(expected)


@FEW
@given(counts(Unit.ELAPSED_MINUTES, Unit.ELAPSED_HOURS, longest=60))
def test_due_round_the_clock(case: Case) -> None:
    count, start, spans = case
    expected = oracle.due_after(start, count.limit.duration, oracle.is_any, spans)
    assert deadline(CALENDAR, count).due == aware(expected)


@FEW
@given(counts(Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, longest=20))
def test_due_in_days(case: Case) -> None:
    count, start, spans = case
    every_day = count.limit.unit is Unit.CALENDAR_DAYS
    expected = oracle.due_in_days(start, count.limit.amount, spans, every_day=every_day)
    assert deadline(CALENDAR, count).due == aware(expected)


@FEW
@given(counts(*Unit, longest=20), st.integers(0, 100), st.integers(0, 100))
def test_shares_of_a_limit_come_in_order_and_end_at_the_due_time(
    case: Case, one: int, other: int
) -> None:
    count, _, _ = case
    less, more = sorted((one, other))
    due = deadline(CALENDAR, count).due
    assert moment_at_percent(CALENDAR, count, 100) == due
    assert count.started_at <= moment_at_percent(CALENDAR, count, less)
    assert moment_at_percent(CALENDAR, count, less) <= moment_at_percent(CALENDAR, count, more)


@FEW
@given(counts(*Unit, longest=20))
def test_every_day_on_the_way_is_named_once(
    case: Case,
) -> None:
    count, start, _ = case
    found = deadline(CALENDAR, count)
    named = sorted(day.date for day in (*found.counted, *found.skipped))
    first = start.date() + timedelta(days=count.limit.unit.is_days)
    assert named == [first + timedelta(days=number) for number in range(len(named))]
    assert named[-1] == (found.due - timedelta(microseconds=1)).date()
    if count.limit.unit.is_days:
        assert len(found.counted) == count.limit.amount
