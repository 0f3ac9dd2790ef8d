"""Submissions to the topic that intake reads, under the keys that their appeals will have."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata

from libs.common.contracts.inbound import Submission
from libs.common.contracts.topics import Topic
from libs.common.ids import appeal_id_of, enterprise_id_of
from libs.common.messaging.partitioning import partition_of
from libs.common.messaging.sender import new_producer
from libs.common.settings import KafkaSettings
from services.intake.adapters.submissions import PRODUCER
from services.intake.domain.identity import normalise_uscc

IN_FLIGHT: Final = 500


async def publish(
    kafka: KafkaSettings,
    producer_id: str,
    submissions: Iterable[Submission],
    sent: Callable[[int], None],
) -> int:
    """Returns how many Kafka has acknowledged, which are all. Raises KafkaError."""
    producer = new_producer(kafka.bootstrap_servers, "appeals-ingest")
    count = 0
    await producer.start()
    try:
        rest = iter(submissions)
        while several := list(islice(rest, IN_FLIGHT)):
            waiting = [await send(producer, kafka, producer_id, one) for one in several]
            await asyncio.gather(*waiting)
            count += len(several)
            sent(count)
    finally:
        await producer.stop()
    return count


async def send(
    producer: AIOKafkaProducer, kafka: KafkaSettings, producer_id: str, one: Submission
) -> "asyncio.Future[RecordMetadata]":
    key = key_of(one, producer_id)
    return await producer.send(
        kafka.topic_prefix + Topic.SUBMISSIONS,
        one.model_dump_json(exclude_none=True).encode(),
        key=key.encode(),
        partition=partition_of(key, kafka.partitions),
        headers=[(PRODUCER, producer_id.encode())],
    )


def enterprise_of(submission: Submission) -> UUID | None:
    code = submission.enterprise.uscc if submission.enterprise else None
    normalised = normalise_uscc(code) if code else ""
    return enterprise_id_of(normalised) if normalised else None


def key_of(submission: Submission, producer_id: str) -> str:
    """The appeal's key for ever: its enterprise's id, else its own (rule 2)."""
    appeal_id = appeal_id_of(submission.channel, producer_id, submission.source_id or "")
    return str(enterprise_of(submission) or appeal_id)
