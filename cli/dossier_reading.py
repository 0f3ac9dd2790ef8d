"""One connection to the dossier for a command, and words for what can go wrong with it."""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, TypeAlias

import asyncpg
import typer

from cli.verify import DEPENDENCY_DOWN, NO_DATABASE, NOT_MIGRATED, USAGE_ERROR, say
from libs.calendar.errors import NaiveTimeError, OutsideCalendarError
from libs.common.eventstore.store import Connection
from services.dossier.read_model.finding import AmbiguousError, NotFoundError
from services.dossier.read_model.moments import NoMomentError

AtTime: TypeAlias = Annotated[
    str | None,
    typer.Option("--at", help="截至某时刻，如 2026-03-05 或带时区的时间。As of that moment."),
]


ASKED_WRONGLY: Final = (
    NotFoundError,
    AmbiguousError,
    NoMomentError,
    NaiveTimeError,
    OutsideCalendarError,
)
NO_SERVER: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
)


async def with_dossier(
    dsn: str, work: Callable[[Connection], Awaitable[int]], name: str = "appeals"
) -> int:
    """What `work` answers; 2 for what is not known or no time, 4 without a database."""
    settings = {"search_path": "dossier", "application_name": name}
    try:
        async with (
            asyncpg.create_pool(
                dsn, min_size=1, max_size=1, server_settings=settings, timeout=10
            ) as pool,
            pool.acquire() as connection,
        ):
            return await work(connection)
    except ASKED_WRONGLY as error:
        return say(str(error), USAGE_ERROR)
    except asyncpg.UndefinedTableError:
        return say(NOT_MIGRATED, DEPENDENCY_DOWN)
    except NO_SERVER:
        return say(NO_DATABASE, DEPENDENCY_DOWN)


def print_json(body: object) -> None:
    sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
