"""Timers beside many open ones: arming, moving, dropping, an idle poll, starting and firing.

    python -m benchmarks.timers [--open 1000000] [--appeals 4000] [--json FILE]

A PostgreSQL of its own with fsync on. `rows` is the table alone, in batches of 500 with a commit
each; `appeals` is the whole service: read, replay, decide, project, append. `--open 1000000` is
what the design promises to afford. `pgqueuer` does the same work in the same run, in an environment
of its own.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg

from benchmarks.machine import machine_facts
from benchmarks.timers_paced import paced
from benchmarks.timers_peer import peer_timers
from benchmarks.timers_table import PARTITIONS, Watch, batches, rows
from cli.migrate import migrate
from libs.common.contracts.envelope import Actor
from libs.common.contracts.topics import SERVICES
from libs.common.eventstore.store import Pool
from libs.common.execution.commands import Group
from libs.common.execution.runner import Runner
from libs.common.ids import AppealId
from libs.common.observability.metrics import Metrics
from libs.common.runtime.process import session
from libs.common.subscription import Request
from libs.local.account import server_account
from libs.local.place import remove_place
from libs.local.postgres import LocalPostgres
from libs.local.processes import Children
from services.sla.adapters import timer_store
from services.sla.adapters.books import load_book
from services.sla.adapters.timer_metrics import TimerMetrics
from services.sla.app import sla_service
from services.sla.domain.commands import SlaCommand, StartClocks
from services.sla.timers import Firing, SlaRunner

POLLS: Final = 500
PACE_SECONDS: Final = 5
KEY: Final = "00000000-0000-0000-0000-0000000000e1"
ACCEPTED: Final = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HALF_WAY: Final = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)
LONG_AFTER: Final = datetime(2026, 5, 1, tzinfo=UTC)
OPEN: Final = """
    INSERT INTO sla.timers SELECT gen_random_uuid(), 'resolve', i % 12,
        '2029-01-01'::timestamptz + make_interval(secs => i), 1, 0, gen_random_uuid(), $2
    FROM generate_series(1, $1::int) AS i
"""
COUNT: Final = "SELECT count(*) FROM sla.events"
SIZES: Final = """
    SELECT pg_table_size('sla.timers') / 1048576 AS table_mib,
           pg_relation_size('sla.timers_due') / 1048576 AS due_index_mib,
           pg_relation_size('sla.timers_pkey') / 1048576 AS primary_key_mib
"""


@asynccontextmanager
async def stage(open_timers: int) -> AsyncGenerator[tuple[str, Pool]]:
    """A migrated database with the open timers in it; the pool is the service's own."""
    with tempfile.TemporaryDirectory(prefix="appeals-timers-") as folder:
        root = Path(folder) / "postgres"
        children = Children(Path(folder) / "processes.json")
        password = secrets.token_urlsafe(16)
        try:
            dsn = await LocalPostgres(root, children, os.environ).start()
            await migrate(dsn, dict.fromkeys(SERVICES, password), partitions=PARTITIONS)
            await fill(dsn, open_timers)
            async with asyncpg.create_pool(
                login(dsn, password), min_size=1, max_size=6, server_settings=session("sla")
            ) as pool:
                yield dsn, pool
        finally:
            await children.stop_all()
            remove_place(root, server_account())


def login(dsn: str, password: str) -> str:
    parts = urlsplit(dsn)
    host = f"appeals_sla:{password}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=host))


async def fill(dsn: str, open_timers: int) -> None:
    admin = await asyncpg.connect(dsn)
    try:
        await admin.execute(OPEN, open_timers, KEY)
        await admin.execute("VACUUM ANALYZE sla.timers")
    finally:
        await admin.close()


async def measured(open_timers: int, appeals: int) -> dict[str, Any]:
    async with stage(open_timers) as (dsn, pool):
        result: dict[str, Any] = {"open": open_timers}
        result["machine"] = await machine_facts(dsn, os.environ)
        result["idle_poll_ms"] = await idle_polls(pool)
        result["rows"] = await rows(pool)
        result["appeals"] = await whole_service(dsn, pool, appeals)
        result["paced"] = await paced(pool, PACE_SECONDS)
        result["pgqueuer"] = await peer_timers(dsn, open_timers, appeals)
        result["idle_poll_after_ms"] = await idle_polls(pool)
        admin = await asyncpg.connect(dsn)
        try:
            found = await admin.fetchrow(SIZES)
            result["sizes"] = dict(found) if found else {}
        finally:
            await admin.close()
        return result


async def idle_polls(pool: Pool) -> dict[str, float]:
    """All twelve partitions in one question, with nothing due."""
    untils = dict.fromkeys(range(PARTITIONS), ACCEPTED - timedelta(days=365))
    times: list[float] = []
    for _ in range(POLLS):
        started = perf_counter()
        await timer_store.partitions_with_due(pool, untils)
        times.append(1000 * (perf_counter() - started))
    return {"p50": round(median(times), 3), "p99": round(quantiles(times, n=100)[98], 3)}


async def whole_service(dsn: str, pool: Pool, appeals: int) -> dict[str, dict[str, int]]:
    """Resolve alone, so that one appeal is one timer; then one step each, then all the rest."""
    service = sla_service(load_book("baoan"))
    runner: SlaRunner = Runner(pool, service, lambda: LONG_AFTER, lambda _: None)
    requests = [request(number) for number in range(appeals)]
    watch = Watch()
    for batch in batches(requests):
        await runner.run([Group([one]) for one in batch])
    figures = {"started": watch.figures(appeals)}
    firing = Firing(runner, TimerMetrics(Metrics()))
    for name, until in (("one_step", HALF_WAY), ("whole_ladder", LONG_AFTER)):
        before = await events(dsn)
        watch = Watch()
        await firing.fire_due(dict.fromkeys(range(PARTITIONS), until))
        figures[name] = watch.figures(appeals) | {"events": await events(dsn) - before}
    return figures


def request(number: int) -> Request[SlaCommand]:
    appeal_id = AppealId(UUID(int=0xA000 + number))
    return Request(
        command=StartClocks(
            appeal_id=appeal_id, clocks=("resolve",), started_at=ACCEPTED, urgency="normal"
        ),
        stream_id=f"sla-{appeal_id}",
        partition=number % PARTITIONS,
        key=KEY,
        subject=str(appeal_id),
        causation_id=appeal_id,
        correlation_id=appeal_id,
        actor=Actor(kind="system", id="sla", unit="sla"),
    )


async def events(dsn: str) -> int:
    admin = await asyncpg.connect(dsn)
    try:
        count: int = await admin.fetchval(COUNT)
        return count
    finally:
        await admin.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="Rates of timers beside many open ones.")
    parser.add_argument("--open", type=int, default=200_000, help="timers open in the background")
    parser.add_argument("--appeals", type=int, default=4_000, help="appeals started and fired")
    parser.add_argument("--json", type=Path, help="write all figures here")
    arguments = parser.parse_args()
    result = asyncio.run(measured(arguments.open, arguments.appeals))
    text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    if arguments.json:
        arguments.json.write_text(text)
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
