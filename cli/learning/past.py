"""What has passed: the accepted appeals on intake's topic, read from its start to its end now."""

from collections import deque
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from cli.learning.comparing import Past
from libs.common.contracts.intake import AppealAccepted
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import adapter
from libs.common.settings import KafkaSettings
from services.classifier.domain.reading import whole_text

ACCEPTED: Final = adapter(AppealAccepted)
TYPE: Final = "ce_type"
POLL_MS: Final = 1_000
BATCH: Final = 2_000


async def past_appeals(kafka: KafkaSettings, most: int) -> list[Past]:
    """At most `most`; of more, those read last. Commits nothing: no service's position moves."""
    name = kafka.topic_prefix + Topic.INTAKE_EVENTS
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers, enable_auto_commit=False, group_id=None
    )
    await consumer.start()
    try:
        places = [TopicPartition(name, partition) for partition in range(kafka.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        return await read_until(consumer, ends, most)
    finally:
        await consumer.stop()


async def read_until(
    consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int], most: int
) -> list[Past]:
    found: deque[Past] = deque(maxlen=most)
    left = {place for place, end in ends.items() if await consumer.position(place) < end}
    while left:
        polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
        for records in polled.values():
            found.extend(past_of(record) for record in records if is_acceptance(record))
        left = {place for place in left if await consumer.position(place) < ends[place]}
    return list(found)


def is_acceptance(record: ConsumerRecord) -> bool:
    return (TYPE, AppealAccepted.TYPE.encode()) in record.headers


def past_of(record: ConsumerRecord) -> Past:
    event = ACCEPTED.validate_json(record.value or b"").data
    return Past(event.appeal_id, whole_text(event.title, event.text))
