"""A newly published holiday notice makes the next version of a calendar."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import Field, ValidationError

from libs.calendar.data_model import CalendarData, CalendarModel, Mark, Year
from libs.calendar.errors import CalendarDataError

COLUMNS: Final = ("date", "mark", "festival")
STATUTORY: Final = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
DECEMBER: Final = 12


class Notice(CalendarModel):
    """One year's notice: the days off and the make-up days that it names."""

    year: int = Field(ge=1992, le=2199)
    source: str = Field(min_length=1, max_length=300)
    days: dict[date, Mark]


def decode_notice(raw: bytes) -> Notice:
    """Raises CalendarDataError."""
    try:
        notice = Notice.model_validate_json(raw)
    except ValidationError as error:
        raise CalendarDataError(str(error)) from error
    return check_notice(notice)


def decode_notice_csv(text: str, year: int, source: str) -> Notice:
    """Columns date, mark (休 or 班), festival; a spreadsheet's byte order mark is accepted.

    Raises CalendarDataError.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        problem = f"the first row must be {','.join(COLUMNS)}"
        raise CalendarDataError(problem)
    days: dict[str, str] = {}
    for number, row in enumerate(reader, start=2):
        if row["date"] in days:
            problem = f"row {number}: {row['date']} stands there twice"
            raise CalendarDataError(problem)
        days[row["date"]] = f"{row['mark']} {row['festival']}"
    try:
        notice = Notice.model_validate({"year": year, "source": source, "days": days})
    except ValidationError as error:
        raise CalendarDataError(str(error)) from error
    return check_notice(notice)


def check_notice(notice: Notice) -> Notice:
    for day in notice.days:
        if day.year != notice.year and not is_december_before(day, notice.year):
            problem = f"{day} does not belong to a notice for {notice.year}"
            raise CalendarDataError(problem)
    off = "".join(mark for mark in notice.days.values() if mark.startswith("休"))
    missing = [festival for festival in STATUTORY if festival not in off]
    if missing:
        problem = f"the notice names no day off for {', '.join(missing)}"
        raise CalendarDataError(problem)
    return notice


def is_december_before(day: date, year: int) -> bool:
    # The New Year holiday of a notice often takes its first days from the old year.
    return day.year == year - 1 and day.month == DECEMBER


def with_notice(data: CalendarData, notice: Notice, version: str) -> CalendarData:
    """The calendar with that year official. Raises CalendarDataError."""
    if version == data.version:
        problem = f"{version} is the old version's name"
        raise CalendarDataError(problem)
    years = {year.year: year for year in data.years}
    previous = years.get(notice.year - 1)
    if previous is None:
        problem = f"there is no year {notice.year - 1} before the notice's"
        raise CalendarDataError(problem)
    own = {day: mark for day, mark in notice.days.items() if day.year == notice.year}
    december = {day: mark for day, mark in notice.days.items() if day.year != notice.year}
    try:
        years[previous.year] = Year(
            year=previous.year,
            status=previous.status,
            source=previous.source,
            days=in_order(previous.days | december),
        )
        years[notice.year] = Year(
            year=notice.year, status="official", source=notice.source, days=in_order(own)
        )
        return CalendarData(
            version=version,
            region=data.region,
            working_hours=data.working_hours,
            years=tuple(years[number] for number in sorted(years)),
        )
    except ValidationError as error:
        raise CalendarDataError(str(error)) from error


def in_order(days: Mapping[date, str]) -> dict[date, str]:
    return dict(sorted(days.items()))
