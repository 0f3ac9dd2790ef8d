"""`python -m tests.trials`: 1,000 attacks and 1,000 clean runs, as a table; 1 if any is wrong."""

import argparse
import asyncio
import sys

import asyncpg

from tests.integration.conftest import PARTITIONS, TEMPLATE, at, make_template
from tests.support.databases import Database
from tests.support.servers import postgres_server
from tests.trials.running import Table, run_trials

NAME = "appeals_trials"


async def on_server(dsn: str, attacks: int, clean: int, seed: int) -> Table:
    await make_template(dsn)
    admin = await asyncpg.connect(dsn)
    await admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    await admin.execute(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE}")
    try:
        return await run_trials(Database(at(dsn, NAME), PARTITIONS), attacks, clean, seed)
    finally:
        await admin.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        await admin.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="Attacks with full rights on the database.")
    parser.add_argument("--attacks", type=int, default=1_000)
    parser.add_argument("--clean", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with postgres_server() as dsn:
        table = asyncio.run(on_server(dsn, asked.attacks, asked.clean, asked.seed))
    sys.stdout.write(table.text() + "\n")
    return int(table.found != table.tried or table.false_alarms > 0)


if __name__ == "__main__":
    sys.exit(main())
