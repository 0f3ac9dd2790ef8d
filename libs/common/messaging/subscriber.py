"""The one FastStream subscriber of a service, set so that nothing is acknowledged by itself."""

from collections.abc import Collection
from contextlib import suppress
from typing import Final

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import IllegalStateError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber

from libs.common.contracts.topics import Topic
from libs.common.execution.offsets import read_offsets
from libs.common.messaging.consumer import Consumer

SESSION_TIMEOUT_MS: Final = 10_000
REBALANCE_TIMEOUT_MS: Final = 60_000
# Backing off through an outage of the database must not look like a dead process to Kafka.
MAX_POLL_INTERVAL_MS: Final = 3_600_000
BATCH_TIMEOUT_MS: Final = 500
# The broker answers as soon as there is anything: asking it every few milliseconds costs both of
# them more than the work itself. Under load batches grow by themselves while one is worked on.
FETCH_MIN_BYTES: Final = 1
FETCH_MAX_WAIT_MS: Final = 500


class Reader(ConsumerRebalanceListener):
    """Hands batches over. The database says where each partition starts; Kafka never does."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer
        self.subscriber: BatchSubscriber | None = None

    async def on_batch(self, message: KafkaMessage) -> None:
        records = message.raw_message
        kafka = self.subscriber.consumer if self.subscriber else None
        if isinstance(records, tuple) and kafka is not None:
            await self.consumer.on_records(records, kafka)

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Nothing to save: what is not committed to the database did not happen."""

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        prefix = self.consumer.topic_prefix
        mine = {(Topic(tp.topic.removeprefix(prefix)), tp.partition) for tp in assigned}
        self.consumer.flow.assign(mine)
        async with self.consumer.apply.pool.acquire() as connection:
            stored = await read_offsets(connection, [topic for topic, _ in mine])
        kafka = self.subscriber.consumer if self.subscriber else None
        for topic, partition in mine:
            position = stored.get((str(topic), partition))
            if position is not None and kafka is not None:
                with suppress(IllegalStateError):  # assigned anew meanwhile: called again then
                    kafka.seek(TopicPartition(prefix + topic, partition), position.next_offset)


def subscribe(
    broker: KafkaBroker, consumer: Consumer, *, group: str, batch_records: int
) -> BatchSubscriber:
    """Adds the subscriber; it reads from the moment at which the broker starts."""
    reader = Reader(consumer)
    subscriber = broker.subscriber(
        *(consumer.topic_prefix + topic for topic in consumer.apply.subscriptions),
        group_id=consumer.topic_prefix + group,
        batch=True,
        max_records=batch_records,
        batch_timeout_ms=BATCH_TIMEOUT_MS,
        ack_policy=AckPolicy.MANUAL,
        auto_offset_reset="earliest",
        listener=reader,
        parser=parse,
        decoder=keep,
        partition_assignment_strategy=(RangePartitionAssignor,),
        session_timeout_ms=SESSION_TIMEOUT_MS,
        rebalance_timeout_ms=REBALANCE_TIMEOUT_MS,
        max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        fetch_min_bytes=FETCH_MIN_BYTES,
        fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
    )

    reader.subscriber = subscriber
    subscriber(reader.on_batch)
    return subscriber


async def parse(records: tuple[ConsumerRecord, ...]) -> KafkaMessage:
    """FastStream's own parser decodes every header and loses the batch at the first broken one."""
    return KafkaMessage(body=b"", raw_message=records, consumer=FAKE_CONSUMER, correlation_id="-")


async def keep(message: KafkaMessage) -> KafkaMessage:
    """The handler gets the message itself: no thread, no decoding, no injection."""
    return message
