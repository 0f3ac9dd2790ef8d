"""The whole pipeline beside the raw limit of Kafka's client, in turn, in one run.

    python -m benchmarks.pipeline [--appeals 20000] [--rounds 3] [--json FILE]

Kafka, PostgreSQL with fsync on, and five services, all on this machine; submissions by Kafka.
Measured from the first submission sent to the last entry in the dossier.
"""

import argparse
import sys
import zlib
from dataclasses import asdict, dataclass
from statistics import median
from time import monotonic
from typing import Any, Final

from benchmarks.counting import Counts, Sample, counts, totals, watch
from benchmarks.raw_loop import RawLoop, raw_loop
from benchmarks.reporting import benchmark_arguments, run_and_report, table
from benchmarks.staging import Stage, open_stage
from benchmarks.submissions import publish_all, submissions
from benchmarks.usage import Reading, cpu_ms_each
from cli.fleet import Fleet, start_fleet
from libs.common.clock import system_clock
from libs.common.messaging.sender import new_producer

EVENT_BYTES: Final = "SELECT coalesce(avg(length(value)), 1000)::int FROM dossier.entries"
WITHIN_S: Final = 240.0
RAW_WITHIN_S: Final = 60.0
WARM_UP: Final = 1_000


@dataclass(frozen=True, slots=True)
class Round:
    """`seconds` from the first submission sent to the last dossier entry."""

    appeals: int
    seconds: float
    counted: Counts
    stages: dict[str, float]
    before: Reading
    after: Reading

    def figures(self) -> dict[str, Any]:
        return {
            "appeals_per_second": round(self.appeals / self.seconds, 1),
            # Each event is written twice: by its owner, and as an entry of a chain.
            "events_per_second": round(self.counted.events / self.seconds, 1),
            "entries_per_second": round(self.counted.dossier / self.seconds, 1),
            "seconds": round(self.seconds, 2),
            "counted": asdict(self.counted),
            "done_after_seconds": self.stages,
            "cpu_ms_per_appeal": cpu_ms_each(self.before, self.after, self.appeals),
            "memory_mib": dict(self.after.memory_mib),
        }


async def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    async with open_stage(arguments.state, arguments.model) as stage:
        fleet = await start_fleet(stage.deployment)
        await pipeline_round(stage, fleet, WARM_UP, "warm")
        size: int = await stage.admin.fetchval(EVENT_BYTES)
        rounds: list[Round] = []
        raw: list[float] = []
        async with raw_loop(stage) as loop:
            for number in range(arguments.rounds):
                raw.append(await raw_round(loop, arguments.appeals, size))
                tag = f"round{number}"
                rounds.append(await pipeline_round(stage, fleet, arguments.appeals, tag))
        whole = await totals(stage)
    return summary(stage, rounds, raw, whole) | {"raw_value_bytes": size}


async def raw_round(loop: RawLoop, records: int, size: int) -> float:
    return await loop.measure(records, bytes(size), RAW_WITHIN_S)


async def pipeline_round(stage: Stage, fleet: Fleet, appeals: int, tag: str) -> Round:
    """Raises NotWholeError when not every appeal is in the dossier in time."""
    kafka = stage.deployment.reach.kafka
    now = system_clock()
    ready = submissions(
        appeals, seed=zlib.crc32(tag.encode()), tag=tag, partitions=kafka.partitions, now=now
    )
    producer = new_producer(kafka.bootstrap_servers, "benchmark")
    meter = stage.meter({str(name): child for name, child in fleet.children.items()})
    await producer.start()
    try:
        zero = await counts(stage)
        before = await meter.read()
        started = monotonic()
        await publish_all(producer, ready)
        samples = await watch(stage, zero, appeals, WITHIN_S)
        after = await meter.read()
    finally:
        await producer.stop()
    last = samples[-1]
    return Round(
        appeals, last.at - started, last.counts, stages_of(samples, started), before, after
    )


def stages_of(samples: list[Sample], started: float) -> dict[str, float]:
    """When each service had written the last of its events, in seconds."""
    final = asdict(samples[-1].counts)
    return {
        name: round(next(s.at for s in samples if asdict(s.counts)[name] == end) - started, 2)
        for name, end in final.items()
    }


def summary(
    stage: Stage, rounds: list[Round], raw: list[float], whole: dict[str, int]
) -> dict[str, Any]:
    figures = [one.figures() for one in rounds]
    rate = median(one["appeals_per_second"] for one in figures)
    limit = median(raw)
    return {
        "machine": dict(stage.facts),
        "appeals_per_second": rate,
        "events_per_second": median(one["events_per_second"] for one in figures),
        "raw_loop_records_per_second": round(limit, 1),
        "ratio_to_raw_loop": round(rate / limit, 3),
        "cpu_ms_per_appeal": medians([one["cpu_ms_per_appeal"] for one in figures]),
        "memory_mib": figures[-1]["memory_mib"],
        "totals": whole,
        "rounds": figures,
        "raw_rounds": [round(one, 1) for one in raw],
    }


def medians(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(median(row.get(name, 0.0) for row in rows), 4) for name in rows[-1]}


def printed(result: dict[str, Any]) -> str:
    rounds = [
        f"round      {one['seconds']} s: {one['done_after_seconds']}" for one in result["rounds"]
    ]
    lines = [
        "pipeline   {appeals_per_second:,.0f} appeals/s, {events_per_second:,.0f} events/s, each "
        "once more in the dossier".format_map(result),
        "raw loop   {raw_loop_records_per_second:,.0f} records/s over four hops, no database; "
        "ratio {ratio_to_raw_loop}".format_map(result),
        f"in all     {result['totals']}",
        *rounds,
        *table("CPU ms per appeal", result["cpu_ms_per_appeal"]),
        *table("memory MiB", result["memory_mib"]),
    ]
    return "\n".join(lines)


def main() -> int:
    parser = benchmark_arguments(__doc__ or "")
    parser.add_argument("--appeals", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    return run_and_report(parser, measured, printed)


if __name__ == "__main__":
    sys.exit(main())
