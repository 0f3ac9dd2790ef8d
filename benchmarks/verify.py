"""How fast the trail is verified, in memory and out of PostgreSQL, and how fast it is replayed.

nice python -m benchmarks.verify --entries 100000 --json benchmarks/results/verify.json
"""

import argparse
import os
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final
from uuid import UUID, uuid5

import asyncpg

from benchmarks.machine import machine_facts
from benchmarks.reporting import benchmark_arguments, run_and_report
from cli.migrate import migrate
from cli.replay import EVERYTHING, shadowed
from libs.common.clock import system_clock
from libs.common.contracts.topics import Topic
from libs.common.subscription import Record
from libs.local.postgres import LocalPostgres
from libs.local.processes import Children
from services.dossier.adapters.chain_store import lock_and_chain, write_chained
from services.dossier.adapters.checkpointing import Signer
from services.dossier.adapters.signing_keys import make_key, public_keys, signing_keys
from services.dossier.adapters.verification import ENTRIES, Task, verify
from services.dossier.domain.chain import digest_of
from services.dossier.domain.trail import Breaks, PartitionTrail
from services.dossier.domain.tree import Tiles
from services.dossier.domain.witness import Trust
from services.dossier.read_model.projection import project

PARTITIONS: Final = 12
PAGE: Final = 2_000
# One appeal has some seven events; 1.4 KB of JSON with Chinese text is what one of ours weighs.
EVENTS_AN_APPEAL: Final = 7
SAMPLE: Final = Path("tests/contracts/golden/intake.appeal-accepted.v1.json")
SEARCH_PATH: Final = {"search_path": "dossier"}
SPACE: Final = UUID(int=7)


class DifferentError(Exception):
    """What was verified or replayed is not what was written: there is no figure to tell."""


def records(count: int) -> list[Record]:
    """Real events of appeals, each under a key of its own and in its partition."""
    sample = SAMPLE.read_bytes().rstrip()
    old_key = b'"partitionkey":"' + sample.partition(b'"partitionkey":"')[2][:36] + b'"'
    appeal = sample.partition(b'"subject":"')[2][:36]
    last = [0] * PARTITIONS
    found: list[Record] = []
    for number in range(count):
        name = str(uuid5(SPACE, str(number // EVENTS_AN_APPEAL)))
        partition = number // EVENTS_AN_APPEAL % PARTITIONS
        last[partition] += 1
        value = sample.replace(old_key, f'"partitionkey":"{name}"'.encode())
        value = value.replace(appeal, name.encode())
        headers: dict[str, bytes | None] = {
            "sequence": str(last[partition]).encode(),
            "ce_type": b"intake.appeal-accepted.v1",
            "ce_id": str(uuid5(SPACE, f"e{number}")).encode(),
            "ce_subject": name.encode(),
        }
        found.append(Record(Topic.INTAKE_EVENTS, partition, number, name.encode(), value, headers))
    return found


async def fill(pool: "asyncpg.Pool[asyncpg.Record]", all_records: Sequence[Record]) -> None:
    for start in range(0, len(all_records), PAGE):
        async with pool.acquire() as connection, connection.transaction():
            page = all_records[start : start + PAGE]
            chained = await lock_and_chain(connection, digest_of("sha256"), page)
            await project(connection, chained.entries)
            await write_chained(connection, chained)
    await pool.execute(
        "INSERT INTO consumer_offsets SELECT 'appeals.intake.events', $1, partition, 0, "
        "max(sequence) FROM entries GROUP BY partition",
        SPACE,
    )
    await pool.execute("ANALYZE")


async def in_memory(pool: "asyncpg.Pool[asyncpg.Record]") -> dict[str, float]:
    """CPU seconds alone: leaves, links, keys, numbers, and the tree over all leaves."""
    digest = digest_of("sha256")
    rows = {p: await pool.fetch(ENTRIES, p, 0, 2**62) for p in range(PARTITIONS)}
    count = sum(map(len, rows.values()))
    started = process_time()
    tree = Tiles(digest, 0, {})
    for partition, members in rows.items():
        trail = PartitionTrail(digest, partition, Breaks())
        trail.take(members)
        tree.append(trail.leaves)
    tree.root()
    return {"in memory, events a second and core": count / (process_time() - started)}


async def streamed(dsn: str, folder: Path) -> dict[str, float]:
    connection = await asyncpg.connect(dsn, server_settings=SEARCH_PATH)
    try:
        trust = Trust(keys=public_keys(folder), now=system_clock())
        started = perf_counter()
        verdict = await verify(connection, task=Task(trust=trust))
        seconds = perf_counter() - started
    finally:
        await connection.close()
    if not verdict.is_whole or verdict.covered != verdict.entries:
        raise DifferentError
    return {"streamed from PostgreSQL, events a second": verdict.entries / seconds}


async def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    async with server() as (dsn, folder):
        facts = await machine_facts(dsn, os.environ)
        await migrate(dsn, {}, partitions=PARTITIONS)
        make_key(folder, "benchmark/dossier")
        async with asyncpg.create_pool(
            dsn, min_size=1, max_size=2, server_settings=SEARCH_PATH
        ) as pool:
            started = perf_counter()
            await fill(pool, records(arguments.entries))
            rates = {
                "chained and projected, events a second": arguments.entries
                / (perf_counter() - started)
            }
            started = perf_counter()
            async with pool.acquire() as connection:
                signer = Signer("sha256", signing_keys(folder), PARTITIONS)
                await signer.sign_next(connection, system_clock())
            rates["checkpoint over all, seconds"] = perf_counter() - started
            rates |= await in_memory(pool)
        rates |= await streamed(dsn, folder)
        replayed = await shadowed(dsn, EVERYTHING, None)
        if not replayed.is_same:
            raise DifferentError
        rates["replayed beside, events a second"] = replayed.entries / replayed.seconds
    return {"machine": facts, "entries": arguments.entries, "rates": rates}


@asynccontextmanager
async def server() -> AsyncGenerator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="appeals-verify-") as name:
        folder = Path(name)
        children = Children(folder / "processes.json")
        postgres = LocalPostgres(folder / "postgres", children, os.environ, fsync=False)
        try:
            yield await postgres.start(), folder / "keys"
        finally:
            await children.stop_all()


def printed(result: dict[str, Any]) -> str:
    return "\n".join(f"{name:<44} {value:>12,.1f}" for name, value in result["rates"].items())


if __name__ == "__main__":
    parser = benchmark_arguments(__doc__ or "")
    parser.add_argument("--entries", type=int, default=100_000)
    raise SystemExit(run_and_report(parser, measure, printed))
