"""What a service's own login may do to what it has written, and to what is its neighbours'."""

import asyncpg
import pytest

from libs.common.contracts.topics import SERVICES
from tests.support.databases import Database
from tests.support.intake import Intake, submission

CHANGES = (
    "UPDATE events SET body = 'x'",
    "DELETE FROM events",
    "TRUNCATE events",
    "SET session_replication_role = replica; DELETE FROM events",
)


@pytest.mark.parametrize("statement", CHANGES)
async def test_nobody_changes_an_event_not_even_past_the_rights(
    intake: Intake, statement: str
) -> None:
    await intake.submit(submission("a"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await intake.apply.pool.execute(statement)
    superuser = await asyncpg.connect(
        intake.database.admin_dsn, server_settings={"search_path": "intake"}
    )
    try:
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await superuser.execute(statement)
        assert await superuser.fetchval("SELECT count(*) FROM events") == 2
    finally:
        await superuser.close()


async def test_no_service_reads_its_neighbours_tables_least_of_all_the_vault(
    database: Database,
) -> None:
    for reader in SERVICES:
        async with database.pool(reader) as pool:
            for owner in SERVICES:
                if owner != reader:
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await pool.fetch(f"SELECT 1 FROM {owner}.events")  # noqa: S608
            if reader != "intake":
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await pool.fetch("SELECT raw FROM intake.vault")
