"""A read model made a second time, beside the one in use, from entries in the order of chaining.

Nothing is decided again and nothing is sent: entries are read, rows are written to a schema of
their own, and a table that is not there is an error and never the one in use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from libs.common.eventstore.store import Connection, Pool
from services.dossier.domain.entries import Entry
from services.dossier.read_model.projection import project

TABLES: Final = ("appeals", "escalations", "enterprises", "projection_parked")
# When it stood still differs; that and why it stands still does not.
COMPARED: Final[Mapping[str, str]] = {
    "appeals": "t::text",
    "escalations": "t::text",
    "enterprises": "t::text",
    "projection_parked": "chain_key || reason",
}
PROGRESS: Final = """
    CREATE TABLE replay_progress (partition smallint PRIMARY KEY, position bigint NOT NULL,
                                  ends_at bigint NOT NULL)
"""
ENDS: Final = """
    INSERT INTO replay_progress SELECT partition, 0, count FROM dossier.leaf_heads
"""
NEW_ENDS: Final = """
    INSERT INTO replay_progress AS p SELECT partition, 0, count FROM dossier.leaf_heads
    ON CONFLICT (partition) DO UPDATE SET ends_at = excluded.ends_at
"""
PENDING: Final = """
    SELECT partition, position, ends_at FROM replay_progress WHERE position < ends_at
    ORDER BY partition LIMIT 1
"""
MOVE: Final = "UPDATE replay_progress SET position = $2 WHERE partition = $1"
PARKED: Final = "SELECT chain_key FROM projection_parked WHERE chain_key = ANY($1::text[])"
ENTRIES: Final = """
    SELECT chain_key, version, service, partition, sequence, event_id::text, type, subject, leaf,
           hash, value, position, recorded_at
    FROM dossier.entries WHERE partition = $1 AND position > $2 AND position <= $3
    ORDER BY position LIMIT $4
"""
HASH: Final = """
    SELECT encode(sha256(convert_to(coalesce(string_agg(h, '' ORDER BY h), ''), 'UTF8')), 'hex')
    FROM (SELECT md5({what}) AS h FROM {schema}.{table} AS t) AS hashed
"""
PAGE: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Entries kept from `since` on and before `until`; None is no bound."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_everything(self) -> bool:
        return self.since is None and self.until is None

    def holds(self, recorded_at: datetime) -> bool:
        is_late_enough = self.since is None or recorded_at >= self.since
        return is_late_enough and (self.until is None or recorded_at < self.until)


async def begin(connection: Connection, schema: str) -> None:
    """Empty tables like those in use, and where each partition is to end: as far as it is now."""
    async with connection.transaction():
        await connection.execute(f"CREATE SCHEMA {schema}")
        for table in TABLES:
            await connection.execute(
                f"CREATE TABLE {schema}.{table} (LIKE dossier.{table} INCLUDING ALL)"
            )
        await connection.execute(f"SET LOCAL search_path = {schema}")
        await connection.execute(PROGRESS)
        await connection.execute(ENDS)


async def replay(pool: Pool, span: Span, progress: Callable[[int], None]) -> int:
    """Goes on from where it was; each page is one transaction. Answers how many were laid."""
    laid = 0
    async with pool.acquire() as connection:
        while (page := await next_page(connection)) is not None:
            async with connection.transaction():
                rows, entries = await lay_page(connection, page, span)
            laid += entries
            progress(rows)
    return laid


async def catch_up(pool: Pool, span: Span) -> tuple[int, Mapping[str, str], Mapping[str, str]]:
    """What came meanwhile, and the hashes of both, in one snapshot: the system may run on."""
    laid = 0
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
        await connection.execute(NEW_ENDS)
        while (page := await next_page(connection)) is not None:
            _, entries = await lay_page(connection, page, span)
            laid += entries
        schema: str = await connection.fetchval("SELECT current_schema()")
        ours = await state_hashes(connection, schema)
        return laid, ours, await state_hashes(connection, "dossier")


async def next_page(connection: Connection) -> tuple[int, int, int] | None:
    """Partition, the position done, and its end."""
    row = await connection.fetchrow(PENDING)
    return None if row is None else (row["partition"], row["position"], row["ends_at"])


async def lay_page(
    connection: Connection, page: tuple[int, int, int], span: Span
) -> tuple[int, int]:
    """How many entries were read, and how many of them laid."""
    rows = await connection.fetch(ENTRIES, *page, PAGE)
    entries = [Entry(*row[:11]) for row in map(tuple, rows) if span.holds(row[12])]
    await lay(connection, entries)
    await connection.execute(MOVE, page[0], rows[-1]["position"] if rows else page[2])
    return len(rows), len(entries)


async def lay(connection: Connection, entries: Sequence[Entry]) -> None:
    keys = list({entry.chain_key for entry in entries})
    parked = frozenset(row["chain_key"] for row in await connection.fetch(PARKED, keys))
    await project(connection, entries, parked)


async def state_hashes(connection: Connection, schema: str) -> dict[str, str]:
    """By table: the hash over all its rows, whatever their order on disk."""
    return {
        table: await connection.fetchval(HASH.format(what=what, schema=schema, table=table))
        for table, what in COMPARED.items()
    }
