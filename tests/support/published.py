"""What stands in a topic now, read from its beginning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from libs.common.contracts.topics import Topic
from libs.common.settings import KafkaSettings

Number: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Published:
    """One record of a service's topic; `number` is its partition and sequence."""

    number: Number
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes | None]


@dataclass(slots=True)
class Content:
    """Records in the order of their partition."""

    records: list[Published] = field(default_factory=list[Published])

    @property
    def numbers(self) -> set[Number]:
        return {record.number for record in self.records}

    def out_of_order(self) -> set[Number]:
        """Where the first copy of a number does not follow on the number before it."""
        last: dict[int, int] = {}
        found: set[Number] = set()
        for partition, sequence in (record.number for record in self.records):
            if sequence > last.get(partition, 0) + 1:
                found.add((partition, sequence))
            last[partition] = max(sequence, last.get(partition, 0))
        return found


async def read_topic(kafka: KafkaSettings, topic: Topic) -> Content:
    """A record without a sequence gets the number 0."""
    records = await read_records(kafka, topic)
    return Content([published(record) for record in records])


def published(record: ConsumerRecord) -> Published:
    headers = dict(record.headers)
    sequence = headers.get("sequence") or b"0"
    return Published((record.partition, int(sequence)), record.key, record.value, headers)


async def read_records(kafka: KafkaSettings, topic: Topic) -> list[ConsumerRecord]:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap_servers)
    await consumer.start()
    try:
        places = [TopicPartition(kafka.topic_prefix + topic, p) for p in range(kafka.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning()
        missing = sum((await consumer.end_offsets(places)).values())
        found: list[ConsumerRecord] = []
        while len(found) < missing:
            polled = await consumer.getmany(timeout_ms=200)
            found += [record for records in polled.values() for record in records]
        return sorted(found, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()
