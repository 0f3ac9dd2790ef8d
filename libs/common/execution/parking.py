"""Dead letters: what could not be read or decided waits here with its reason, never lost."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from libs.common.eventstore.store import Connection
from libs.common.execution.screening import TYPE, sequence_of
from libs.common.subscription import Record

PARKED_KEYS: Final = """
    SELECT DISTINCT topic, key FROM dead_letters
    WHERE state = 'parked' AND parks_key
      AND (topic, key) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))
"""
COUNT_RECENT: Final = """
    SELECT count(DISTINCT key) FROM dead_letters
    WHERE parks_key AND parked_at > now() - interval '10 minutes'
"""
PARK: Final = """
    INSERT INTO dead_letters (topic, topic_id, partition, "offset", sequence, key, headers, value,
                              type, reason, detail, parks_key)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (topic_id, partition, "offset") DO NOTHING
"""
MAX_DETAIL: Final = 500


@dataclass(frozen=True, slots=True)
class Parked:
    """`detail` names fields and rules, never values: it is shown to people and counted."""

    record: Record
    reason: str
    detail: str
    parks_key: bool


async def parked_keys(
    connection: Connection, records: Sequence[Record]
) -> set[tuple[str, bytes | None]]:
    """Keys of which an earlier record waits, so that this one must wait behind it."""
    keys = {(str(r.topic), r.key) for r in records if not r.topic.is_inbound}
    if not keys:
        return set()
    topics, values = [topic for topic, _ in keys], [key for _, key in keys]
    return {tuple(row) for row in await connection.fetch(PARKED_KEYS, topics, values)}


async def park(connection: Connection, topic_id: UUID, parked: Sequence[Parked]) -> None:
    if parked:
        await connection.executemany(PARK, [row_of(topic_id, one) for one in parked])


async def keys_parked_recently(connection: Connection) -> int:
    """How many keys were parked in the last ten minutes: many mean bad code, not bad records."""
    count: int = await connection.fetchval(COUNT_RECENT)
    return count


def row_of(topic_id: UUID, parked: Parked) -> tuple[Any, ...]:
    record = parked.record
    headers = {
        name: None if value is None else b64encode(value).decode()
        for name, value in record.headers.items()
    }
    return (
        record.topic,
        topic_id,
        record.partition,
        record.offset,
        sequence_of(record),
        record.key,
        orjson.dumps(headers).decode(),
        record.value,
        record.text(TYPE),
        parked.reason,
        parked.detail[:MAX_DETAIL],
        parked.parks_key,
    )
