"""Numbers that nothing else counts as it goes: lag, backlog, dead letters, ages."""

import asyncio
from time import time
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka.subscriber.usecase import BatchSubscriber

from libs.common.eventstore.outbox import backlog
from libs.common.execution.offsets import read_offsets
from libs.common.runtime.process import Process

EVERY_SECONDS: Final = 2.0
TROUBLE: Final = (
    KafkaError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
DEAD_LETTERS: Final = """
    SELECT count(DISTINCT key) FILTER (WHERE parks_key) AS keys,
           coalesce(extract(epoch FROM now() - min(parked_at)), 0)::float8 AS oldest
    FROM dead_letters WHERE state = 'parked'
"""


async def monitor(process: Process, subscriber: BatchSubscriber) -> None:
    while True:
        try:
            await measure(process, subscriber.consumer)
        except TROUBLE:
            # A rebalance or an outage in the middle of it. The probes say so already; the
            # numbers stay as they were last seen.
            process.metrics.measured.set(0)
        else:
            process.metrics.measured.set(1)
        await asyncio.sleep(EVERY_SECONDS)


async def measure(process: Process, kafka: AIOKafkaConsumer | None) -> None:
    metrics = process.metrics
    metrics.pool_in_use.set(process.pool.get_size() - process.pool.get_idle_size())
    async with process.pool.acquire() as connection:
        unsent, age = await backlog(connection)
        metrics.unsent.set(unsent)
        metrics.unsent_age.set(age)
        row = await connection.fetchrow(DEAD_LETTERS)
        if row is not None:
            metrics.dlq_keys.set(row["keys"])
            metrics.dlq_oldest.set(row["oldest"])
        if kafka is not None and process.consumer is not None:
            topics = list(process.consumer.apply.subscriptions)
            stored = await read_offsets(connection, [str(topic) for topic in topics])
            lags(process, kafka, {key: at.next_offset for key, at in stored.items()})


def lags(process: Process, kafka: AIOKafkaConsumer, stored: dict[tuple[str, int], int]) -> None:
    """Behind the stored offset, not Kafka's committed one: only the stored one is the truth."""
    prefix = process.settings.kafka.topic_prefix
    polled = 0
    for where in kafka.assignment():
        topic = where.topic.removeprefix(prefix)
        high = kafka.highwater(TopicPartition(where.topic, where.partition))
        polled = max(polled, kafka.last_poll_timestamp(where) or 0)
        if high is not None and (topic, where.partition) in stored:
            behind = max(0, high - stored[topic, where.partition])
            process.metrics.lag.labels(topic, where.partition).set(behind)
    if polled and process.consumer is not None:
        process.consumer.flow.fetched_at = polled / 1000
        process.metrics.poll_age.set(max(0.0, time() - polled / 1000))
