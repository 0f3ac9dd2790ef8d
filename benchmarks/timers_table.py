"""The table of timers alone: batches of 500 rows, with a commit each."""

import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time
from typing import Final, TypeVar
from uuid import UUID

from libs.common.eventstore.store import Pool
from libs.common.ids import AppealId
from services.sla.adapters import timer_store
from services.sla.adapters.timer_store import Timer

PARTITIONS: Final = 12
BATCH: Final = 500
ROWS: Final = 50_000
KEY: Final = "00000000-0000-0000-0000-0000000000e1"
FUTURE: Final = datetime(2028, 1, 1, tzinfo=UTC)
T = TypeVar("T")


async def rows(pool: Pool) -> dict[str, dict[str, int]]:
    timers = [
        Timer(
            appeal_id=AppealId(UUID(int=secrets.randbits(128))),
            clock="resolve",
            partition=number % PARTITIONS,
            due_at=FUTURE + timedelta(seconds=number),
            deadline_version=1,
            level=0,
            correlation_id=UUID(int=number),
            key=KEY,
        )
        for number in range(ROWS)
    ]
    later = [replace(timer, due_at=timer.due_at + timedelta(days=3)) for timer in timers]

    async def each(write: Callable[..., Awaitable[None]], things: Sequence[T]) -> dict[str, int]:
        watch = Watch()
        for batch in batches(things):
            async with pool.acquire() as connection, connection.transaction():
                await write(connection, batch)
        return watch.figures(len(things))

    return {
        "armed": await each(timer_store.arm, timers),
        "moved": await each(timer_store.arm, later),
        "claimed_and_dropped": await claimed(pool),
    }


async def claimed(pool: Pool) -> dict[str, int]:
    """What a firing costs the table: the oldest due rows of a partition, locked and taken away."""
    watch, count, until = Watch(), 0, FUTURE + timedelta(days=30)
    for partition in range(PARTITIONS):
        while True:
            async with pool.acquire() as connection, connection.transaction():
                due = await timer_store.claim(connection, partition, until, BATCH, ())
                await timer_store.drop(connection, [(one.appeal_id, one.clock) for one in due])
            count += len(due)
            if len(due) < BATCH:
                break
    return watch.figures(count)


def batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


class Watch:
    """By the wall, and by what this process itself has worked: others may share the machine."""

    def __init__(self) -> None:
        self.wall, self.cpu = perf_counter(), process_time()

    def figures(self, count: int) -> dict[str, int]:
        wall, cpu = perf_counter() - self.wall, process_time() - self.cpu
        return {"per_second": round(count / wall), "cpu_us_each": round(1e6 * cpu / count)}
