"""Facts of no appeal: which calendar and which policies the clocks run by (key `system`)."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from libs.common.contracts.envelope import Event, Part
from libs.common.contracts.values import Sha256Hex, Version

DayMark = Annotated[str, StringConstraints(min_length=3, max_length=60)]


class MarkedDay(Part):
    """As on a printed calendar: 休 is a day off, 班 a make-up day, then the festival."""

    day: date
    mark: DayMark


class HolidayNotice(Part):
    """A year's notice of the State Council as it was entered."""

    year: int = Field(ge=1992, le=2199)
    source: str = Field(min_length=1, max_length=300)
    days: tuple[MarkedDay, ...] = Field(max_length=200)


class CalendarVersionApplied(Event):
    """From `changes_on` days count by this version; what was used before stays used.

    The calendar that ships is the first one; every later one is the one before it with `notice`,
    so the log alone gives every calendar again.
    """

    TYPE: ClassVar = "sla.calendar-version-applied.v1"

    version: Version
    sha256: Sha256Hex
    changes_on: date
    confirmed_until: date | None
    notice: HolidayNotice | None


class PolicyVersionApplied(Event):
    """The clocks of this policy are reckoned by this version from now on."""

    TYPE: ClassVar = "sla.policy-version-applied.v1"

    policy: str = Field(max_length=50)
    version: Version
    sha256: Sha256Hex
    effective_from: date
