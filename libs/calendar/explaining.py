"""Why a deadline falls where it does: every day on the way, counted or skipped, with its reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from libs.calendar.counting import Count, due_time, is_paused, measure, needs_work
from libs.calendar.days import Day
from libs.calendar.limits import Unit
from libs.calendar.running import running_spans
from libs.calendar.working_calendar import MICROSECOND, WorkingCalendar, midnight, shanghai

ONE_DAY: Final = timedelta(days=1)


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
    due = due_time(calendar, count)
    counted, skipped = split_days(calendar, count, due)
    return Deadline(
        due=due,
        counted=tuple(counted),
        skipped=tuple(skipped),
        provisional=calendar.is_provisional(due.date()),
        calendar_version=calendar.version,
    )


def split_days(
    calendar: WorkingCalendar, count: Count, due: datetime
) -> tuple[list[DayReason], list[DayReason]]:
    counted: list[DayReason] = []
    skipped: list[DayReason] = []
    counts_days = count.limit.unit.is_days
    first = shanghai(count.started_at).date() + counts_days * ONE_DAY
    for day in calendar.days(first, (due - MICROSECOND).date()):
        if counts_days:
            is_last = len(counted) == count.limit.amount - 1
            reason = why_skipped(day, count, is_last=is_last)
        else:
            reason = why_unused(calendar, count, day, due)
        if reason:
            skipped.append(reason)
        else:
            counted.append(why_counted(day, count.limit.unit))
    return counted, skipped


def why_skipped(day: Day, count: Count, *, is_last: bool) -> DayReason | None:
    """Of a limit in days."""
    if count.limit.unit is Unit.WORKING_DAYS and not day.is_working:
        return DayReason(day.date, day.reason, day.reason_en)
    if is_paused(count.pauses, day.date):
        return DayReason(day.date, "暂停", "paused")
    if needs_work(count.limit, is_last=is_last) and not day.is_working:
        return DayReason(
            day.date,
            f"{day.reason}不作期限末日",
            f"the limit can not end on a day off ({day.reason_en})",
        )
    return None


def why_unused(
    calendar: WorkingCalendar, count: Count, day: Day, due: datetime
) -> DayReason | None:
    """Of a limit in hours: a day counts where some of the limit was used."""
    if used_on(calendar, count, day.date, due):
        return None
    if count.limit.unit.is_working_time and not day.is_working:
        return DayReason(day.date, day.reason, day.reason_en)
    if is_paused(count.pauses, day.date):
        return DayReason(day.date, "暂停", "paused")
    return DayReason(day.date, "工作时间外", "outside working hours")


def used_on(calendar: WorkingCalendar, count: Count, day: date, due: datetime) -> timedelta:
    morning = midnight(day)
    used = timedelta(0)
    for begins, ends in running_spans(count.started_at, count.pauses):
        start = max(shanghai(begins), morning)
        end = min(morning + ONE_DAY, due, shanghai(ends) if ends else due)
        if start < end:
            used += measure(calendar, count.limit, start, end)
    return used


def why_counted(day: Day, unit: Unit) -> DayReason:
    if day.is_working:
        return DayReason(day.date, day.reason, day.reason_en)
    if unit.is_days:
        return DayReason(day.date, f"自然日-{day.reason}", f"calendar day ({day.reason_en})")
    return DayReason(day.date, f"连续计时-{day.reason}", f"round the clock ({day.reason_en})")
