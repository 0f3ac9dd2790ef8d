"""What is stored and not yet sent: only the SQL of the relay; sending is messaging's."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg

# Services share a database, so the schema's own table gives the first half of the lock's name.
TRY_LOCK: Final = "SELECT pg_try_advisory_lock('partition_heads'::regclass::oid::int, $1)"
UNLOCK: Final = "SELECT pg_advisory_unlock('partition_heads'::regclass::oid::int, $1)"
UNSENT: Final = """
    SELECT e.* FROM relay_positions r CROSS JOIN LATERAL (
        SELECT partition, sequence, type, event_id, subject, correlation_id, traceparent, key, body
        FROM events e
        WHERE e.partition = r.partition AND e.sequence > r.sent_sequence
        ORDER BY sequence LIMIT $2
    ) AS e
    WHERE r.partition = ANY($1::smallint[])
    ORDER BY e.partition, e.sequence
"""
# A zombie may only send again: the position never goes back here.
MOVE_SENT: Final = """
    UPDATE relay_positions r SET sent_sequence = n.sent
    FROM unnest($1::smallint[], $2::bigint[]) AS n(partition, sent)
    WHERE r.partition = n.partition AND r.sent_sequence < n.sent
"""
BACKLOG: Final = """
    SELECT coalesce(sum(h.last_sequence - r.sent_sequence), 0)::bigint AS unsent,
           coalesce(extract(epoch FROM now() - min(e.recorded_at)), 0)::float8 AS oldest
    FROM partition_heads h JOIN relay_positions r USING (partition)
    LEFT JOIN events e ON e.partition = r.partition AND e.sequence = r.sent_sequence + 1
"""
TOPIC_ID: Final = "SELECT topic_id FROM topics WHERE topic = $1"
PARTITIONS: Final = "SELECT partition FROM partition_heads ORDER BY partition"

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def try_own(connection: Connection, partition: int) -> bool:
    owned: bool = await connection.fetchval(TRY_LOCK, partition)
    return owned


async def disown(connection: Connection, partition: int) -> None:
    await connection.execute(UNLOCK, partition)


async def unsent(
    connection: Connection, partitions: Iterable[int], limit: int
) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(UNSENT, list(partitions), limit)]


async def move_sent(connection: Connection, sent: Sequence[tuple[int, int]]) -> None:
    await connection.execute(MOVE_SENT, [p for p, _ in sent], [s for _, s in sent])


async def all_partitions(connection: Connection) -> list[int]:
    return [row["partition"] for row in await connection.fetch(PARTITIONS)]


async def topic_id(connection: Connection, topic: str) -> UUID | None:
    found: UUID | None = await connection.fetchval(TOPIC_ID, topic)
    return found


async def backlog(connection: Any) -> tuple[int, float]:  # noqa: ANN401 - pool or connection
    """Unsent events, and the age of the oldest one in seconds."""
    row = await connection.fetchrow(BACKLOG)
    return row["unsent"], row["oldest"]
