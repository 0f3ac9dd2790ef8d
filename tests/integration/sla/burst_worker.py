"""Run as a script: fires whatever is due, says so after each transaction, until it is killed."""

import asyncio
import sys

import asyncpg

from libs.common.runtime.process import session
from tests.integration.sla.clocks import LONG_AFTER, Clocks
from tests.support.databases import Database

PARTITIONS = 4


async def main(dsn: str) -> None:
    async with asyncpg.create_pool(dsn, server_settings=session("sla")) as pool:
        firing = Clocks(pool, Database(dsn, PARTITIONS)).firing()
        firing.limit = 25
        due = True
        while due:
            due = False
            for partition in range(PARTITIONS):
                firing.limit = 25
                due |= await firing.fire_batch(partition, LONG_AFTER)
                sys.stdout.write("fired\n")
                sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
