"""Stored chains recomputed from their bytes, in one snapshot, while the service may run on.

What it can not see without signed checkpoints: a chain rewritten to its end together with its
head, and the end of every chain cut together with heads and offsets.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import asyncpg

from services.dossier.domain.chain import Algorithm, Head, digest_of
from services.dossier.domain.checking import Break, ChainCheck

FORMAT: Final = "SELECT algorithm FROM chain_format"
ENTRIES: Final = """
    SELECT chain_key, version, service, partition, sequence, value, leaf, hash
    FROM entries ORDER BY chain_key, version
"""
ENTRIES_OF: Final = """
    SELECT chain_key, version, service, partition, sequence, value, leaf, hash
    FROM entries WHERE chain_key = $1 ORDER BY version
"""
HEADS: Final = "SELECT chain_key, version, hash FROM chain_heads WHERE chain_key = ANY($1::text[])"
EMPTY_CHAINS: Final = """
    SELECT chain_key, version, hash FROM chain_heads h
    WHERE ($1::text IS NULL OR chain_key = $1)
      AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.chain_key = h.chain_key)
    ORDER BY chain_key LIMIT 100
"""
GAPS: Final = """
    SELECT service, partition, sequence, previous FROM (
        SELECT service, partition, sequence,
               lag(sequence, 1, 0::bigint) OVER (PARTITION BY service, partition
                                                 ORDER BY sequence) AS previous
        FROM entries WHERE service <> 'dossier') AS numbered
    WHERE sequence <> previous + 1
    ORDER BY service, partition, sequence LIMIT 100
"""
# How far each source has been read, against how far it is held.
BEHIND: Final = """
    SELECT split_part(c.topic, '.', 2) AS service, c.partition, c.last_sequence,
           coalesce(held.last, 0) AS held
    FROM consumer_offsets c
    LEFT JOIN (SELECT service, partition, max(sequence) AS last FROM entries GROUP BY 1, 2) AS held
        ON held.service = split_part(c.topic, '.', 2) AND held.partition = c.partition
    WHERE c.last_sequence <> coalesce(held.last, 0) AND c.topic NOT LIKE '%.dossier.%'
    ORDER BY 1, 2 LIMIT 100
"""
CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`broken_chains` counts all; `breaks` names the first 100 places, each chain's first only."""

    algorithm: str
    chains: int
    entries: int
    broken_chains: int
    breaks: tuple[Break, ...]

    @property
    def is_whole(self) -> bool:
        return not self.breaks

    def as_json(self) -> dict[str, Any]:
        return {"whole": self.is_whole, **asdict(self)}


async def verify(
    connection: "asyncpg.Connection[asyncpg.Record]", chain_key: str | None = None
) -> Verdict:
    """One chain, or all of them and the completeness of every source."""
    snapshot = connection.transaction(isolation="repeatable_read", readonly=True)
    async with snapshot:
        await connection.execute("SET LOCAL statement_timeout = 0")
        algorithm: Algorithm = await connection.fetchval(FORMAT) or "sha256"
        check = ChainCheck(digest_of(algorithm))
        await check_chains(connection, check, chain_key)
        for row in await connection.fetch(EMPTY_CHAINS, chain_key):
            check.compare(row["chain_key"], Head(row["version"], row["hash"]), Head(0, b""))
        sources: Sequence[Break] = await check_sources(connection) if chain_key is None else ()
    return Verdict(
        algorithm=algorithm,
        chains=check.chains,
        entries=check.entries,
        broken_chains=check.broken_chains,
        breaks=(*check.breaks, *sources),
    )


async def check_chains(
    connection: "asyncpg.Connection[asyncpg.Record]", check: ChainCheck, chain_key: str | None
) -> None:
    arguments = () if chain_key is None else (chain_key,)
    query = ENTRIES if chain_key is None else ENTRIES_OF
    cursor = await connection.cursor(query, *arguments)
    rows = await cursor.fetch(CHUNK)
    while rows:
        # PostgreSQL reads the next rows while these are hashed.
        ahead = asyncio.create_task(cursor.fetch(CHUNK))
        await asyncio.sleep(0)
        check.take(rows)
        rows = await ahead
        if len(check.ends) >= CHUNK:
            await check_heads(connection, check)
    check.turn_to(None)
    await check_heads(connection, check)


async def check_heads(connection: "asyncpg.Connection[asyncpg.Record]", check: ChainCheck) -> None:
    rows = await connection.fetch(HEADS, list(check.ends))
    check.take_heads((row["chain_key"], Head(row["version"], row["hash"])) for row in rows)


async def check_sources(connection: "asyncpg.Connection[asyncpg.Record]") -> Sequence[Break]:
    gaps = [
        Break(
            kind="sequence",
            chain=f"{row['service']}/{row['partition']}",
            version=row["previous"] + 1,
            expected=str(row["previous"] + 1),
            found=str(row["sequence"]),
        )
        for row in await connection.fetch(GAPS)
    ]
    behind = [
        Break(
            kind="offset",
            chain=f"{row['service']}/{row['partition']}",
            version=min(row["held"], row["last_sequence"]) + 1,
            expected=str(row["last_sequence"]),
            found=str(row["held"]),
        )
        for row in await connection.fetch(BEHIND)
    ]
    return [*gaps, *behind]
