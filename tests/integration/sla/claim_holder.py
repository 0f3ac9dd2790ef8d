"""Run as a script: claims what is due and never commits, until it is killed."""

import asyncio
import sys
from collections.abc import Sequence

import asyncpg

from libs.common.contracts.sla import ClockEvent
from libs.common.eventstore.store import Connection
from libs.common.execution.decision import Applied
from libs.common.runtime.process import session
from services.sla.domain.commands import SlaCommand
from tests.integration.sla.clocks import LONG_AFTER, Clocks
from tests.support.databases import Database


async def hold(
    _connection: Connection, applied: Sequence[Applied[SlaCommand, ClockEvent]], /
) -> None:
    sys.stdout.write(f"{sum(len(one.events) for one in applied)}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def main(dsn: str) -> None:
    async with asyncpg.create_pool(dsn, server_settings=session("sla")) as pool:
        clocks = Clocks(pool, Database(dsn, 1))
        await clocks.firing(hold).fire_due({0: LONG_AFTER})


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
