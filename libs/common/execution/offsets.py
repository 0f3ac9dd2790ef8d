"""How far each partition has been read, kept in the same transaction as what came of it."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from libs.common.errors import NotReadyError
from libs.common.eventstore.store import Connection
from libs.common.execution.screening import Position, Screened

PartitionKey: TypeAlias = tuple[str, int]

LOCK: Final = """
    SELECT topic, partition, topic_id, next_offset, last_sequence FROM consumer_offsets
    WHERE (topic, partition) IN (SELECT * FROM unnest($1::text[], $2::smallint[]))
    ORDER BY topic, partition FOR UPDATE
"""
READ: Final = """
    SELECT topic, partition, topic_id, next_offset, last_sequence FROM consumer_offsets
    WHERE topic = ANY($1::text[])
"""
MOVE: Final = """
    UPDATE consumer_offsets c SET next_offset = n.next_offset, last_sequence = n.last_sequence
    FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[])
        AS n(topic, partition, next_offset, last_sequence)
    WHERE c.topic = n.topic AND c.partition = n.partition
"""


async def lock_offsets(
    connection: Connection, keys: Sequence[PartitionKey]
) -> Mapping[PartitionKey, Position]:
    """Fences out every other owner until the commit. Raises NotReadyError for a missing row."""
    topics = [topic for topic, _ in keys]
    partitions = [partition for _, partition in keys]
    found = {
        (row["topic"], row["partition"]): Position(
            row["topic_id"], row["next_offset"], row["last_sequence"]
        )
        for row in await connection.fetch(LOCK, topics, partitions)
    }
    # Rows are made when the topic is made. Making one here would hide a loss.
    if missing := set(keys) - found.keys():
        raise NotReadyError(str(sorted(missing)))
    return found


async def read_offsets(
    connection: Connection, topics: Sequence[str]
) -> Mapping[PartitionKey, Position]:
    return {
        (row["topic"], row["partition"]): Position(
            row["topic_id"], row["next_offset"], row["last_sequence"]
        )
        for row in await connection.fetch(READ, topics)
    }


async def move_offsets(connection: Connection, screened: Sequence[Screened]) -> None:
    await connection.execute(
        MOVE,
        [s.topic for s in screened],
        [s.partition for s in screened],
        [s.next_offset for s in screened],
        [s.last_sequence for s in screened],
    )
