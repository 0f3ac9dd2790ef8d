"""The slow way to reckon: read the day file, walk the clock minute by minute, count.

Shares nothing with the package but its data file. Times are naive and local to Shanghai.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any, Final

FILE: Final = files("libs.calendar") / "data" / "cn-2026.1.json"
YEARS: Final[list[dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))["years"]
MARKS: Final[dict[str, str]] = {day: mark for year in YEARS for day, mark in year["days"].items()}
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)

Span = tuple[datetime, datetime]


def is_working_day(day: date) -> bool:
    mark = MARKS.get(day.isoformat())
    return mark[0] == "班" if mark else day.weekday() < 5


def is_working(now: datetime) -> bool:
    return (9 <= now.hour < 12 or 14 <= now.hour < 18) and is_working_day(now.date())


def is_any(now: datetime) -> bool:
    return True


def step_from(now: datetime) -> timedelta:
    """To the next whole minute."""
    return MINUTE - timedelta(seconds=now.second, microseconds=now.microsecond)


def used(start: datetime, end: datetime, runs: Callable[[datetime], bool]) -> timedelta:
    now, total = start, timedelta(0)
    while now < end:
        step = min(step_from(now), end - now)
        total += step * runs(now)
        now += step
    return total


def due_after(
    start: datetime, amount: timedelta, runs: Callable[[datetime], bool], pauses: Sequence[Span]
) -> datetime:
    """Pauses begin and end on whole minutes."""
    now, left = start, amount
    while True:
        step = step_from(now)
        if runs(now) and not any(begins <= now < ends for begins, ends in pauses):
            if left <= step:
                return now + left
            left -= step
        now += step


def due_in_days(
    start: datetime, amount: int, pauses: Sequence[Span], *, every_day: bool
) -> datetime:
    day, left = start.date(), amount
    while left:
        day += DAY
        morning = datetime.combine(day, time())
        minutes = [morning + number * MINUTE for number in range(24 * 60)]
        paused = any(begins <= now < ends for now in minutes for begins, ends in pauses)
        counts = is_working_day(day) or (every_day and left > 1)
        left -= counts and not paused
    return datetime.combine(day, time(18))


def next_working(start: datetime) -> datetime:
    now = start
    while not is_working(now):
        now += step_from(now)
    return now
