"""Timers that come due a thousand a second, fired by the service's own code at its own tick."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Final
from uuid import UUID

from libs.common.clock import system_clock
from libs.common.contracts.envelope import Actor
from libs.common.eventstore.store import Pool
from libs.common.execution.commands import Group
from libs.common.execution.runner import Runner
from libs.common.ids import AppealId
from libs.common.observability.metrics import Metrics
from libs.common.subscription import Request
from services.sla.adapters.books import load_book
from services.sla.adapters.timer_metrics import TimerMetrics
from services.sla.app import sla_service
from services.sla.domain.commands import SlaCommand, StartClocks
from services.sla.timers import TICK_SECONDS, Firing, SlaRunner

PER_SECOND: Final = 1_000
PARTITIONS: Final = 12
BATCH: Final = 500
# An urgent resolve clock warns when half of its twelve hours are used.
HALF_USED: Final = timedelta(hours=6)
LEAD_TIME: Final = timedelta(seconds=30)
KEY: Final = "00000000-0000-0000-0000-0000000000e2"
FIRED: Final = "SELECT count(*) FROM events WHERE key = $1 AND type = 'sla.warning-raised.v1'"
DOUBLE: Final = """
    SELECT count(*) FROM (SELECT stream_id FROM events
        WHERE key = $1 AND type = 'sla.warning-raised.v1'
        GROUP BY stream_id HAVING count(*) > 1) AS twice
"""


async def paced(pool: Pool, seconds: int) -> dict[str, float]:
    """Milliseconds from the moment at which a step may fire to the end of its transaction.

    The two seconds in which a fact may still speak against it (rule 17a) come on top.
    """
    service = sla_service(load_book("baoan"))
    runner: SlaRunner = Runner(pool, service, system_clock, lambda _: None)
    count = seconds * PER_SECOND
    first = system_clock() + LEAD_TIME
    dues = [first + timedelta(seconds=number / PER_SECOND) for number in range(count)]
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        await runner.run([Group([request(n, dues[n] - HALF_USED)]) for n in numbers])
    lateness = await fire_all(Firing(runner, TimerMetrics(Metrics())), dues)
    key = KEY.encode()
    fired: int = await pool.fetchval(FIRED, key)
    double: int = await pool.fetchval(DOUBLE, key)
    return {
        "per_second": PER_SECOND,
        "due": count,
        "fired": fired,
        "double": double,
        "tick_ms": 1000 * TICK_SECONDS,
        "p50_ms": round(median(lateness)),
        "p99_ms": round(quantiles(lateness, n=100)[98]),
        "max_ms": round(max(lateness)),
    }


async def fire_all(firing: Firing, dues: Sequence[datetime]) -> list[float]:
    """An upper bound: each step counts as fired when all that its tick took is committed."""
    lateness: list[float] = []
    while len(lateness) < len(dues):
        await asyncio.sleep(TICK_SECONDS)
        until = firing.runner.clock()
        await firing.fire_due(dict.fromkeys(range(PARTITIONS), until))
        ended = firing.runner.clock()
        taken = [due for due in dues[len(lateness) :] if due <= until]
        lateness += [1000 * (ended - due).total_seconds() for due in taken]
    return lateness


def request(number: int, started_at: datetime) -> Request[SlaCommand]:
    appeal_id = AppealId(UUID(int=0xB0000 + number))
    return Request(
        command=StartClocks(
            appeal_id=appeal_id, clocks=("resolve",), started_at=started_at, urgency="urgent"
        ),
        stream_id=f"sla-{appeal_id}",
        partition=number % PARTITIONS,
        key=KEY,
        subject=str(appeal_id),
        causation_id=appeal_id,
        correlation_id=appeal_id,
        actor=Actor(kind="system", id="sla", unit="sla"),
    )
