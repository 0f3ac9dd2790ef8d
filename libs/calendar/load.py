"""From a calendar file to a calendar that answers questions."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Final

from libs.calendar.data_model import (
    CalendarData,
    Year,
    decode_calendar,
    encode_calendar,
    is_weekday,
)
from libs.calendar.days import Day, DayKind
from libs.calendar.errors import CalendarDataError
from libs.calendar.working_calendar import Window, WorkingCalendar

SHIPPED_VERSION: Final = "cn-2026.1"
ONE_DAY: Final = timedelta(days=1)


def load_calendar(version: str = SHIPPED_VERSION) -> WorkingCalendar:
    return working_calendar(load_calendar_data(version))


def load_calendar_data(version: str = SHIPPED_VERSION) -> CalendarData:
    """Reads the package's own data; the only function here that touches a file.

    Raises CalendarDataError for a version that does not ship.
    """
    file = files("libs.calendar") / "data" / f"{version}.json"
    if not file.is_file():
        problem = f"no calendar {version} ships with this version"
        raise CalendarDataError(problem)
    return decode_calendar(file.read_bytes())


def read_calendar(raw: bytes) -> WorkingCalendar:
    """Raises CalendarDataError."""
    return working_calendar(decode_calendar(raw))


def working_calendar(data: CalendarData) -> WorkingCalendar:
    return WorkingCalendar(
        version=data.version,
        sha256=sha256(encode_calendar(data)).hexdigest(),
        days=[day for year in data.years for day in days_of(year)],
        windows=[
            Window(since_midnight(hours.opens), since_midnight(hours.closes))
            for hours in data.working_hours
        ],
    )


def days_of(year: Year) -> Iterator[Day]:
    is_provisional = year.status == "provisional"
    day = date(year.year, 1, 1)
    while day.year == year.year:
        kind, festival = classify(day, year.days.get(day))
        yield Day(date=day, kind=kind, festival=festival, is_provisional=is_provisional)
        day += ONE_DAY


def classify(day: date, mark: str | None) -> tuple[DayKind, str]:
    if mark is None:
        return (DayKind.WORKDAY if is_weekday(day) else DayKind.WEEKEND), ""
    sign, festival = mark.split(" ")
    return (DayKind.HOLIDAY if sign == "休" else DayKind.MAKE_UP), festival


def since_midnight(moment: time) -> timedelta:
    return timedelta(
        hours=moment.hour,
        minutes=moment.minute,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
