"""Erasures that the topic tells of: it outlives a database that was set back to a backup."""

from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from libs.common.contracts.intake_vault import PersonalDataErased
from libs.common.contracts.topics import Topic
from libs.common.execution.screening import TYPE
from libs.common.settings import KafkaSettings

POLL_MS: Final = 1_000
WANTED: Final = PersonalDataErased.TYPE.encode()


async def erased_on_topic(kafka: KafkaSettings) -> list[bytes]:
    """The values of every such event, from the topic's start to its present end."""
    topic = kafka.topic_prefix + Topic.INTAKE_EVENTS
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(kafka.partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        await consumer.seek_to_beginning(*places)
        found: list[bytes] = []
        while not await is_read(consumer, ends):
            batches = await consumer.getmany(timeout_ms=POLL_MS)
            for records in batches.values():
                found += [r.value for r in records if (TYPE, WANTED) in r.headers and r.value]
        return found
    finally:
        await consumer.stop()


async def is_read(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> bool:
    for place, end in ends.items():
        if await consumer.position(place) < end:
            return False
    return True
