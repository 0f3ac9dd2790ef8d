"""Deadlines with dates counted by hand on a printed calendar."""

from datetime import date, datetime
from typing import Final

import pytest

from libs.calendar.counting import Count, due_time, moment_at_percent
from libs.calendar.explaining import Deadline, deadline
from libs.calendar.limits import Limit, Unit
from libs.calendar.load import load_calendar
from libs.calendar.running import Pause

CALENDAR: Final = load_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def limit(text: str) -> Limit:
    amount, _, unit = text.partition(" ")
    return Limit(unit=Unit(unit), amount=int(amount))


def count(text: str, start: str, *pauses: tuple[str, str]) -> Count:
    rests = tuple(Pause(at(begins), at(ends)) for begins, ends in pauses)
    return Count(limit(text), at(start), rests)


def due(text: str, start: str, *pauses: tuple[str, str]) -> datetime:
    return due_time(CALENDAR, count(text, start, *pauses))


def dates(days: Deadline) -> tuple[list[int], list[int]]:
    return [day.date.day for day in days.counted], [day.date.day for day in days.skipped]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        # Wednesday before National Day: 8 and 9 October, then the make-up Saturday.
        ("3 working_days", "2026-09-30T10:00", "2026-10-10T18:00"),
        ("3 working_days", "2026-09-30T23:59:59", "2026-10-10T18:00"),
        # Accepted in the middle of the holiday.
        ("1 working_days", "2026-10-03T12:00", "2026-10-08T18:00"),
        # Friday 13 February: the make-up Saturday, then nothing until the 24th.
        ("3 working_days", "2026-02-13T09:00", "2026-02-25T18:00"),
        ("1 working_days", "2026-02-13T09:00", "2026-02-14T18:00"),
        # Turn of the year 2025/26: 1-3 January off, Sunday the 4th is worked.
        ("3 working_days", "2025-12-31T16:00", "2026-01-06T18:00"),
        ("7 calendar_days", "2026-09-28T10:00", "2026-10-08T18:00"),
        ("7 calendar_days", "2026-09-23T10:00", "2026-09-30T18:00"),
        ("20 calendar_days", "2026-09-20T10:00", "2026-10-10T18:00"),
        ("12 elapsed_hours", "2026-09-30T20:00:07", "2026-10-01T08:00:07"),
        ("30 elapsed_minutes", "2026-12-31T23:45", "2027-01-01T00:15"),
        ("1 working_hours", "2026-09-30T17:30", "2026-10-08T09:30"),
        ("60 working_minutes", "2026-09-30T11:30", "2026-09-30T14:30"),
        ("1 working_hours", "2026-10-05T11:30", "2026-10-08T10:00"),
    ],
)
def test_a_limit_ends_where_a_person_counts_it(text: str, start: str, end: str) -> None:
    assert due(text, start) == at(end)


def test_each_day_to_the_due_day_is_counted_or_skipped_with_its_reason() -> None:
    found = deadline(CALENDAR, count("3 working_days", "2026-09-30T10:00"))
    assert [(day.date.day, day.reason) for day in found.counted] == [
        (8, "工作日"),
        (9, "工作日"),
        (10, "调休上班"),
    ]
    assert [(day.date.day, day.reason) for day in found.skipped] == [
        (number, "国庆节") for number in range(1, 8)
    ]
    assert not found.provisional
    assert found.calendar_version == "cn-2026.1"


def test_calendar_days_skip_only_the_days_off_at_their_end() -> None:
    found = deadline(CALENDAR, count("7 calendar_days", "2026-09-24T10:00"))
    assert dates(found) == ([25, 26, 27, 28, 29, 30, 8], [1, 2, 3, 4, 5, 6, 7])
    assert found.counted[0].reason == "自然日-中秋节"
    assert found.skipped[0].reason == "国庆节不作期限末日"


def test_working_hours_name_the_days_on_which_they_were_used() -> None:
    found = deadline(CALENDAR, count("1 working_hours", "2026-09-30T18:30"))
    assert found.due == at("2026-10-08T10:00")
    assert dates(found) == ([8], [30, 1, 2, 3, 4, 5, 6, 7])
    assert found.skipped[0].reason == "工作时间外"


def test_elapsed_hours_that_end_at_midnight_do_not_touch_the_next_day() -> None:
    found = deadline(CALENDAR, count("12 elapsed_hours", "2026-10-01T12:00"))
    assert dates(found) == ([1], [])
    assert found.counted[0].reason == "连续计时-国庆节"


def test_a_deadline_that_reaches_an_unpublished_year_is_provisional() -> None:
    assert deadline(CALENDAR, count("3 working_days", "2026-12-29T10:00")).provisional
    assert not deadline(CALENDAR, count("2 working_days", "2026-12-29T10:00")).provisional
    assert deadline(CALENDAR, count("12 elapsed_hours", "2026-12-31T20:00")).provisional


@pytest.mark.parametrize(
    ("text", "percent", "moment"),
    [
        ("3 working_days", 50, "2026-10-09T14:30:00"),
        ("3 working_days", 80, "2026-10-10T11:48:00"),
        ("2 working_days", 50, "2026-10-08T18:00:00"),
        ("20 calendar_days", 50, "2026-10-10T18:00:00"),
        ("7 calendar_days", 50, "2026-10-04T06:00:00"),
        ("12 elapsed_hours", 75, "2026-09-30T19:00:00"),
        ("1 working_hours", 50, "2026-09-30T10:30:00"),
        ("1 calendar_days", 0, "2026-09-30T10:00:00"),
    ],
)
def test_a_share_of_a_limit_is_reckoned_in_its_own_unit(
    text: str, percent: int, moment: str
) -> None:
    found = moment_at_percent(CALENDAR, count(text, "2026-09-30T10:00"), percent)
    assert found.isoformat() == f"{moment}+08:00"


@pytest.mark.parametrize(
    ("text", "pauses", "end"),
    [
        # Counted days 22, 23, 24 April; a rest on the 22nd alone costs that one day.
        ("3 working_days", [("2026-04-22T10:00", "2026-04-22T11:00")], "2026-04-27T18:00:00"),
        ("3 working_days", [("2026-04-22T10:00", "2026-04-23T11:00")], "2026-04-28T18:00:00"),
        # A rest on the day of the start touches no counted day, nor does one that ends at 0:00.
        ("3 working_days", [("2026-04-21T10:00", "2026-04-22T00:00")], "2026-04-24T18:00:00"),
        # A weekend is not counted, so a rest over it costs the Friday only.
        ("3 working_days", [("2026-04-24T17:00", "2026-04-26T20:00")], "2026-04-27T18:00:00"),
        ("3 calendar_days", [("2026-04-22T10:00", "2026-04-22T11:00")], "2026-04-27T18:00:00"),
        ("12 elapsed_hours", [("2026-04-21T12:00", "2026-04-22T12:00")], "2026-04-22T22:00:00"),
        ("4 working_hours", [("2026-04-21T11:00", "2026-04-22T11:00")], "2026-04-22T16:00:00"),
        ("4 working_hours", [("2026-04-21T20:00", "2026-04-21T23:00")], "2026-04-21T16:00:00"),
        # Two rests that overlap count once.
        (
            "12 elapsed_hours",
            [("2026-04-21T13:00", "2026-04-21T15:00"), ("2026-04-21T12:00", "2026-04-21T14:00")],
            "2026-04-22T01:00:00",
        ),
    ],
)
def test_a_pause_gives_back_what_it_took(
    text: str, pauses: list[tuple[str, str]], end: str
) -> None:
    assert due(text, "2026-04-21T10:00", *pauses) == at(end)


def test_a_paused_day_is_skipped_with_that_reason() -> None:
    rest = ("2026-04-22T10:00", "2026-04-22T11:00")
    found = deadline(CALENDAR, count("3 working_days", "2026-04-21T10:00", rest))
    assert (found.skipped[0].date, found.skipped[0].reason) == (date(2026, 4, 22), "暂停")


def test_a_limit_without_an_end_in_sight_is_refused() -> None:
    with pytest.raises(ValueError, match="less than or equal to 5000"):
        limit("5001 working_days")
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        limit("0 elapsed_hours")
