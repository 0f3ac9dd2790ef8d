"""Moments and days as people type them, in Asia/Shanghai."""

from datetime import date, datetime, time, timedelta
from typing import Final

from libs.calendar.days import SHANGHAI
from libs.calendar.errors import NaiveTimeError
from libs.calendar.working_calendar import midnight, shanghai
from services.dossier.read_model.lives import Asked
from services.dossier.read_model.reporting import Period

DATE_LENGTH: Final = len("2026-03-05")
ONE_DAY: Final = timedelta(days=1)
DOTS: Final = ".."


class NoMomentError(LookupError):
    """What was typed names no moment."""

    def __init__(self) -> None:
        super().__init__(
            "无法识别时间。请写成 2026-03-05（当日结束）或 2026-03-05T10:00:00+08:00。 / no time: "
            "write 2026-03-05 for the end of that day, or 2026-03-05T10:00:00+08:00."
        )


def asked_at(text: str | None, now: datetime) -> Asked:
    """A date alone is the end of that day; nobody knows more than now.

    Raises NoMomentError and NaiveTimeError.
    """
    moment = now if text is None else moment_of(text)
    return Asked(now, is_now=True) if moment >= now else Asked(moment, is_now=False)


def moment_of(text: str) -> datetime:
    try:
        if len(text.strip()) <= DATE_LENGTH:
            return end_of(date.fromisoformat(text.strip()))
        return shanghai(datetime.fromisoformat(text.strip()))
    except NaiveTimeError:
        raise
    except (ValueError, OverflowError) as error:
        raise NoMomentError from error


def period_of(during: str | None) -> Period:
    """Whole days, both ends in it, either may be left out. Raises NoMomentError."""
    since, dots, until = (during or DOTS).partition(DOTS)
    if not dots:
        until = since
    return Period(
        midnight(day_of(since)) if since else None,
        midnight(day_of(until)) + ONE_DAY if until else None,
    )


def day_of(text: str) -> date:
    """Raises NoMomentError, also for the last day there is, which no day follows."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise NoMomentError from error
    if day == date.max:
        raise NoMomentError
    return day


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) + ONE_DAY - timedelta(microseconds=1)
