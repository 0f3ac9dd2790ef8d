"""Appending 500 events a transaction, with and without the dossier's chain, beside plain COPY.

    python -m benchmarks.append [--events 20000] [--rounds 5] [--peer] [--json FILE]

The same events, the variants in turn. `append` encodes, takes numbers and copies; `twelve` does
so with the 500 spread over all partitions; `chain` is what the dossier adds, in a transaction of
its own: heads locked, leaves and hashes, heads moved, COPY. `copy` is the limit: rows that are
encoded and numbered beforehand into a table with the same indexes and triggers. `--peer` measures
the recorder of the eventsourcing package too, from a passing virtual environment of its own.
"""

import argparse
import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import monotonic
from typing import Any, Final

import asyncpg

from benchmarks.append_work import Work, prepared_work
from benchmarks.peer import peer_rates
from benchmarks.reporting import benchmark_arguments, run_and_report
from benchmarks.staging import Stage, open_stage
from cli.deployment import login
from libs.common.contracts.topics import ServiceName
from libs.common.eventstore.store import COLUMNS, Pool, append
from services.dossier.adapters.chain_store import lock_and_chain, write_chained
from services.dossier.domain.chain import digest_of

BATCH: Final = 500
# Each variant writes into a schema of its own: tables of the same shape that grow alike.
SCHEMAS: Final[Mapping[str, ServiceName]] = {
    "append": "router",
    "twelve": "classifier",
    "copy": "sla",
    "chain": "dossier",
}
Measure = Callable[[Pool, Work], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pools:
    """Each with the rights of the service whose schema it writes into."""

    by_variant: Mapping[str, Pool]

    async def close(self) -> None:
        await asyncio.gather(*(pool.close() for pool in self.by_variant.values()))


async def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    async with open_stage(arguments.state, arguments.model) as stage:
        pools = await open_pools(stage)
        try:
            rounds = [
                await one_round(pools, number, arguments.events)
                for number in range(arguments.rounds + 1)
            ][1:]
        finally:
            await pools.close()
        peer = await peer_rates(stage.dsn, arguments.events) if arguments.peer else {}
        facts = dict(stage.facts)
    return {"machine": facts, "events": arguments.events} | summary(rounds) | {"peer": peer}


async def open_pools(stage: Stage) -> Pools:
    return Pools(
        {
            variant: await asyncpg.create_pool(
                login(stage.dsn, stage.deployment.keys, schema),
                min_size=1,
                max_size=1,
                server_settings={"search_path": schema},
            )
            for variant, schema in SCHEMAS.items()
        }
    )


async def one_round(pools: Pools, number: int, events: int) -> dict[str, float]:
    """Seconds of each variant for the same events."""
    work = prepared_work(number, events, BATCH)
    # No service holds so many events: the collector must not walk through them again and again.
    gc.collect()
    gc.freeze()
    seconds: dict[str, float] = {}
    for variant, measure in VARIANTS.items():
        started = monotonic()
        await measure(pools.by_variant[variant], work)
        seconds[variant] = monotonic() - started
    return {variant: events / taken for variant, taken in seconds.items()}


async def append_batches(pool: Pool, work: Work) -> None:
    for batch in work.of_one_partition:
        async with pool.acquire() as connection, connection.transaction():
            await append(connection, batch)


async def append_spread(pool: Pool, work: Work) -> None:
    for batch in work.of_all_partitions:
        async with pool.acquire() as connection, connection.transaction():
            await append(connection, batch)


async def copy_batches(pool: Pool, work: Work) -> None:
    for rows in work.rows:
        async with pool.acquire() as connection, connection.transaction():
            await connection.copy_records_to_table("events", columns=COLUMNS, records=rows)


async def chain_batches(pool: Pool, work: Work) -> None:
    digest = digest_of("sha256")
    for records in work.records:
        async with pool.acquire() as connection, connection.transaction():
            await write_chained(connection, await lock_and_chain(connection, digest, records))


VARIANTS: Final[Mapping[str, Measure]] = {
    "append": append_batches,
    "copy": copy_batches,
    "chain": chain_batches,
    "twelve": append_spread,
}


def summary(rounds: list[dict[str, float]]) -> dict[str, Any]:
    rates = {name: median(one[name] for one in rounds) for name in VARIANTS}
    # One after the other on one connection each: the times of the two add up.
    both = 1 / (1 / rates["append"] + 1 / rates["chain"])
    return {
        "events_per_second": {name: round(rate) for name, rate in rates.items()}
        | {"append and chain": round(both)},
        "of_copy": {name: round(rate / rates["copy"], 3) for name, rate in rates.items()},
        "rounds": [{name: round(rate) for name, rate in one.items()} for one in rounds],
    }


def printed(result: dict[str, Any]) -> str:
    lines = [f"{name:<18}{rate:>9,} events/s" for name, rate in result["events_per_second"].items()]
    lines.append(f"of plain COPY     {result['of_copy']}")
    lines += [f"peer, {name:<12}{rate:>9,} events/s" for name, rate in result["peer"].items()]
    return "\n".join(lines)


def main() -> int:
    parser = benchmark_arguments(__doc__ or "")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", action="store_true", help="measure the peer too; needs a network")
    return run_and_report(parser, measured, printed)


if __name__ == "__main__":
    sys.exit(main())
