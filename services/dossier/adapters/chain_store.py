"""Chains in PostgreSQL. The caller owns the transaction, and holds the partition's offset."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from libs.common.errors import NotReadyError, StreamConflictError
from libs.common.eventstore.store import Connection
from libs.common.subscription import Record
from services.dossier.domain.chain import Algorithm, Digest, Head
from services.dossier.domain.entries import Entry, chain_key_of, chain_records

WRITE_FORMAT: Final = """
    INSERT INTO chain_format (algorithm) VALUES ($1) ON CONFLICT DO NOTHING
"""
READ_FORMAT: Final = "SELECT algorithm FROM chain_format"
# In key order, so that two writers can not wait for each other.
LOCK_CHAINS: Final = """
    SELECT h.chain_key, h.version, h.hash, p.chain_key IS NOT NULL AS parked
    FROM chain_heads h LEFT JOIN projection_parked p USING (chain_key)
    WHERE h.chain_key = ANY($1::text[])
    ORDER BY h.chain_key FOR UPDATE OF h
"""
# A chain that another writer began meanwhile is left alone, and then the counts differ.
MOVE_HEADS: Final = """
    WITH n AS (
        SELECT * FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bytea[], $5::bigint[])
            AS n(chain_key, partition, version, hash, was)
    ), moved AS (
        UPDATE chain_heads h SET version = n.version, hash = n.hash
        FROM n WHERE h.chain_key = n.chain_key AND h.version = n.was
        RETURNING 1
    ), begun AS (
        INSERT INTO chain_heads (chain_key, partition, version, hash)
        SELECT chain_key, partition, version, hash FROM n WHERE was = 0 ORDER BY chain_key
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM moved) + (SELECT count(*) FROM begun)
"""
# A writer that comes later waits here, so a chain's versions rise with the positions.
TAKE_POSITIONS: Final = """
    INSERT INTO leaf_heads AS h (partition, count)
    SELECT * FROM unnest($1::smallint[], $2::bigint[])
    ON CONFLICT (partition) DO UPDATE SET count = h.count + excluded.count
    RETURNING partition, count
"""
COLUMNS: Final = (*Entry._fields, "position")


@dataclass(frozen=True, slots=True)
class Chained:
    """Entries that are not written yet, and what was read under the lock."""

    entries: Sequence[Entry]
    heads: Mapping[str, Head]
    new_heads: Mapping[str, Head]
    parked: frozenset[str]


async def fix_algorithm(connection: Connection, algorithm: Algorithm) -> None:
    """Raises NotReadyError when this dossier has been begun with another algorithm."""
    await connection.execute(WRITE_FORMAT, algorithm)
    found: str = await connection.fetchval(READ_FORMAT)
    if found != algorithm:
        problem = (
            f"本档案的链使用 {found}，不能改用 {algorithm}。请改回设置。 / these chains are hashed "
            f"by {found} and can not go on by {algorithm}: set it back."
        )
        raise NotReadyError(problem)


async def lock_and_chain(
    connection: Connection, digest: Digest, records: Sequence[Record]
) -> Chained:
    """Computes the entries on top of the heads, which stay locked until the commit."""
    names = {key: chain_key_of(key) for key in {record.key for record in records}}
    rows = await connection.fetch(LOCK_CHAINS, list(set(names.values())))
    heads = {row["chain_key"]: Head(row["version"], row["hash"]) for row in rows}
    keyed = ((names[record.key], record) for record in records)
    entries, new_heads = chain_records(digest, keyed, heads)
    parked = frozenset(row["chain_key"] for row in rows if row["parked"])
    return Chained(entries, heads, new_heads, parked)


async def write_chained(connection: Connection, chained: Chained) -> None:
    """Last thing before the commit.

    Raises StreamConflictError when another writer was faster with the same chain, and
    NotReadyError when an entry is there already: then the offsets are behind the chain, which
    no repetition mends.
    """
    if not chained.entries:
        return
    await move_heads(connection, chained)
    records = await positioned(connection, chained.entries)
    try:
        await connection.copy_records_to_table("entries", columns=COLUMNS, records=records)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "entries_chain":
            raise StreamConflictError from error
        if error.constraint_name == "entries_source":
            problem = "an event is chained that the offsets say is still to come"
            raise NotReadyError(problem) from error
        raise


async def positioned(connection: Connection, entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """Each entry with its place among its partition's leaves, in the order in which they came."""
    numbers = sorted(Counter(entry.partition for entry in entries).items())
    rows = await connection.fetch(TAKE_POSITIONS, *zip(*numbers, strict=True))
    ends = {row["partition"]: row["count"] for row in rows}
    last = {partition: ends[partition] - number for partition, number in numbers}
    found: list[tuple[Any, ...]] = []
    for entry in entries:
        last[entry.partition] += 1
        found.append((*entry, last[entry.partition]))
    return found


async def move_heads(connection: Connection, chained: Chained) -> None:
    keys = sorted(chained.new_heads)
    partitions = {entry.chain_key: entry.partition for entry in chained.entries}
    new = [chained.new_heads[key] for key in keys]
    was = [chained.heads[key].version if key in chained.heads else 0 for key in keys]
    moved: int = await connection.fetchval(
        MOVE_HEADS,
        keys,
        [partitions[key] for key in keys],
        [head.version for head in new],
        [head.hash for head in new],
        was,
    )
    if moved != len(keys):
        raise StreamConflictError
