"""Working time by table look-up: no question walks more days than it is asked to name."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from libs.calendar.days import SHANGHAI, Day
from libs.calendar.errors import NaiveTimeError, OutsideCalendarError

MICROSECOND: Final = timedelta(microseconds=1)
ZERO: Final = timedelta(0)
SOME_MIDNIGHT: Final = datetime(2000, 1, 1, tzinfo=SHANGHAI)


class Window(NamedTuple):
    """Working hours within a day, as time since midnight."""

    opens: timedelta
    closes: timedelta


def shanghai(instant: datetime) -> datetime:
    """Raises NaiveTimeError; every offset is accepted."""
    if instant.tzinfo is SHANGHAI:
        return instant
    if instant.utcoffset() is None:
        raise NaiveTimeError
    return instant.astimezone(SHANGHAI)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def time_of_day(local: datetime) -> timedelta:
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return timedelta(0, seconds, local.microsecond)


class WorkingCalendar:
    """Every function raises OutsideCalendarError for a day before the first or after the last.

    Working time is exact to the microsecond; every moment returned is in Asia/Shanghai.
    """

    def __init__(
        self, version: str, sha256: str, days: Sequence[Day], windows: Sequence[Window]
    ) -> None:
        self.version = version
        self.sha256 = sha256
        self.first = days[0].date
        self.last = days[-1].date
        self.windows = tuple(windows)
        self.openings = tuple((SOME_MIDNIGHT + opens).time() for opens, _ in windows)
        self.closings = tuple((SOME_MIDNIGHT + closes).time() for _, closes in windows)
        self.working_time_per_day = sum((end - start for start, end in windows), start=ZERO)
        self._days = tuple(days)
        self._is_working = tuple(day.is_working for day in days)
        self._working = [day.date for day in days if day.is_working]
        self._working_before = [0]
        for day in days:
            self._working_before.append(self._working_before[-1] + day.is_working)

    def day(self, day: date) -> Day:
        return self._days[self._index(day)]

    def days(self, first: date, last: date) -> tuple[Day, ...]:
        """Both ends included; empty when `last` is before `first`."""
        return self._days[self._index(first) : self._index(last) + 1]

    def is_working_day(self, day: date) -> bool:
        return self._is_working[self._index(day)]

    def is_provisional(self, until: date) -> bool:
        """Estimated years are the last ones, so the last day touched speaks for all."""
        return self.day(until).is_provisional

    def require(self, day: date) -> None:
        self._index(day)

    @property
    def confirmed_until(self) -> date | None:
        """The last day that a published notice covers, None when every day is an estimate."""
        confirmed = [day.date for day in self._days if not day.is_provisional]
        return confirmed[-1] if confirmed else None

    def confirmed_days_left(self, today: date) -> int:
        """How many days after `today` a published notice covers."""
        until = self.confirmed_until
        return max(0, (until - today).days) if until else 0

    def confirmed_working_days_left(self, today: date) -> int:
        """How many working days after `today` a published notice covers."""
        until = self.confirmed_until
        if until is None or until <= today:
            return 0
        return sum(day.is_working for day in self.days(today, until)[1:])

    def nth_working_day(self, day: date, count: int) -> date:
        """The count-th working day after `day`, or before it when `count` is negative."""
        index = self._index(day)
        if count == 0:
            return day
        if count > 0:
            return self._nth(self._working_before[index + 1] + count - 1)
        return self._nth(self._working_before[index] + count)

    def shift_working_days(self, instant: datetime, count: int) -> datetime:
        """The same time of day, `count` working days later, or earlier when negative."""
        local = shanghai(instant)
        return datetime.combine(self.nth_working_day(local.date(), count), local.timetz())

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Negative when `end` is before `start`."""
        return self._worked_until(shanghai(end)) - self._worked_until(shanghai(start))

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest moment by which `amount` has been worked since `start`."""
        local = shanghai(start)
        if amount <= ZERO:
            return local
        whole_days, rest = divmod(
            self._worked_until(local) + amount - MICROSECOND, self.working_time_per_day
        )
        return self.moment_worked(self._nth(whole_days), rest + MICROSECOND)

    def moment_worked(self, day: date, amount: timedelta) -> datetime:
        """The moment of a working day at which `amount` of its own working time is used."""
        left = amount
        for opens, closes in self.windows:
            if left <= closes - opens:
                return midnight(day) + opens + left
            left -= closes - opens
        return self.closing(day)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closings[-1], SHANGHAI)

    def next_working_moment(self, instant: datetime) -> datetime:
        """`instant` itself within working hours, else the next opening."""
        local = shanghai(instant)
        today, now = local.date(), local.time()
        if self.is_working_day(today):
            for opens, closes in zip(self.openings, self.closings, strict=True):
                if now < closes:
                    return datetime.combine(today, max(opens, now), SHANGHAI)
        return datetime.combine(self.nth_working_day(today, 1), self.openings[0], SHANGHAI)

    def continued_by(self, newer: "WorkingCalendar", changes_on: date) -> "WorkingCalendar":
        """The newer calendar from that day on: what was used before stays used."""
        before = self._days[: self._index(changes_on)]
        return WorkingCalendar(
            version=newer.version,
            sha256=newer.sha256,
            days=(*before, *newer.days(changes_on, newer.last)),
            windows=newer.windows,
        )

    def _worked_until(self, local: datetime) -> timedelta:
        index = self._index(local.date())
        worked = self._working_before[index] * self.working_time_per_day
        if not self._is_working[index]:
            return worked
        since_midnight = time_of_day(local)
        for opens, closes in self.windows:
            worked += max(ZERO, min(since_midnight, closes) - opens)
        return worked

    def _index(self, day: date) -> int:
        index = (day - self.first).days
        if 0 <= index < len(self._days):
            return index
        raise OutsideCalendarError(self.first, self.last)

    def _nth(self, index: int) -> date:
        if 0 <= index < len(self._working):
            return self._working[index]
        raise OutsideCalendarError(self.first, self.last)
