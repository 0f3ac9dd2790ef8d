"""Keys of appeals and what stands under them. The caller owns the transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from libs.common.eventstore.store import Connection, Pool
from services.classifier.domain.likeness import WINDOW, Matter

PREPARE: Final = """
    INSERT INTO likeness_positions (partition) SELECT partition FROM partition_heads
    ON CONFLICT DO NOTHING
"""
BEHIND: Final = """
    SELECT p.partition FROM likeness_positions p JOIN partition_heads h USING (partition)
    WHERE h.last_sequence > p.sequence ORDER BY p.partition
"""
# Another copy that is at it already keeps the partition; this one takes another.
LOCK: Final = """
    SELECT p.sequence, h.last_sequence FROM likeness_positions p
    JOIN partition_heads h USING (partition)
    WHERE p.partition = $1 FOR UPDATE OF p SKIP LOCKED
"""
MOVE: Final = "UPDATE likeness_positions SET sequence = $2 WHERE partition = $1"
# The first event of a stream is its judgement; what follows says nothing new of the text.
READ: Final = """
    SELECT e.sequence, e.event_id, r.appeal_id, r.accepted_at, coalesce(r.item, r.proposed) AS item,
        r.enterprise_id, r.sub_district, r.title, r.text, r.partition, r.key
    FROM events e JOIN readings r ON r.appeal_id = e.subject::uuid
    WHERE e.partition = $1 AND e.sequence > $2 AND e.sequence <= $3 AND e.version = 1
        AND e.type IN ('classifier.appeal-classified.v1', 'classifier.review-required.v1')
        AND coalesce(r.item, r.proposed) IS NOT NULL
    ORDER BY e.sequence LIMIT $4
"""
KEEP: Final = """
    INSERT INTO likeness_keys (key, accepted_at, appeal_id)
    SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::uuid[]) ON CONFLICT DO NOTHING
"""
# The newest few under each key: bounded, whatever a firm or a place has sent in.
FIND: Final = """
    SELECT DISTINCT w.appeal_id AS later, k.appeal_id AS earlier
    FROM unnest($1::bigint[], $2::timestamptz[], $3::uuid[]) AS w(key, accepted_at, appeal_id)
    CROSS JOIN LATERAL (
        SELECT appeal_id FROM likeness_keys l
        WHERE l.key = w.key AND (l.accepted_at, l.appeal_id) < (w.accepted_at, w.appeal_id)
            AND l.accepted_at >= w.accepted_at - $4::interval
        ORDER BY l.accepted_at DESC, l.appeal_id DESC LIMIT 20
    ) AS k
"""
MATTERS: Final = """
    SELECT appeal_id, accepted_at, coalesce(item, proposed) AS item, enterprise_id, sub_district,
        title, text
    FROM readings WHERE appeal_id = ANY($1::uuid[]) AND state <> 'withdrawn'
"""
FORGET: Final = "DELETE FROM likeness_keys WHERE accepted_at < $1"


async def prepare(pool: Pool) -> None:
    await pool.execute(PREPARE)


async def partitions_behind(pool: Pool) -> list[int]:
    return [row["partition"] for row in await pool.fetch(BEHIND)]


async def lock(connection: Connection, partition: int) -> tuple[int, int] | None:
    """Where the search stands and where the partition ends; None while another copy has it."""
    row = await connection.fetchrow(LOCK, partition)
    return None if row is None else (row["sequence"], row["last_sequence"])


async def unread(
    connection: Connection, partition: int, span: tuple[int, int], limit: int
) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(READ, partition, *span, limit)]


async def move(connection: Connection, partition: int, sequence: int) -> None:
    await connection.execute(MOVE, partition, sequence)


async def keep_and_find(
    connection: Connection, keys: Sequence[tuple[int, datetime, UUID]]
) -> list[tuple[UUID, UUID]]:
    """Pairs of a later and an earlier appeal that share a key."""
    if not keys:
        return []
    columns = [list(column) for column in zip(*keys, strict=True)]
    await connection.execute(KEEP, *columns)
    return [tuple(row) for row in await connection.fetch(FIND, *columns, WINDOW)]


async def matters(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Matter]:
    rows = await connection.fetch(MATTERS, ids)
    return {row["appeal_id"]: matter_of(dict(row)) for row in rows}


async def forget(pool: Pool, before: datetime) -> None:
    await pool.execute(FORGET, before)


def matter_of(row: Mapping[str, Any]) -> Matter:
    return Matter(
        appeal_id=plain(row["appeal_id"]),
        accepted_at=row["accepted_at"],
        item=row["item"],
        enterprise_id=row["enterprise_id"],
        sub_district=row["sub_district"],
        text=f"{row['title']}\n{row['text']}",
    )


def plain(found: UUID) -> UUID:
    """The driver's own kind of UUID can not be encoded into an event."""
    return UUID(int=found.int)
