"""The whole trail from Kafka's topics alone: no database has a say in it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from aiokafka import AIOKafkaConsumer
from pydantic import TypeAdapter, ValidationError

from cli.audit.records import Copied, copied_records, open_reader, place_of
from libs.common.contracts.dossier import CheckpointSigned, LeavesOrdered
from libs.common.contracts.envelope import Envelope
from libs.common.contracts.topics import SERVICES, ServiceName, Topic, topic_of
from libs.common.settings import KafkaSettings
from services.dossier.adapters.verification import Verdict
from services.dossier.domain.chain import Algorithm, digest_of
from services.dossier.domain.checkpoint import Checkpoint
from services.dossier.domain.entries import chain_key_of
from services.dossier.domain.ordering import leaves_of
from services.dossier.domain.trail import Breaks, PartitionTrail
from services.dossier.domain.witness import TreeCheck, Trust, read_series

ORDER: Final = TypeAdapter(Envelope[LeavesOrdered])
SIGNED: Final = TypeAdapter(Envelope[CheckpointSigned])
PAGE: Final = 2_000
Row = tuple[int, str, str, int, bytes, None, None, None]


@dataclass(slots=True)
class TopicTrail:
    kafka: KafkaSettings
    trust: Trust
    copies: Sequence[tuple[str, str]] = ()
    breaks: Breaks = field(default_factory=Breaks)
    orders: dict[int, list[LeavesOrdered]] = field(default_factory=dict[int, list[LeavesOrdered]])
    notes: dict[int, CheckpointSigned] = field(default_factory=dict[int, CheckpointSigned])
    trails: dict[int, PartitionTrail] = field(default_factory=dict[int, PartitionTrail])

    async def verdict(self) -> Verdict:
        async with open_reader(self.kafka) as consumer:
            for partition in range(self.kafka.partitions):
                await self.read_dossier(consumer, partition)
            notes = [(number, self.notes[number].note) for number in sorted(self.notes)]
            series = read_series(notes, self.algorithm, self.trust, self.breaks)
            for partition in range(self.kafka.partitions):
                await self.read_partition(consumer, partition, series)
        tree = TreeCheck(digest_of(self.algorithm), self.breaks, self.trails)
        tree.check(series)
        copies = tree.compare_copies(self.copies, self.trust)
        return Verdict(
            algorithm=self.algorithm,
            chains=sum(len(trail.chains) for trail in self.trails.values()),
            entries=sum(len(trail.leaves) for trail in self.trails.values()),
            broken_chains=sum(trail.broken_chains for trail in self.trails.values()),
            breaks=tuple(self.breaks.found),
            broken=self.breaks.count,
            checkpoints=len(tree.good),
            covered=tree.good[-1].size if tree.good else 0,
            root=tree.good[-1].root.hex() if tree.good else None,
            copies=copies,
            has_trusted_key=bool(self.trust.keys),
        )

    @property
    def algorithm(self) -> Algorithm:
        for one in self.notes.values():
            return one.algorithm
        return "sha256"

    async def read_dossier(self, consumer: AIOKafkaConsumer, partition: int) -> None:
        topic = Topic.DOSSIER_EVENTS
        place = place_of(self.kafka, topic, partition)
        consumer.assign([place])
        async for copied in copied_records(consumer, place, topic):
            if copied.is_leaf:
                continue
            try:
                if copied.type == LeavesOrdered.TYPE:
                    order = ORDER.validate_json(copied.value).data
                    self.orders.setdefault(order.partition, []).append(order)
                elif copied.type == CheckpointSigned.TYPE:
                    signed = SIGNED.validate_json(copied.value).data
                    self.notes.setdefault(signed.number, signed)
            except ValidationError:
                where = f"dossier/{partition}"
                self.breaks.add("event", where, copied.sequence, copied.type, "unreadable")

    async def read_partition(
        self, consumer: AIOKafkaConsumer, partition: int, series: Sequence[Checkpoint]
    ) -> None:
        marks = [one.counts[partition] if partition < len(one.counts) else 0 for one in series]
        trail = PartitionTrail(digest_of(self.algorithm), partition, self.breaks, marks)
        self.trails[partition] = trail
        consumer.assign([place_of(self.kafka, topic_of(one), partition) for one in SERVICES])
        sources: dict[ServiceName, AsyncIterator[Copied]] = {}
        for service in SERVICES:
            topic = topic_of(service)
            place = place_of(self.kafka, topic, partition)
            sources[service] = leaves_only(copied_records(consumer, place, topic))
        page: list[Row] = []
        async for row in self.in_order(partition, sources):
            page.append(row)
            if len(page) == PAGE:
                trail.take(page)
                page = []
        trail.take(page)

    async def in_order(
        self, partition: int, sources: dict[ServiceName, AsyncIterator[Copied]]
    ) -> AsyncIterator[Row]:
        """As the order events say; what they do not name yet comes after, a topic at a time."""
        position = 0
        for told, service, sequence in leaves_of(self.orders.get(partition, [])):
            copied = await anext(sources[service], None)
            if copied is None or copied.sequence != sequence or told != position + 1:
                found = "-" if copied is None else str(copied.sequence)
                self.breaks.add("topic", f"{service}/{partition}", sequence, str(sequence), found)
                return
            position = told
            yield row_of(position, service, copied)
        for service, source in sources.items():
            async for copied in source:
                position += 1
                yield row_of(position, service, copied)


async def leaves_only(rows: AsyncIterator[Copied]) -> AsyncIterator[Copied]:
    async for row in rows:
        if row.is_leaf:
            yield row


def row_of(position: int, service: ServiceName, copied: Copied) -> Row:
    key = chain_key_of(copied.key)
    return (position, key, service, copied.sequence, copied.value, None, None, None)
