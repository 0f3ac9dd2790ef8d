"""One connection to the dossier for a command, and words for what can go wrong with it."""

import json
import sys
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, TypeAlias

import asyncpg
import typer

from cli.verify import DEPENDENCY_DOWN, NO_DATABASE, NOT_MIGRATED, USAGE_ERROR, say
from libs.calendar.days import SHANGHAI
from libs.calendar.errors import NaiveTimeError, OutsideCalendarError
from libs.calendar.working_calendar import shanghai
from libs.common.clock import system_clock
from services.dossier.read_model.finding import AmbiguousError, NotFoundError, Reader
from services.dossier.read_model.lives import Asked

AtTime: TypeAlias = Annotated[
    str | None,
    typer.Option("--at", help="截至某时刻，如 2026-03-05 或带时区的时间。As of that moment."),
]
DATE_LENGTH: Final = len("2026-03-05")
ONE_DAY: Final = timedelta(days=1)


class NoMomentError(ValueError):
    """What was typed names no moment."""

    def __init__(self) -> None:
        super().__init__(
            "无法识别时间。请写成 2026-03-05（当日结束）或 2026-03-05T10:00:00+08:00。 / no time: "
            "write 2026-03-05 for the end of that day, or 2026-03-05T10:00:00+08:00."
        )


def asked_at(text: str | None) -> Asked:
    """A date alone is the end of that day in Asia/Shanghai. Raises NoMomentError."""
    if text is None:
        return Asked(system_clock(), is_now=True)
    return Asked(moment_of(text), is_now=False)


def moment_of(text: str) -> datetime:
    try:
        if len(text.strip()) <= DATE_LENGTH:
            return end_of(date.fromisoformat(text.strip()))
        return shanghai(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError) as error:
        if isinstance(error, NaiveTimeError):
            raise
        raise NoMomentError from error


def day_of(text: str) -> date:
    """Raises NoMomentError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise NoMomentError from error


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) + ONE_DAY - timedelta(microseconds=1)


async def with_dossier(
    dsn: str, work: Callable[[Reader], Awaitable[int]], name: str = "appeals"
) -> int:
    """What `work` answers; 2 for what is not known or no time, 4 without a database."""
    settings = {"search_path": "dossier", "application_name": name}
    try:
        connection = await asyncpg.connect(dsn, server_settings=settings, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return say(NO_DATABASE, DEPENDENCY_DOWN)
    try:
        return await work(connection)
    except (NotFoundError, AmbiguousError, NoMomentError, NaiveTimeError) as error:
        return say(str(error), USAGE_ERROR)
    except OutsideCalendarError as error:
        return say(str(error), USAGE_ERROR)
    except asyncpg.UndefinedTableError:
        return say(NOT_MIGRATED, DEPENDENCY_DOWN)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
        return say(NO_DATABASE, DEPENDENCY_DOWN)
    finally:
        await connection.close()


def print_json(body: object) -> None:
    sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
