"""The limit: consume and produce over four hops in four processes, with no database at all."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from benchmarks.counting import NotWholeError
from benchmarks.staging import Stage
from libs.common.messaging.sender import new_producer
from libs.local.processes import Child, Program

HOPS: Final = 4
MOST_RECORDS: Final = 500
FETCH_MS: Final = 100
POLL_S: Final = 0.05
JOIN_S: Final = 3.0
CHUNK: Final = 1_000


@dataclass(frozen=True, slots=True)
class RawLoop:
    """Topics of its own on the same broker, with as many partitions as the pipeline has."""

    stage: Stage
    children: dict[str, Child]
    partitions: int

    async def measure(self, records: int, value: bytes, within_s: float) -> float:
        """Records a second through all hops, from the first sent to the last arrived."""
        bootstrap = self.stage.deployment.reach.kafka.bootstrap_servers
        producer = new_producer(bootstrap, "benchmark-raw")
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
        await producer.start()
        await consumer.start()
        try:
            wanted = await self.arrived(consumer) + records
            started = monotonic()
            await send_raw(producer, records, value, self.partitions)
            while await self.arrived(consumer) < wanted:
                if monotonic() - started > within_s:
                    problem = f"the raw loop did not end within {within_s:.0f} s"
                    raise NotWholeError(problem)
                await asyncio.sleep(POLL_S)
            return records / (monotonic() - started)
        finally:
            await consumer.stop()
            await producer.stop()

    async def arrived(self, consumer: AIOKafkaConsumer) -> int:
        last = [TopicPartition(topic_of(HOPS), p) for p in range(self.partitions)]
        return sum((await consumer.end_offsets(last)).values())


async def send_raw(producer: AIOKafkaProducer, records: int, value: bytes, partitions: int) -> None:
    for start in range(0, records, CHUNK):
        for partition in range(partitions):
            batch: Any = producer.create_batch()
            for _ in range(start + partition, min(start + CHUNK, records), partitions):
                batch.append(timestamp=None, key=None, value=value, headers=[])
            await producer.send_batch(batch, topic_of(0), partition=partition)
    await producer.flush()


@asynccontextmanager
async def raw_loop(stage: Stage) -> AsyncGenerator[RawLoop]:
    """The four processes, joined to their groups; idle until something is sent."""
    kafka = stage.deployment.reach.kafka
    await create_raw_topics(kafka.bootstrap_servers, kafka.partitions)
    children = {
        f"raw hop {hop}": stage.deployment.servers.children.start(
            hop_program(stage, hop, kafka.bootstrap_servers)
        )
        for hop in range(HOPS)
    }
    try:
        await asyncio.sleep(JOIN_S)
        yield RawLoop(stage, children, kafka.partitions)
    finally:
        for child in children.values():
            await stage.deployment.servers.children.stop(child)


async def create_raw_topics(bootstrap: str, partitions: int) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await client.start()
    try:
        await client.create_topics([NewTopic(topic_of(n), partitions, 1) for n in range(HOPS + 1)])
    finally:
        await client.close()


def hop_program(stage: Stage, hop: int, bootstrap: str) -> Program:
    service = stage.deployment.program("router", 0)
    return Program(
        what=f"raw hop {hop}",
        command=(sys.executable, "-m", "benchmarks.raw_loop", bootstrap, str(hop)),
        directory=service.directory,
        log=stage.deployment.root / "logs" / f"raw-{hop}.log",
        environment=service.environment,
    )


def topic_of(number: int) -> str:
    return f"benchmark.raw.{number}"


async def run_hop(bootstrap: str, hop: int) -> None:
    """For ever: whole batches, awaited before the next, each record to the same partition."""
    producer = new_producer(bootstrap, f"raw-{hop}")
    consumer = AIOKafkaConsumer(
        topic_of(hop),
        bootstrap_servers=bootstrap,
        group_id=f"raw-{hop}",
        auto_offset_reset="earliest",
        enable_auto_commit=True,
        fetch_max_wait_ms=FETCH_MS,
    )
    await producer.start()
    await consumer.start()
    while True:
        polled = await consumer.getmany(timeout_ms=FETCH_MS, max_records=MOST_RECORDS)
        sent = [
            await producer.send(topic_of(hop + 1), record.value, partition=place.partition)
            for place, records in polled.items()
            for record in records
        ]
        await asyncio.gather(*sent)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_hop(sys.argv[1], int(sys.argv[2])))
