from datetime import date, datetime, timedelta, timezone
from typing import Final

import pytest

from libs.calendar.days import SHANGHAI, DayKind
from libs.calendar.errors import NaiveTimeError, OutsideCalendarError
from libs.calendar.load import load_calendar

CALENDAR: Final = load_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("day", "kind", "reason"),
    [
        (date(2026, 2, 13), DayKind.WORKDAY, "工作日"),
        (date(2026, 2, 14), DayKind.MAKE_UP, "调休上班"),
        (date(2026, 2, 15), DayKind.HOLIDAY, "春节"),
        (date(2026, 2, 28), DayKind.MAKE_UP, "调休上班"),
        (date(2026, 3, 1), DayKind.WEEKEND, "周末"),
        (date(2026, 10, 10), DayKind.MAKE_UP, "调休上班"),
        (date(2015, 9, 3), DayKind.HOLIDAY, "抗战胜利纪念日"),
        (date(2020, 1, 31), DayKind.HOLIDAY, "春节"),
    ],
)
def test_a_day_says_what_it_is_and_why(day: date, kind: DayKind, reason: str) -> None:
    found = CALENDAR.day(day)
    assert (found.kind, found.reason) == (kind, reason)


def test_2026_has_33_days_off_and_six_make_up_days() -> None:
    days = CALENDAR.days(date(2026, 1, 1), date(2026, 12, 31))
    assert sum(day.kind is DayKind.HOLIDAY for day in days) == 33
    assert [day.date for day in days if day.kind is DayKind.MAKE_UP] == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]


def test_working_time_leaves_out_lunch_and_nights() -> None:
    assert CALENDAR.working_time_between(
        at("2026-09-28T11:30"), at("2026-09-29T14:15")
    ) == timedelta(minutes=30 + 240 + 180 + 15)


def test_working_time_backwards_is_negative() -> None:
    forwards = CALENDAR.working_time_between(at("2026-09-28T11:30"), at("2026-09-29T14:15"))
    assert (
        CALENDAR.working_time_between(at("2026-09-29T14:15"), at("2026-09-28T11:30")) == -forwards
    )


def test_an_hour_that_ends_at_noon_is_due_at_noon_and_not_after_lunch() -> None:
    assert CALENDAR.add_working_time(at("2026-09-29T11:00"), timedelta(hours=1)) == at(
        "2026-09-29T12:00"
    )


def test_seconds_and_foreign_offsets_are_kept_exactly() -> None:
    start = datetime(2026, 9, 30, 9, 59, 30, 250, tzinfo=timezone(timedelta(hours=0)))
    due = CALENDAR.add_working_time(start, timedelta(hours=1))
    assert due.isoformat() == "2026-10-08T09:59:30.000250+08:00"
    assert due.tzinfo is SHANGHAI


def test_working_days_are_shifted_at_the_same_time_of_day() -> None:
    assert CALENDAR.shift_working_days(at("2026-09-30T17:20:05"), 3) == at("2026-10-10T17:20:05")
    assert CALENDAR.shift_working_days(at("2026-10-04T03:00"), -1) == at("2026-09-30T03:00")
    assert CALENDAR.shift_working_days(at("2026-10-04T03:00"), 0) == at("2026-10-04T03:00")


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        ("2026-09-30T10:00:01", "2026-09-30T10:00:01"),
        ("2026-09-30T08:59", "2026-09-30T09:00"),
        ("2026-09-30T12:00", "2026-09-30T14:00"),
        ("2026-09-30T18:00", "2026-10-08T09:00"),
        ("2026-10-10T23:00", "2026-10-12T09:00"),
    ],
)
def test_a_notice_waits_for_the_next_opening(instant: str, opening: str) -> None:
    assert CALENDAR.next_working_moment(at(instant)) == at(opening)


def test_confirmed_days_run_out_with_the_last_published_year() -> None:
    assert CALENDAR.confirmed_until == date(2026, 12, 31)
    assert CALENDAR.confirmed_days_left(date(2026, 12, 1)) == 30
    assert CALENDAR.confirmed_days_left(date(2027, 1, 5)) == 0


@pytest.mark.parametrize("outside", ["2003-12-31T10:00", "2029-01-01T10:00"])
def test_a_moment_outside_the_data_is_refused_with_the_range(outside: str) -> None:
    with pytest.raises(OutsideCalendarError, match=r"2004-01-01.*2028-12-31"):
        CALENDAR.next_working_moment(at(outside))


def test_counting_past_the_last_day_is_refused() -> None:
    with pytest.raises(OutsideCalendarError):
        CALENDAR.add_working_time(at("2028-12-29T10:00"), timedelta(hours=100))
    with pytest.raises(OutsideCalendarError):
        CALENDAR.nth_working_day(date(2004, 1, 5), -10)


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(NaiveTimeError, match="偏移"):
        CALENDAR.next_working_moment(datetime(2026, 9, 30, 10))  # noqa: DTZ001
