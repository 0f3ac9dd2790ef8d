"""The same events in the dossier, in their services' own tables and on their topics."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import asyncpg

from cli.audit.records import Copied, copied_records, open_reader, place_of
from libs.common.contracts.topics import SERVICES, ServiceName, topic_of
from libs.common.settings import KafkaSettings
from services.dossier.domain.checking import BreakKind
from services.dossier.domain.trail import Breaks

KEPT: Final = """
    SELECT sequence, convert_to(chain_key, 'UTF8') AS key, value, coalesce(type, '') AS type
    FROM dossier.entries
    WHERE service = $1 AND partition = $2 AND sequence > $3 AND sequence <= $4
    ORDER BY sequence LIMIT $5
"""
STORED: Final = """
    SELECT sequence, key, body AS value, type FROM {schema}.events
    WHERE partition = $1 AND sequence > $2 AND sequence <= $3
    ORDER BY sequence LIMIT $4
"""
# How far the dossier has read; what came later may be on its way still.
ENDS: Final = """
    SELECT partition, last_sequence FROM dossier.consumer_offsets WHERE topic = $1 ORDER BY 1
"""
PAGE: Final = 1_000
Rows = AsyncIterator[Copied]


@dataclass(slots=True)
class Comparison:
    """Counts what was compared; of each source and pair of places the first break is named."""

    connection: Any  # a pool's or one's own
    kafka: KafkaSettings | None
    breaks: Breaks = field(default_factory=Breaks)
    compared: int = 0

    async def run(self) -> None:
        for service in SERVICES:
            ends = await self.connection.fetch(ENDS, str(topic_of(service)))
            last = {row["partition"]: row["last_sequence"] for row in ends}
            await self.compare_tables(service, last)
            if self.kafka is not None:
                await self.compare_topic(self.kafka, service, last)

    async def compare_tables(self, service: ServiceName, last: dict[int, int]) -> None:
        for partition, end in last.items():
            stored = only_leaves(self.stored(service, partition, end))
            kept = self.kept(service, partition, end)
            await self.agree("store", f"{service}/{partition}", kept, stored)

    async def compare_topic(
        self, kafka: KafkaSettings, service: ServiceName, last: dict[int, int]
    ) -> None:
        topic = topic_of(service)
        async with open_reader(kafka) as consumer:
            places = [place_of(kafka, topic, partition) for partition in last]
            consumer.assign(places)
            for place, end in zip(places, last.values(), strict=True):
                stored = self.stored(service, place.partition, end)
                sent = up_to(end, copied_records(consumer, place, topic))
                await self.agree("topic", f"{service}/{place.partition}", stored, sent)

    async def kept(self, service: ServiceName, partition: int, end: int) -> Rows:
        last = 0
        while rows := await self.connection.fetch(KEPT, service, partition, last, end, PAGE):
            for row in rows:
                yield Copied(*row)
            last = rows[-1]["sequence"]

    async def stored(self, service: ServiceName, partition: int, end: int) -> Rows:
        last, statement = 0, STORED.format(schema=service)
        while rows := await self.connection.fetch(statement, partition, last, end, PAGE):
            for row in rows:
                yield Copied(*row)
            last = rows[-1]["sequence"]

    async def agree(self, kind: BreakKind, where: str, ours: Rows, theirs: Rows) -> None:
        async for mine in ours:
            other = await anext(theirs, None)
            self.compared += 1
            if other is None or mine[:3] != other[:3]:
                number = min(mine.sequence, other.sequence if other else mine.sequence)
                self.breaks.add(kind, where, number, spelled(mine), spelled(other))
                return
        if (other := await anext(theirs, None)) is not None:
            self.breaks.add(kind, where, other.sequence, spelled(None), spelled(other))


async def only_leaves(rows: Rows) -> Rows:
    async for row in rows:
        if row.is_leaf:
            yield row


async def up_to(end: int, rows: Rows) -> Rows:
    async for row in rows:
        if row.sequence <= end:
            yield row


def spelled(copied: Copied | None) -> str:
    """The number and a hash: what was in the event is nobody's business here."""
    if copied is None:
        return "-"
    return f"{copied.sequence}:{sha256(copied.key + bytes(1) + copied.value).hexdigest()}"


async def compare_everywhere(
    connection: "asyncpg.Connection[asyncpg.Record]", kafka: KafkaSettings | None
) -> Comparison:
    """Reads with the rights of whoever owns all schemas; the services may run on."""
    comparison = Comparison(connection, kafka)
    await comparison.run()
    return comparison
