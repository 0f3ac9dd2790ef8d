"""Service topics read from their beginning, each number once, as an outsider would."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from libs.common.contracts.topics import Topic
from libs.common.execution.screening import sequence_of
from libs.common.settings import KafkaSettings
from libs.common.subscription import Record, name_of
from services.dossier.adapters.own_events import NO_LEAVES

POLL_MS: Final = 500
PAGE: Final = 2_000
# A broker that does not answer for so long will not.
PATIENCE: Final = 60


class Copied(NamedTuple):
    """One event as one place has it."""

    sequence: int
    key: bytes
    value: bytes
    type: str

    @property
    def is_leaf(self) -> bool:
        return name_of(self.type) not in NO_LEAVES


@asynccontextmanager
async def open_reader(kafka: KafkaSettings) -> AsyncGenerator[AIOKafkaConsumer]:
    # A seek would race with the consumer's own first look for a place to start.
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


def place_of(kafka: KafkaSettings, topic: Topic, partition: int) -> TopicPartition:
    return TopicPartition(kafka.topic_prefix + topic, partition)


async def copied_records(
    consumer: AIOKafkaConsumer, place: TopicPartition, topic: Topic
) -> AsyncIterator[Copied]:
    """Up to the end as it is now; foreign records and what a relay sent again are passed over.

    The place must be assigned to the consumer and not have been read yet. Raises TimeoutError.
    """
    (end,) = (await consumer.end_offsets([place])).values()
    last, silent = 0, 0
    while await consumer.position(place) < end:
        polled = await consumer.getmany(place, timeout_ms=POLL_MS, max_records=PAGE)
        silent = 0 if polled else silent + 1
        if silent > PATIENCE:
            raise TimeoutError(str(place))
        for raw in polled.get(place, []):
            record = Record(topic, raw.partition, raw.offset, raw.key, raw.value, dict(raw.headers))
            sequence = sequence_of(record)
            if sequence is not None and sequence > last and raw.offset < end:
                last = sequence
                event_type = record.text("ce_type") or ""
                yield Copied(sequence, raw.key or b"", raw.value or b"", event_type)
