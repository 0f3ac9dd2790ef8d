"""The calendar as a file: every year its status, its source and the days that differ.

A day is written as it stands on a printed calendar: 休 is a day off, 班 a day of work, then the
festival. Days that are not named follow the week: Monday to Friday are working days.
"""

import json
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import model_validator as validate_model

from libs.calendar.errors import CalendarDataError

Mark = Annotated[str, StringConstraints(pattern=r"^[休班] \S+$", max_length=60)]
VersionName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-\d{4}\.\d{1,3}$")]
FRIDAY = 4


class CalendarModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(CalendarModel):
    opens: time
    closes: time


class Year(CalendarModel):
    year: int = Field(ge=1992, le=2199)
    status: Literal["official", "provisional"]
    source: str = Field(min_length=1, max_length=300)
    days: dict[date, Mark]

    @validate_model(mode="after")
    def check_days(self) -> Self:
        strays = [day for day in self.days if day.year != self.year]
        if strays:
            problem = f"{strays[0]} does not belong to {self.year}"
            raise ValueError(problem)
        weekdays = [day for day, mark in self.days.items() if mark[0] == "班" and is_weekday(day)]
        if weekdays:
            problem = f"{weekdays[0]} is a weekday and needs no make-up mark"
            raise ValueError(problem)
        return self


class CalendarData(CalendarModel):
    version: VersionName
    region: str = Field(min_length=1, max_length=60)
    working_hours: tuple[Hours, ...] = Field(min_length=1, max_length=6)
    years: tuple[Year, ...] = Field(min_length=1, max_length=200)

    @validate_model(mode="after")
    def check_years(self) -> Self:
        for before, after in pairwise(self.years):
            if after.year != before.year + 1:
                problem = f"after {before.year} comes {before.year + 1}, not {after.year}"
                raise ValueError(problem)
            if before.status == "provisional" and after.status == "official":
                problem = f"{after.year} can not be official while {before.year} is not"
                raise ValueError(problem)
        return self

    @validate_model(mode="after")
    def check_hours(self) -> Self:
        moments = [end for hours in self.working_hours for end in (hours.opens, hours.closes)]
        if any(late <= early for early, late in pairwise(moments)):
            problem = "working hours must rise and must not touch"
            raise ValueError(problem)
        return self


def is_weekday(day: date) -> bool:
    return day.weekday() <= FRIDAY


def decode_calendar(raw: bytes) -> CalendarData:
    """Raises CalendarDataError."""
    try:
        return CalendarData.model_validate_json(raw)
    except ValidationError as error:
        raise CalendarDataError(str(error)) from error


def encode_calendar(data: CalendarData) -> bytes:
    """The one spelling of a calendar, so that equal calendars have equal digests."""
    tidy = data.model_dump(mode="json")
    for year in tidy["years"]:
        year["days"] = dict(sorted(year["days"].items()))
    return (json.dumps(tidy, ensure_ascii=False, indent=1) + "\n").encode()
