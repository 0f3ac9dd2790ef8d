"""What was due while nobody fired it, and workers that die in the middle of a burst."""

import asyncio
import sys
from datetime import timedelta
from itertools import pairwise

from libs.common.contracts.sla import Escalation
from services.sla.domain.deadline import ClockRun
from tests.integration.sla.clocks import ACCEPTED_AT, BOOK, LONG_AFTER, Clocks, appeal

STEPS = 8
APPEALS = 1_000
KILLS = 5
TWICE = """
    SELECT stream_id FROM (
        SELECT stream_id, convert_from(body, 'UTF8')::jsonb -> 'data' AS data FROM sla.events
        WHERE type <> 'sla.clocks-started.v1') AS taken
    GROUP BY stream_id, data ->> 'clock', data ->> 'deadline_version', data ->> 'level'
    HAVING count(*) > 1
"""
ORDER = """
    SELECT stream_id, sequence FROM sla.events
    WHERE partition = 0 AND type <> 'sla.clocks-started.v1' ORDER BY sequence
"""


async def test_workers_that_are_killed_in_a_burst_fire_each_step_exactly_once(
    clocks: Clocks,
) -> None:
    numbers = range(APPEALS)
    for partition in range(4):
        await clocks.start(*numbers[partition::4], partition=partition)
    dsn = clocks.database.dsn("sla")
    for kill in range(KILLS):
        worker = await start_worker(dsn)
        assert worker.stdout is not None
        # Sooner and later, so that it dies in claims, in decisions and at commits.
        for _ in range(kill):
            await worker.stdout.readline()
        await asyncio.sleep(0.003 * kill)
        worker.kill()
        await worker.wait()
    partly = sum(await clocks.taken(numbers))
    assert 0 < partly < APPEALS * STEPS, "it was killed in the middle"
    last = await start_worker(dsn)
    async with asyncio.timeout(60):
        assert await last.wait() == 0
    assert await clocks.taken(numbers) == [STEPS] * APPEALS
    assert await clocks.database.fetch(TWICE) == []
    assert await clocks.timers() == []


async def start_worker(dsn: str) -> asyncio.subprocess.Process:
    script = "tests.integration.sla.burst_worker"
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", script, dsn, stdout=asyncio.subprocess.PIPE
    )


async def test_after_an_outage_of_days_clocks_fire_in_order_with_their_own_due_times(
    clocks: Clocks,
) -> None:
    """Accepted one a day, the newest first; nobody fired anything for two months."""
    starts = {number: ACCEPTED_AT - timedelta(days=number) for number in range(20)}
    for number, started_at in starts.items():
        await clocks.start(number, started_at=started_at)
    await clocks.firing().fire_due({0: LONG_AFTER})
    planner = BOOK.planner("baoan", None)
    for number, started_at in starts.items():
        wanted = planner.plan(ClockRun("resolve", "normal", started_at))
        taken = [e for e in await clocks.events(number) if isinstance(e, Escalation)]
        assert [(e.level, e.step_at) for e in taken] == [(s.level, s.at) for s in wanted.steps]
        assert {e.due for e in taken} == {wanted.due}
        assert all(e.late for e in taken)
    rows = await clocks.database.fetch(ORDER)
    order = list(dict.fromkeys(row["stream_id"] for row in rows))
    first_steps = {
        f"sla-{appeal(number)}": planner.plan(ClockRun("resolve", "normal", at)).steps[0].at
        for number, at in starts.items()
    }
    assert all(first_steps[one] <= first_steps[after] for one, after in pairwise(order))
