"""From a limit and its start to the moment it ends, by table and not by walking.

A limit in days counts from the day after its start (Civil Code, art. 201) and ends at the close
of its last day; a last calendar day on which nobody works gives way to the next working day
(art. 203). Limits in hours run from the start itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from libs.calendar.limits import Limit, Unit
from libs.calendar.running import Pause, running_spans, touches
from libs.calendar.working_calendar import WorkingCalendar, shanghai

ONE_DAY: Final = timedelta(days=1)
WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Count:
    """One limit, counted from a start; pauses that are over take their time out of it."""

    limit: Limit
    started_at: datetime
    pauses: tuple[Pause, ...] = ()


def due_time(calendar: WorkingCalendar, count: Count) -> datetime:
    """Raises NaiveTimeError and OutsideCalendarError."""
    if count.limit.unit.is_days:
        return calendar.closing(counted_day(calendar, count, count.limit.amount))
    due = moment_used(calendar, count, count.limit.duration)
    calendar.require(due.date())
    return due


def moment_at_percent(calendar: WorkingCalendar, count: Count, percent: int) -> datetime:
    """When `percent` of the limit is used, in the limit's own unit; at 100 it is the due time.

    The part of a working day is that part of its working hours; a calendar day runs from one
    close of business to the next. Never before the start.
    """
    if not count.limit.unit.is_days:
        return moment_used(calendar, count, count.limit.duration * percent / WHOLE)
    whole, part = divmod(count.limit.amount * percent, WHOLE)
    start = shanghai(count.started_at)
    if whole + part == 0:
        return start
    if part == 0:
        return max(start, calendar.closing(counted_day(calendar, count, whole)))
    day = counted_day(calendar, count, whole + 1)
    if count.limit.unit is Unit.WORKING_DAYS:
        return calendar.moment_worked(day, calendar.working_time_per_day * part / WHOLE)
    return max(start, calendar.closing(day) - ONE_DAY * (WHOLE - part) / WHOLE)


def counted_day(calendar: WorkingCalendar, count: Count, number: int) -> date:
    """The number-th day that a limit in days counts, the first being 1."""
    day = shanghai(count.started_at).date()
    if count.pauses:
        return counted_day_by_walking(calendar, count, day, number)
    if count.limit.unit is Unit.WORKING_DAYS:
        return calendar.nth_working_day(day, number)
    day += timedelta(days=number)
    if number < count.limit.amount or calendar.is_working_day(day):
        return day
    return calendar.nth_working_day(day, 1)


def counted_day_by_walking(calendar: WorkingCalendar, count: Count, day: date, number: int) -> date:
    """Only a pause makes a walk needed: it takes out days that no table knows."""
    counted = 0
    while counted < number:
        day += ONE_DAY
        is_last = counted == count.limit.amount - 1
        counts = calendar.is_working_day(day) or not needs_work(count.limit, is_last=is_last)
        counted += counts and not is_paused(count.pauses, day)
    return day


def needs_work(limit: Limit, *, is_last: bool) -> bool:
    return limit.unit is Unit.WORKING_DAYS or is_last


def is_paused(pauses: Sequence[Pause], day: date) -> bool:
    return any(touches(pause, day) for pause in pauses)


def moment_used(calendar: WorkingCalendar, count: Count, amount: timedelta) -> datetime:
    """When `amount` of a limit in hours is used, pauses left out."""
    left = amount
    begins = count.started_at
    for begins, ends in running_spans(count.started_at, count.pauses):
        if ends is None:
            break
        available = measure(calendar, count.limit, begins, ends)
        if available >= left:
            break
        left -= available
    if count.limit.unit.is_working_time:
        return calendar.add_working_time(begins, left)
    return shanghai(begins) + left


def measure(calendar: WorkingCalendar, limit: Limit, start: datetime, end: datetime) -> timedelta:
    if limit.unit.is_working_time:
        return calendar.working_time_between(start, end)
    return end - start
