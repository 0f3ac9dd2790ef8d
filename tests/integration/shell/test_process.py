"""A whole service process on a real broker: what comes in, what goes out, what survives."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from libs.common.contracts.topics import Topic
from libs.common.runtime.process import Process, open_process
from libs.common.runtime.running import run_process
from libs.common.settings import KafkaSettings
from libs.common.subscription import Record
from services.router.app import compose
from tests.support.databases import Database
from tests.support.records import dispatchable, spoilt, with_header
from tests.support.settings import router_settings

PATIENCE_S = 30


@asynccontextmanager
async def running_router(database: Database, kafka: KafkaSettings) -> AsyncGenerator[Process]:
    settings = router_settings(database, kafka)
    async with open_process("router", settings) as process:
        task = asyncio.create_task(run_process(process, compose(process, settings)))
        try:
            yield process
        finally:
            process.stopping.set()
            await task


async def send(kafka: KafkaSettings, topic: Topic, records: Sequence[Record]) -> None:
    """In the given order; an incomplete header is sent as it is."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    try:
        for record in records:
            await producer.send_and_wait(
                kafka.topic_prefix + topic,
                record.value,
                key=record.key,
                partition=record.partition,
                headers=list(record.headers.items()),
            )
    finally:
        await producer.stop()


async def read_all(kafka: KafkaSettings, topic: Topic) -> list[ConsumerRecord]:
    """Everything that stands in the topic now, by partition and offset."""
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


async def dispatched(database: Database) -> int:
    (row,) = await database.fetch("SELECT count(*) AS n FROM router.events")
    return int(row["n"])


async def wait_for(database: Database, count: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await dispatched(database) < count:
            await asyncio.sleep(0.05)


async def wait_sent(database: Database) -> None:
    unsent = (
        "SELECT sum(last_sequence - sent_sequence)::int AS n "
        "FROM router.partition_heads JOIN router.relay_positions USING (partition)"
    )
    async with asyncio.timeout(PATIENCE_S):
        while (await database.fetch(unsent))[0]["n"]:
            await asyncio.sleep(0.05)


async def topic_id(database: Database, topic: Topic) -> bytes:
    (row,) = await database.fetch(
        "SELECT topic_id FROM router.consumer_offsets WHERE topic = $1 LIMIT 1", topic
    )
    return str(row["topic_id"]).encode()


async def facts(database: Database, numbers: Sequence[int], *, partition: int = 0) -> list[Record]:
    made_at = await topic_id(database, Topic.CLASSIFIER_EVENTS)
    records = [
        dispatchable(n, offset=i, key=f"key-{n % 3}", partition=partition)
        for i, n in enumerate(numbers)
    ]
    return [with_header(record, "topic_id", made_at) for record in records]


async def test_what_is_decided_is_published_in_order_with_its_numbers(
    database: Database, deployment: KafkaSettings
) -> None:
    records = await facts(database, range(50))
    async with running_router(database, deployment):
        await send(deployment, Topic.CLASSIFIER_EVENTS, records)
        await wait_for(database, 50)
        await wait_sent(database)
    published = await read_all(deployment, Topic.ROUTER_EVENTS)
    stored = await database.fetch("SELECT sequence, body FROM router.events ORDER BY sequence")
    assert [record.value for record in published] == [row["body"] for row in stored]
    numbers = [int(dict(record.headers)["sequence"] or b"") for record in published]
    assert numbers == list(range(1, 51))
    assert {record.partition for record in published} == {0}


@pytest.mark.parametrize("value", [None, b"\xff\xfe", b"\x00" * 10])
async def test_a_broken_header_loses_neither_its_record_nor_its_neighbours(
    database: Database, deployment: KafkaSettings, value: bytes | None
) -> None:
    records = await facts(database, range(3))
    records[1] = with_header(records[1], "x-odd", value)
    async with running_router(database, deployment):
        await send(deployment, Topic.CLASSIFIER_EVENTS, records)
        await wait_for(database, 3)


async def test_a_stopped_partition_lets_the_others_go_on_and_says_not_ready(
    database: Database, deployment: KafkaSettings
) -> None:
    first, lost, *_ = await facts(database, range(3))
    hole = with_header(lost, "sequence", b"9")
    others = await facts(database, range(10, 15), partition=1)
    async with running_router(database, deployment) as process:
        await send(deployment, Topic.CLASSIFIER_EVENTS, [first, hole, *others])
        await wait_for(database, 6)
        assert process.consumer is not None
        assert list(process.consumer.flow.held) == [(Topic.CLASSIFIER_EVENTS, 0)]


async def test_a_restart_goes_on_where_the_database_says(
    database: Database, deployment: KafkaSettings
) -> None:
    records = await facts(database, range(40))
    async with running_router(database, deployment):
        await send(deployment, Topic.CLASSIFIER_EVENTS, records[:20])
        await wait_for(database, 20)
    async with running_router(database, deployment):
        await send(deployment, Topic.CLASSIFIER_EVENTS, records[20:])
        await wait_for(database, 40)
        await wait_sent(database)
    published = await read_all(deployment, Topic.ROUTER_EVENTS)
    numbers = [int(dict(record.headers)["sequence"] or b"") for record in published]
    assert all(after == before + 1 for before, after in pairwise(numbers))
    assert numbers[-1] == 40


async def test_two_copies_share_the_partitions_and_send_each_event(
    database: Database, deployment: KafkaSettings
) -> None:
    async with running_router(database, deployment), running_router(database, deployment):
        for partition in range(deployment.partitions):
            batch = await facts(
                database, range(100 * partition, 100 * partition + 25), partition=partition
            )
            await send(deployment, Topic.CLASSIFIER_EVENTS, batch)
        await wait_for(database, 100)
        await wait_sent(database)
    published = await read_all(deployment, Topic.ROUTER_EVENTS)
    seen = {
        (record.partition, int(dict(record.headers)["sequence"] or b"")) for record in published
    }
    assert len(seen) == 100


async def test_a_poisoned_record_does_not_hold_back_what_comes_after(
    database: Database, deployment: KafkaSettings
) -> None:
    records = await facts(database, range(6))
    records[0] = spoilt(records[0])
    async with running_router(database, deployment):
        await send(deployment, Topic.CLASSIFIER_EVENTS, records)
        await wait_for(database, 4)
        rows = await database.fetch("SELECT reason FROM router.dead_letters ORDER BY sequence")
    assert [row["reason"] for row in rows] == ["undecodable", "behind_parked_key"]
