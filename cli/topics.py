"""Topics with explicit partitions and retention, and the rows from which services read them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError

from libs.common.contracts.topics import READS, SERVICES, Topic, topic_of
from libs.common.ids import random_id
from libs.common.settings import KafkaSettings

# 72 hours: what producers send may hold personal data (architecture decision 6).
INBOUND_RETENTION_MS: Final = "259200000"
FOR_EVER: Final = "-1"
INSERT_TOPIC: Final = """
    INSERT INTO {schema}.topics (topic, topic_id) VALUES ($1, $2)
    ON CONFLICT (topic) DO NOTHING
"""
READ_TOPIC: Final = "SELECT topic_id FROM {schema}.topics WHERE topic = $1"
INSERT_OFFSET: Final = """
    INSERT INTO {schema}.consumer_offsets (topic, topic_id, partition, next_offset)
    VALUES ($1, $2, $3, $4) ON CONFLICT (topic, partition) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class TopicRow:
    topic: Topic
    name: str
    topic_id: UUID


async def create_topics(dsn: str, kafka: KafkaSettings, *, replication: int = 1) -> list[TopicRow]:
    """Makes what is missing; what exists stays as it is. Safe to run again."""
    await create_in_kafka(kafka, replication)
    starts = await beginnings(kafka)
    admin = await asyncpg.connect(dsn)
    try:
        async with admin.transaction():
            rows = [await record(admin, topic, kafka.topic_prefix) for topic in Topic]
            ids = {row.topic: row.topic_id for row in rows}
            for service in SERVICES:
                for topic in READS[service]:
                    await admin.executemany(
                        INSERT_OFFSET.format(schema=service),
                        [(topic, ids[topic], p, starts[topic, p]) for p in range(kafka.partitions)],
                    )
            return rows
    finally:
        await admin.close()


async def create_in_kafka(kafka: KafkaSettings, replication: int) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await client.start()
    try:
        existing = set(await client.list_topics())
        wanted = [
            NewTopic(
                kafka.topic_prefix + topic,
                kafka.partitions,
                replication,
                topic_configs={
                    "retention.ms": INBOUND_RETENTION_MS if topic.is_inbound else FOR_EVER
                },
            )
            for topic in Topic
            if kafka.topic_prefix + topic not in existing
        ]
        if wanted:
            await client.create_topics(wanted)
    except TopicAlreadyExistsError:
        return  # another deploy made them at the same moment
    finally:
        await client.close()


async def beginnings(kafka: KafkaSettings) -> dict[tuple[Topic, int], int]:
    """Where each partition starts now: what retention has taken was never ours to read."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap_servers)
    await consumer.start()
    try:
        places = [
            TopicPartition(kafka.topic_prefix + topic, p)
            for topic in Topic
            for p in range(kafka.partitions)
        ]
        found = await consumer.beginning_offsets(places)
        return {
            (Topic(tp.topic.removeprefix(kafka.topic_prefix)), tp.partition): offset
            for tp, offset in found.items()
        }
    finally:
        await consumer.stop()


async def record(
    admin: "asyncpg.Connection[asyncpg.Record]", topic: Topic, prefix: str
) -> TopicRow:
    """A service's topic is known in its own schema; an inbound one in that of its reader."""
    owners = [s for s in SERVICES if topic_of(s) is topic] or [
        s for s in SERVICES if topic in READS[s]
    ]
    schema = owners[0]
    await admin.execute(INSERT_TOPIC.format(schema=schema), topic, random_id())
    topic_id: UUID = await admin.fetchval(READ_TOPIC.format(schema=schema), topic)
    return TopicRow(topic, prefix + topic, topic_id)
