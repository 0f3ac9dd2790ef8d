"""The timer loop and the whole process on a real broker."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaProducer

from libs.common.contracts.envelope import Actor
from libs.common.contracts.intake import AppealAccepted
from libs.common.contracts.topics import READS, Topic
from libs.common.eventstore.encoding import NewEvent, encode
from libs.common.runtime.process import open_process
from libs.common.runtime.running import run_process
from libs.common.settings import KafkaSettings
from services.sla.adapters.topic_ends import TopicEnds
from services.sla.adapters.watermark import Watermarks
from services.sla.app import compose
from services.sla.settings import SlaSettings
from services.sla.timers import TimerLoop
from tests.integration.sla.clocks import ACCEPTED_AT, BOOK, KEY, Clocks, appeal
from tests.support.databases import Database
from tests.support.settings import common

PATIENCE_S = 60
STEPS = 8


async def send(kafka: KafkaSettings, value: bytes, headers: dict[str, bytes]) -> None:
    """To partition 0 of intake's events."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    try:
        topic = kafka.topic_prefix + Topic.INTAKE_EVENTS
        await producer.send_and_wait(
            topic, value, key=KEY.encode(), partition=0, headers=list(headers.items())
        )
    finally:
        await producer.stop()


@asynccontextmanager
async def timer_loop(clocks: Clocks, kafka: KafkaSettings) -> AsyncGenerator[TimerLoop]:
    assigned = {(topic, p) for topic in READS["sla"] for p in range(kafka.partitions)}
    ends = TopicEnds(kafka, "test")
    try:
        yield TimerLoop(
            firing=clocks.firing(),
            ends=ends,
            watermarks=Watermarks(READS["sla"]),
            assigned=lambda: assigned,
            book=BOOK,
        )
    finally:
        await ends.close()


async def test_a_record_that_is_not_read_yet_holds_the_timers_of_its_partition_alone(
    database: Database, deployment: KafkaSettings
) -> None:
    async with database.pool("sla") as pool:
        clocks = Clocks(pool, database)
        await clocks.start(1, partition=0)
        await clocks.start(2, partition=1)
        await send(deployment, b"{}", {})
        async with timer_loop(clocks, deployment) as loop:
            await loop.tick()
            assert await clocks.taken([1, 2]) == [0, STEPS]
            await pool.execute(
                "UPDATE consumer_offsets SET next_offset = 1 WHERE topic = $1 AND partition = 0",
                Topic.INTAKE_EVENTS,
            )
            await loop.tick()
            assert await clocks.taken([1, 2]) == [STEPS, STEPS]


async def test_a_copy_to_which_nothing_is_assigned_fires_nothing(
    database: Database, deployment: KafkaSettings
) -> None:
    async with database.pool("sla") as pool:
        clocks = Clocks(pool, database)
        await clocks.start(1)
        async with timer_loop(clocks, deployment) as loop:
            loop.assigned = lambda: ()
            await loop.tick()
        assert await clocks.taken([1]) == [0]


async def accepted(database: Database) -> tuple[bytes, dict[str, bytes]]:
    """An appeal accepted long ago, as intake's relay would send it."""
    (row,) = await database.fetch(
        "SELECT topic_id FROM sla.consumer_offsets WHERE topic = $1 LIMIT 1", Topic.INTAKE_EVENTS
    )
    event = AppealAccepted(
        appeal_id=appeal(1),
        enterprise_id=None,
        accepted_at=ACCEPTED_AT.replace(year=2025),
        channel="hotline",
        kind="request",
        urgency="normal",
        sub_district=None,
        title="路灯不亮",
        text="园区门口的路灯不亮。",
    )
    new = NewEvent(
        event=event,
        event_id=UUID(int=0xE001),
        partition=0,
        stream_id=f"intake-{appeal(1)}",
        version=1,
        key=KEY,
        subject=str(appeal(1)),
        source="/test",
        time=ACCEPTED_AT,
        correlation_id=appeal(1),
        causation_id=appeal(1),
        actor=Actor(kind="system", id="test", unit="test"),
    )
    headers = {
        "sequence": b"1",
        "topic_id": str(row["topic_id"]).encode(),
        "ce_type": event.TYPE.encode(),
        "ce_id": str(new.event_id).encode(),
        "ce_subject": str(appeal(1)).encode(),
    }
    return encode(new), headers


async def count_of(database: Database, clock: str) -> list[asyncpg.Record]:
    return await database.fetch(
        "SELECT type FROM sla.events WHERE type <> 'sla.clocks-started.v1' "
        "AND convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'clock' = $1 ORDER BY version",
        clock,
    )


async def test_an_old_appeal_that_is_heard_escalates_to_the_top_and_its_events_are_sent(
    database: Database, deployment: KafkaSettings
) -> None:
    options = common(database, "sla", deployment)
    settings = SlaSettings(**options)
    value, headers = await accepted(database)
    async with open_process("sla", settings) as process:
        task = asyncio.create_task(run_process(process, compose(process, settings)))
        try:
            await send(deployment, value, headers)
            async with asyncio.timeout(PATIENCE_S):
                while len(await count_of(database, "resolve")) < STEPS:
                    await asyncio.sleep(0.1)
        finally:
            process.stopping.set()
            await task
    types = [row["type"] for row in await count_of(database, "resolve")]
    assert types[3:] == [
        "sla.limit-passed.v1",
        "sla.supervised.v1",
        "sla.urged.v1",
        "sla.level-raised.v1",
        "sla.notified.v1",
    ]
    (left,) = await database.fetch(
        "SELECT sum(last_sequence - sent_sequence)::int AS unsent FROM sla.partition_heads "
        "JOIN sla.relay_positions USING (partition)"
    )
    assert left["unsent"] == 0
