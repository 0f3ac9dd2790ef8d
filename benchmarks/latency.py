"""How long an appeal takes at a steady rate, from its submission to each place that it reaches.

    python -m benchmarks.latency [--rate 200] [--seconds 30] [--json FILE]

Open loop: each submission has its moment, and its time counts from that moment even where the
driver or the broker was late with it. The other end is when PostgreSQL committed the row.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from statistics import quantiles
from time import monotonic
from typing import Any, Final

import asyncpg

from benchmarks.counting import counts, totals, watch
from benchmarks.reporting import benchmark_arguments, run_and_report, table
from benchmarks.staging import Stage, open_stage
from benchmarks.submissions import HEADERS, Sending, publish_all, submissions
from benchmarks.usage import cpu_ms_each
from cli.fleet import start_fleet
from cli.keys import PRODUCER
from libs.common.clock import system_clock
from libs.common.contracts.topics import Topic
from libs.common.ids import appeal_id_of
from libs.common.messaging.sender import new_producer

WARM_UP: Final = 2_000
SEED: Final = 20_261_123
WITHIN_S: Final = 120.0
EVENT: Final = """
    SELECT subject, extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))::float8 AS at
    FROM {table} WHERE type = ANY($1::text[]) GROUP BY subject
"""
ENTRIES: Final = """
    SELECT subject, extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))::float8 AS at
    FROM dossier.entries GROUP BY subject
"""
DISPATCHED: Final = ["router.appeal-dispatched.v1"]
STAGES: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "accepted": ("intake.events", ["intake.appeal-accepted.v1"]),
    "classified": (
        "classifier.events",
        ["classifier.appeal-classified.v1", "classifier.review-required.v1"],
    ),
    "dispatched": ("router.events", DISPATCHED),
    "dispatch in dossier": ("dossier.entries", DISPATCHED),
}


async def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    async with open_stage(arguments.state, arguments.model, commit_times=True) as stage:
        fleet = await start_fleet(stage.deployment)
        await submit(stage, make(stage, WARM_UP, "warm"), None)
        sendings = make(stage, round(arguments.rate * arguments.seconds), "timed")
        meter = stage.meter({str(name): child for name, child in fleet.children.items()})
        before = await meter.read()
        due = await submit(stage, sendings, arguments.rate)
        after = await meter.read()
        return {
            "machine": dict(stage.facts),
            "rate": arguments.rate,
            "appeals": len(sendings),
            "latency_ms": await latencies(stage, due),
            "cpu_ms_per_appeal": cpu_ms_each(before, after, len(sendings)),
            "memory_mib": dict(after.memory_mib),
            "totals": await totals(stage),
        }


def make(stage: Stage, count: int, tag: str) -> list[Sending]:
    partitions = stage.deployment.reach.kafka.partitions
    return submissions(count, seed=SEED, tag=tag, partitions=partitions, now=system_clock())


async def submit(stage: Stage, sendings: Sequence[Sending], rate: float | None) -> dict[str, float]:
    """Subject to the moment it was due; returns when all are in the dossier."""
    producer = new_producer(stage.deployment.reach.kafka.bootstrap_servers, "benchmark")
    await producer.start()
    try:
        zero = await counts(stage)
        due: dict[str, float] = {}
        if rate is None:
            await publish_all(producer, sendings)
        else:
            due = await send_on_time(producer, sendings, rate)
        await watch(stage, zero, len(sendings), WITHIN_S)
        return due
    finally:
        await producer.stop()


async def send_on_time(
    producer: Any,  # noqa: ANN401 - untyped in aiokafka
    sendings: Sequence[Sending],
    rate: float,
) -> dict[str, float]:
    """Never waits for an answer; what is late is sent at once and counts from when it was due."""
    topic = str(Topic.SUBMISSIONS)
    wall, began = system_clock().timestamp(), monotonic()
    acknowledged: list[asyncio.Future[Any]] = []
    due: dict[str, float] = {}
    for number, one in enumerate(sendings):
        if (early := number / rate - (monotonic() - began)) > 0:
            await asyncio.sleep(early)
        due[str(appeal_id_of("hotline", PRODUCER, one.source_id))] = wall + number / rate
        place = {"key": one.key, "partition": one.partition, "headers": HEADERS}
        acknowledged.append(await producer.send(topic, one.value, **place))
    await asyncio.gather(*acknowledged)
    return due


async def latencies(stage: Stage, due: Mapping[str, float]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for name, (where, types) in STAGES.items():
        rows = await stage.admin.fetch(EVENT.format(table=where), types)
        found[name] = percentiles(since(due, rows))
    found["all in dossier"] = percentiles(since(due, await stage.admin.fetch(ENTRIES)))
    return found


def since(due: Mapping[str, float], rows: Sequence[asyncpg.Record]) -> list[float]:
    """Seconds; of the appeals that were timed alone."""
    return [row["at"] - due[row["subject"]] for row in rows if row["subject"] in due]


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    cuts = quantiles(seconds, n=1_000, method="inclusive")
    named = {"p50": cuts[499], "p90": cuts[899], "p99": cuts[989], "max": max(seconds)}
    return {"count": len(seconds)} | {k: round(1000 * value, 1) for k, value in named.items()}


def printed(result: dict[str, Any]) -> str:
    lines = [f"{result['appeals']:,} appeals at {result['rate']:g}/s; ms from when each was due:"]
    lines += [
        "    {0:<22} p50 {p50:>8.1f}  p90 {p90:>8.1f}  p99 {p99:>8.1f}  max {max:>8.1f}".format(
            name, **one
        )
        for name, one in result["latency_ms"].items()
    ]
    lines += table("CPU ms per appeal", result["cpu_ms_per_appeal"])
    return "\n".join(lines)


def main() -> int:
    parser = benchmark_arguments(__doc__ or "")
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    return run_and_report(parser, measured, printed)


if __name__ == "__main__":
    sys.exit(main())
