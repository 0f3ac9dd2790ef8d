"""Dead letters again: looked at, applied anew in their order, or given up with a reason."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
import orjson

from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.apply import Worker
from libs.common.execution.offsets import lock_offsets
from libs.common.execution.parking import Parked
from libs.common.failures import describe
from libs.common.subscription import Record

LIST: Final = """
    SELECT id, topic, partition, "offset", key, type, reason, detail, parks_key, state, parked_at
    FROM dead_letters
    WHERE state = $1 AND ($2::bigint IS NULL OR id = $2) AND ($3::text IS NULL OR reason = $3)
      AND ($4::bytea IS NULL OR key = $4)
    ORDER BY id LIMIT $5
"""
SHOW: Final = "SELECT * FROM dead_letters WHERE id = $1"
LOCK: Final = """
    SELECT id, topic, partition, "offset", key, value, headers FROM dead_letters
    WHERE id = ANY($1::bigint[]) AND state = 'parked' ORDER BY id FOR UPDATE
"""
RESOLVE: Final = """
    UPDATE dead_letters SET state = $2, resolved_at = now(), resolution = $3
    WHERE id = ANY($1::bigint[]) AND state = 'parked'
"""
PARK_AGAIN: Final = """
    UPDATE dead_letters SET state = 'parked', resolved_at = NULL, resolution = NULL,
        reason = $2, detail = $3
    WHERE id = $1
"""
FOREIGN: Final = "foreign"


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter without its value: what it is and why it waits."""

    id: int
    topic: str
    partition: int
    offset: int
    key: str | None
    type: str | None
    reason: str
    detail: str
    parks_key: bool
    state: str
    parked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which letters; all that are given must hold."""

    state: str = "parked"
    id: int | None = None
    reason: str | None = None
    key: str | None = None
    most: int = 5_000


async def letters(pool: Pool, wanted: Filter) -> list[Letter]:
    key = None if wanted.key is None else wanted.key.encode()
    rows = await pool.fetch(LIST, wanted.state, wanted.id, wanted.reason, key, wanted.most)
    return [letter_of(row) for row in rows]


async def show(pool: Pool, letter_id: int) -> dict[str, Any] | None:
    """Everything, the value too: for whoever may see what the service may see."""
    row = await pool.fetchrow(SHOW, letter_id)
    return None if row is None else dict(row)


async def discard(pool: Pool, wanted: Filter, why: str) -> int:
    """Gives letters up; the rows stay, with the reason. Returns how many."""
    chosen = [letter.id for letter in await letters(pool, wanted)]
    await pool.execute(RESOLVE, chosen, "discarded", why)
    return len(chosen)


@dataclass(frozen=True, slots=True)
class Redriver:
    """Applies letters in the order in which they were parked, key by key.

    Holds the partition's offset rows, which the consumer's fence locks too: while a key is
    redriven no newer record of it can be applied.
    """

    pool: Pool
    worker: Worker

    async def redrive(self, wanted: Filter) -> tuple[int, int]:
        """How many went through, and how many wait again with a fresh reason."""
        lanes: dict[tuple[str, int, str | None], list[int]] = {}
        for letter in await letters(self.pool, wanted):
            if letter.reason != FOREIGN:
                lane = (letter.topic, letter.partition, letter.key if letter.parks_key else None)
                lanes.setdefault(lane, []).append(letter.id)
        done = failed = 0
        for (topic, partition, _), ids in lanes.items():
            parked = await self.redrive_lane((topic, partition), ids)
            failed += parked
            done += len(ids) - parked
        return done, failed

    async def redrive_lane(self, where: tuple[str, int], ids: Sequence[int]) -> int:
        try:
            return await self.apply(where, ids)
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            if len(ids) > 1:
                return sum([await self.redrive_lane(where, [one]) for one in ids])
            reason, detail = describe(error)
            await self.pool.execute(PARK_AGAIN, ids[0], reason, detail)
            return 1

    async def apply(self, where: tuple[str, int], ids: Sequence[int]) -> int:
        async with self.pool.acquire() as connection, connection.transaction():
            await lock_offsets(connection, [where])
            rows = await connection.fetch(LOCK, ids)
            records = {(row["topic"], row["offset"]): row["id"] for row in rows}
            # Before the work: a letter that still counts as parked would hold its own key back.
            await connection.execute(RESOLVE, ids, "redriven", None)
            worked = await self.worker(
                connection, [record_of(row) for row in rows], heads_first=True
            )
            for parked in worked.parked:
                await park_again(connection, records, parked)
            return len(worked.parked)


async def park_again(
    connection: Connection, ids: Mapping[tuple[str, int], int], parked: Parked
) -> None:
    letter_id = ids[parked.record.topic, parked.record.offset]
    await connection.execute(PARK_AGAIN, letter_id, parked.reason, parked.detail)


def record_of(row: asyncpg.Record) -> Record:
    headers: Mapping[str, str | None] = orjson.loads(row["headers"])
    return Record(
        Topic(row["topic"]),
        row["partition"],
        row["offset"],
        row["key"],
        row["value"],
        {name: None if value is None else b64decode(value) for name, value in headers.items()},
    )


def letter_of(row: asyncpg.Record) -> Letter:
    key: bytes | None = row["key"]
    return Letter(
        row["id"],
        row["topic"],
        row["partition"],
        row["offset"],
        None if key is None else key.decode(errors="replace"),
        row["type"],
        row["reason"],
        row["detail"],
        row["parks_key"],
        row["state"],
        row["parked_at"],
    )
