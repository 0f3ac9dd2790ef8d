"""The consumer shell alone: consume, one transaction, relay, produced. The router decides.

    python -m benchmarks.shell [--events 60000] [--rounds 3] [--json FILE]

Classified events are published beforehand while the router's fence is held shut. The clock runs
from the moment at which it is opened until every answer has been acknowledged by Kafka.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from statistics import median
from time import monotonic
from typing import Any, Final
from uuid import UUID

import asyncpg
from asyncpg.transaction import Transaction

from benchmarks.classified import classified_events
from benchmarks.counting import NotWholeError
from benchmarks.reporting import benchmark_arguments, run_and_report, table
from benchmarks.staging import Stage, open_stage
from benchmarks.startup import until_ready
from benchmarks.usage import Reading, cpu_ms_each
from libs.common.eventstore.encoding import NewEvent, encode
from libs.common.messaging.sender import new_producer, send
from libs.local.ports import new_ports
from libs.local.processes import Child

COPIES: Final = (1, 2)
WITHIN_S: Final = 180.0
# Two copies share the partitions out between them before the fence opens.
SETTLED_S: Final = 4.0
POLL_S: Final = 0.05
CHUNK: Final = 2_000
SHUT: Final = "LOCK TABLE router.consumer_offsets IN EXCLUSIVE MODE"
SENT: Final = "SELECT sum(sent_sequence)::bigint FROM router.relay_positions"
TOPIC_ID: Final = "SELECT topic_id FROM classifier.topics WHERE topic = 'appeals.classifier.events'"
CLASSIFIER_TOPIC: Final = "appeals.classifier.events"


@dataclass(slots=True)
class Shell:
    """`sequences` is the last number in each partition of the topic that the router reads."""

    stage: Stage
    topic_id: UUID
    sequences: dict[int, int] = field(default_factory=dict[int, int])
    made: int = 0

    async def publish(self, count: int) -> None:
        """Numbered as the classifier's own relay would number them."""
        kafka = self.stage.deployment.reach.kafka
        events = classified_events(self.made, count, kafka.partitions)
        self.made += count
        rows = sorted(map(self.row, events), key=itemgetter("partition"))
        producer = new_producer(kafka.bootstrap_servers, "benchmark")
        await producer.start()
        try:
            for start in range(0, len(rows), CHUNK):
                part = rows[start : start + CHUNK]
                await send(producer, CLASSIFIER_TOPIC, self.topic_id, part)
        finally:
            await producer.stop()

    def row(self, event: NewEvent[Any]) -> dict[str, Any]:
        sequence = self.sequences[event.partition] = self.sequences.get(event.partition, 0) + 1
        return {
            "partition": event.partition,
            "sequence": sequence,
            "type": event.event.TYPE,
            "event_id": event.event_id,
            "subject": event.subject,
            "correlation_id": event.correlation_id,
            "traceparent": None,
            "key": event.key.encode(),
            "body": encode(event),
        }

    async def drained(self, wanted: int) -> None:
        """Raises NotWholeError."""
        deadline = monotonic() + WITHIN_S
        while (sent := await self.stage.admin.fetchval(SENT)) < wanted:
            if monotonic() > deadline:
                problem = f"after {WITHIN_S:.0f} s only {sent} of {wanted} had been produced"
                raise NotWholeError(problem)
            await asyncio.sleep(POLL_S)


async def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    rounds: dict[int, list[dict[str, Any]]] = {copies: [] for copies in COPIES}
    async with open_stage(arguments.state, arguments.model) as stage:
        shell = Shell(stage, await stage.admin.fetchval(TOPIC_ID))
        for number in range(arguments.rounds + 1):
            for copies in COPIES:
                # The first round only warms the servers up.
                events = arguments.events if number else CHUNK
                figures = await one_round(shell, copies, events)
                if number:
                    rounds[copies].append(figures)
        facts = dict(stage.facts)
    return {
        "machine": facts,
        "events": arguments.events,
        "events_per_second": {
            f"{copies} copies": median(one["events_per_second"] for one in found)
            for copies, found in rounds.items()
        },
        "rounds": {f"{copies} copies": found for copies, found in rounds.items()},
    }


async def one_round(shell: Shell, copies: int, events: int) -> dict[str, Any]:
    before = await shell.stage.admin.fetchval(SENT)
    await shell.publish(events)
    async with AsyncExitStack() as ends:
        shut = await ends.enter_async_context(shut_fence(shell.stage))
        children = await ends.enter_async_context(routers(shell.stage, copies))
        meter = shell.stage.meter(children)
        start = await meter.read()
        opened = monotonic()
        await shut.rollback()
        await shell.drained(before + events)
        seconds = monotonic() - opened
        return round_figures(events, seconds, start, await meter.read())


def round_figures(events: int, seconds: float, start: Reading, end: Reading) -> dict[str, Any]:
    return {
        "events_per_second": round(events / seconds, 1),
        "seconds": round(seconds, 2),
        "cpu_ms_per_event": cpu_ms_each(start, end, events),
        "memory_mib": dict(end.memory_mib),
    }


@asynccontextmanager
async def routers(stage: Stage, copies: int) -> AsyncGenerator[dict[str, Child]]:
    """Processes of their own, all ready and sharing the partitions."""
    ports = new_ports(copies)
    started = stage.deployment.servers.children
    children = [stage.deployment.start("router", port) for port in ports]
    try:
        await asyncio.gather(*map(until_ready, children, ports))
        await asyncio.sleep(SETTLED_S)
        yield {f"router {number}": child for number, child in enumerate(children)}
    finally:
        await asyncio.gather(*(started.stop(child) for child in children))


@asynccontextmanager
async def shut_fence(stage: Stage) -> AsyncGenerator[Transaction]:
    """Until the transaction ends no slice passes: each waits for its row of consumer_offsets."""
    connection = await asyncpg.connect(stage.dsn)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(SHUT)
        yield transaction
    finally:
        await connection.close()


def printed(result: dict[str, Any]) -> str:
    lines = [
        f"{name:<10} {rate:>9,.0f} events/s" for name, rate in result["events_per_second"].items()
    ]
    for name, rounds in result["rounds"].items():
        lines += table(f"CPU ms per event, {name}, last round", rounds[-1]["cpu_ms_per_event"])
    return "\n".join(lines)


def main() -> int:
    parser = benchmark_arguments(__doc__ or "")
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=3)
    return run_and_report(parser, measured, printed)


if __name__ == "__main__":
    sys.exit(main())
