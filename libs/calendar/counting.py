"""From a limit and its start to the moment it ends, with the reason of every day between.

A limit in days counts from the day after its start (Civil Code, art. 201) and ends at the close
of its last day; a last calendar day on which nobody works gives way to the next working day
(art. 203). Limits in hours run from the start itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from libs.calendar.days import Day
from libs.calendar.limits import Limit, Unit
from libs.calendar.running import Pause, running_spans, touches
from libs.calendar.working_calendar import MICROSECOND, WorkingCalendar, midnight, shanghai

ONE_DAY: Final = timedelta(days=1)
WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Count:
    """One limit, counted from a start; pauses that are over take their time out of it."""

    limit: Limit
    started_at: datetime
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class DayReason:
    date: date
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Deadline:
    due: datetime
    counted: tuple[DayReason, ...]
    skipped: tuple[DayReason, ...]
    provisional: bool
    calendar_version: str


def deadline(calendar: WorkingCalendar, count: Count) -> Deadline:
    """Raises NaiveTimeError and OutsideCalendarError."""
    if count.limit.unit.is_days:
        counted, skipped = split_days(calendar, count)
        due = calendar.closing(counted[-1].date)
    else:
        due = moment_used(calendar, count, count.limit.duration)
        counted, skipped = split_touched_days(calendar, count, due)
    return Deadline(
        due=due,
        counted=tuple(counted),
        skipped=tuple(skipped),
        # Estimated years are the last ones, so the last day touched speaks for all.
        provisional=calendar.day(due.date()).is_provisional,
        calendar_version=calendar.version,
    )


def moment_at_percent(calendar: WorkingCalendar, count: Count, percent: int) -> datetime:
    """When `percent` of the limit is used, in the limit's own unit; at 100 it is the due time.

    The part of a working day is that part of its working hours; a calendar day runs from one
    close of business to the next. Never before the start.
    """
    if not count.limit.unit.is_days:
        return moment_used(calendar, count, count.limit.duration * percent / WHOLE)
    counted, _ = split_days(calendar, count)
    whole, part = divmod(count.limit.amount * percent, WHOLE)
    start = shanghai(count.started_at)
    if whole + part == 0:
        return start
    if part == 0:
        return max(start, calendar.closing(counted[whole - 1].date))
    day = counted[whole].date
    if count.limit.unit is Unit.WORKING_DAYS:
        return calendar.moment_worked(day, calendar.working_time_per_day * part / WHOLE)
    return max(start, calendar.closing(day) - ONE_DAY * (WHOLE - part) / WHOLE)


def split_days(calendar: WorkingCalendar, count: Count) -> tuple[list[DayReason], list[DayReason]]:
    """Counted and skipped days of a limit in days; the last counted one is the day it ends."""
    counted: list[DayReason] = []
    skipped: list[DayReason] = []
    days = days_after(calendar, shanghai(count.started_at).date())
    while len(counted) < count.limit.amount:
        day = next(days)
        reason = why_skipped(day, count, is_last=len(counted) == count.limit.amount - 1)
        if reason:
            skipped.append(reason)
        else:
            counted.append(why_counted(day, count.limit.unit))
    return counted, skipped


def why_skipped(day: Day, count: Count, *, is_last: bool) -> DayReason | None:
    if count.limit.unit is Unit.WORKING_DAYS and not day.is_working:
        return DayReason(day.date, day.reason, day.reason_en)
    if any(touches(pause, day.date) for pause in count.pauses):
        return DayReason(day.date, "暂停", "paused")
    if is_last and not day.is_working:
        return DayReason(
            day.date,
            f"{day.reason}不作期限末日",
            f"the limit can not end on a day off ({day.reason_en})",
        )
    return None


def why_counted(day: Day, unit: Unit) -> DayReason:
    if day.is_working:
        return DayReason(day.date, day.reason, day.reason_en)
    if unit.is_days:
        return DayReason(day.date, f"自然日-{day.reason}", f"calendar day ({day.reason_en})")
    return DayReason(day.date, f"连续计时-{day.reason}", f"round the clock ({day.reason_en})")


def split_touched_days(
    calendar: WorkingCalendar, count: Count, due: datetime
) -> tuple[list[DayReason], list[DayReason]]:
    """Days of a limit in hours: counted where some of it was used."""
    counted: list[DayReason] = []
    skipped: list[DayReason] = []
    start = shanghai(count.started_at)
    for day in calendar.days(start.date(), (due - MICROSECOND).date()):
        if used_on(calendar, count, day.date, due):
            counted.append(why_counted(day, count.limit.unit))
        elif count.limit.unit.is_working_time and not day.is_working:
            skipped.append(DayReason(day.date, day.reason, day.reason_en))
        elif any(touches(pause, day.date) for pause in count.pauses):
            skipped.append(DayReason(day.date, "暂停", "paused"))
        else:
            skipped.append(DayReason(day.date, "工作时间外", "outside working hours"))
    return counted, skipped


def used_on(calendar: WorkingCalendar, count: Count, day: date, due: datetime) -> timedelta:
    morning = midnight(day)
    used = timedelta(0)
    for begins, ends in running_spans(count.started_at, count.pauses):
        start = max(shanghai(begins), morning)
        end = min(morning + ONE_DAY, due, shanghai(ends) if ends else due)
        if start < end:
            used += measure(calendar, count.limit, start, end)
    return used


def moment_used(calendar: WorkingCalendar, count: Count, amount: timedelta) -> datetime:
    """When `amount` of a limit in hours is used, pauses left out."""
    left = amount
    for begins, ends in running_spans(count.started_at, count.pauses):
        if ends is not None:
            available = measure(calendar, count.limit, begins, ends)
            if available < left:
                left -= available
                continue
        if count.limit.unit.is_working_time:
            return calendar.add_working_time(begins, left)
        return shanghai(begins) + left
    raise AssertionError


def measure(calendar: WorkingCalendar, limit: Limit, start: datetime, end: datetime) -> timedelta:
    if limit.unit.is_working_time:
        return calendar.working_time_between(start, end)
    return end - start


def days_after(calendar: WorkingCalendar, day: date) -> Iterator[Day]:
    while True:
        day += ONE_DAY
        yield calendar.day(day)
