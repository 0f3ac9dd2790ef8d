"""Run by the peer's own interpreter, which has none of our packages; prints one JSON object."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib import import_module
from statistics import median, quantiles
from time import monotonic, process_time, time
from typing import Any, TypeAlias

Handler: TypeAlias = Callable[[Any], Awaitable[None]]
ENQUEUED = 500
BATCH = 100
PER_SECOND = 1_000
SECONDS = 5
LEAD_TIME = 15.0
LONGEST = 300.0
FUTURE = timedelta(days=365)


async def measured(dsn: str, open_timers: int, jobs: int) -> dict[str, float]:
    # By name: the package is not installed where this file is checked.
    asyncpg: Any = import_module("asyncpg")
    peer: Any = import_module("pgqueuer")
    async with asyncpg.create_pool(dsn, min_size=2, max_size=6) as pool:
        driver = peer.AsyncpgPoolDriver(pool)
        queries = peer.Queries(driver)
        await queries.install()
        started, before = monotonic(), process_time()
        for first in range(0, open_timers, ENQUEUED):
            count = min(ENQUEUED, open_timers - first)
            await enqueue(queries, [b""] * count, [FUTURE] * count)
        found = {
            "armed_per_second": round(open_timers / (monotonic() - started)),
            "armed_cpu_us_each": round(1e6 * (process_time() - before) / open_timers),
        }
        for first in range(0, jobs, ENQUEUED):
            count = min(ENQUEUED, jobs - first)
            await enqueue(queries, [b""] * count, [timedelta(0)] * count)
        started, before = monotonic(), process_time()
        await drain(peer, driver, jobs)
        found["drained_per_second"] = round(jobs / (monotonic() - started))
        found["drained_cpu_us_each"] = round(1e6 * (process_time() - before) / jobs)
        return found | await paced(peer, driver, queries)


async def enqueue(queries: Any, payloads: list[bytes], after: list[timedelta]) -> None:  # noqa: ANN401
    count = len(payloads)
    await queries.enqueue(["timer"] * count, payloads, [0] * count, execute_after=after)


async def drain(peer: Any, driver: Any, jobs: int) -> list[float]:  # noqa: ANN401
    """Milliseconds after its due time of each job; a handler only notes the time."""
    manager = peer.QueueManager(peer.Queries(driver))
    lateness: list[float] = []

    async def fire(job: Any) -> None:  # noqa: ANN401 - the peer awaits its handlers
        lateness.append(1000 * (time() - float(job.payload or b"0")))
        if len(lateness) == jobs:
            manager.shutdown.set()

    register: Callable[[Handler], Handler] = manager.entrypoint("timer")
    register(fire)
    async with asyncio.timeout(LONGEST):
        await manager.run(dequeue_timeout=timedelta(milliseconds=20), batch_size=BATCH)
    return lateness


async def paced(peer: Any, driver: Any, queries: Any) -> dict[str, float]:  # noqa: ANN401
    count, first = PER_SECOND * SECONDS, time() + LEAD_TIME
    dues = [first + number / PER_SECOND for number in range(count)]
    for start in range(0, count, ENQUEUED):
        part = dues[start : start + ENQUEUED]
        now = time()
        after = [timedelta(seconds=due - now) for due in part]
        await enqueue(queries, [str(due).encode() for due in part], after)
    lateness = await drain(peer, driver, count)
    return {
        "paced_per_second": PER_SECOND,
        "paced_p50_ms": round(median(lateness)),
        "paced_p99_ms": round(quantiles(lateness, n=100)[98]),
        "paced_max_ms": round(max(lateness)),
    }


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    figures = asyncio.run(measured(asked["dsn"], asked["open"], asked["jobs"]))
    sys.stdout.write(json.dumps(figures))
