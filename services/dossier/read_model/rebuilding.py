"""A read model made anew from the entries: what stands still, after an upgrade, or all of it."""

from collections.abc import Sequence
from typing import Any, Final

from libs.common.eventstore.store import Connection, Pool
from services.dossier.domain.entries import Entry
from services.dossier.read_model.projection import Standstill, project

PARKED: Final = "SELECT chain_key FROM projection_parked ORDER BY chain_key"
# The same row that a writer of this chain locks first.
LOCK: Final = "SELECT 1 FROM chain_heads WHERE chain_key = $1 FOR UPDATE"
FORGET: Final = (
    "DELETE FROM projection_parked WHERE chain_key = $1",
    "DELETE FROM escalations e USING appeals a WHERE e.appeal_id = a.appeal_id AND chain_key = $1",
    "DELETE FROM appeals WHERE chain_key = $1",
)
ENTRIES: Final = """
    SELECT chain_key, version, service, partition, sequence, event_id::text, type, subject, leaf,
           hash, value
    FROM entries WHERE chain_key = $1 AND version > $2 ORDER BY version LIMIT $3
"""
PAGE: Final = 500


async def reproject_parked(pool: Pool) -> Sequence[Standstill]:
    """Tries every chain that stands still again; returns those that still can not be read."""
    async with pool.acquire() as connection:
        keys = [row["chain_key"] for row in await connection.fetch(PARKED)]
    stopped: list[Standstill] = []
    for key in keys:
        async with pool.acquire() as connection, connection.transaction():
            stopped += await reproject(connection, key)
    return stopped


async def reproject(connection: Connection, chain_key: str) -> Sequence[Standstill]:
    """Forgets one chain's read model and lays all its entries again, in one transaction."""
    await connection.execute(LOCK, chain_key)
    for statement in FORGET:
        await connection.execute(statement, chain_key)
    version = 0
    while rows := await connection.fetch(ENTRIES, chain_key, version, PAGE):
        entries = [entry_of(row) for row in rows]
        if stopped := await project(connection, entries):
            return stopped
        version = entries[-1].version
    return ()


def entry_of(row: Any) -> Entry:  # noqa: ANN401 - asyncpg's own row type is not subscriptable here
    return Entry(*row)
