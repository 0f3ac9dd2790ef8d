import asyncio
import sys

from libs.common.contracts.sla import ClockEvent, Escalation, EscalationRevoked
from libs.common.execution.commands import Group
from services.sla.adapters.timer_store import CLAIM
from services.sla.domain.commands import StartClocks, StopClocks
from tests.integration.sla.clocks import (
    ACCEPTED_AT,
    LONG_AFTER,
    Clocks,
    appeal,
    at,
    request,
    stopped,
    suspended,
)
from tests.support.databases import Database

HALF = at("10-08T14:30")
DUE = at("10-09T18:00")
STEPS = 8
EVERYWHERE = dict.fromkeys(range(4), LONG_AFTER)


def levels(events: list[ClockEvent]) -> list[int]:
    return [event.level for event in events if isinstance(event, Escalation)]


async def test_a_clock_that_starts_is_armed_with_its_first_step(clocks: Clocks) -> None:
    await clocks.start(1, 2)
    assert await clocks.timers() == [(1, "resolve", 0, HALF), (2, "resolve", 0, HALF)]


async def test_a_step_that_fires_moves_its_timer_to_the_next_one(clocks: Clocks) -> None:
    await clocks.start(1)
    await clocks.firing().fire_due({0: HALF})
    assert await clocks.timers() == [(1, "resolve", 2, at("10-08T18:00"))]


async def test_clocks_that_stop_or_rest_have_no_timer(clocks: Clocks) -> None:
    await clocks.start(1, 2, 3)
    await clocks.take(stopped(1, ACCEPTED_AT), suspended(2, ACCEPTED_AT))
    assert [number for number, *_ in await clocks.timers()] == [3]


async def test_a_clock_that_was_stopped_before_it_started_is_never_armed(clocks: Clocks) -> None:
    await clocks.take(stopped(1, DUE))
    await clocks.start(1)
    assert await clocks.timers() == []
    assert levels(await clocks.events(1)) == [0, 2, 1]


async def test_nothing_fires_before_its_time_nor_in_a_partition_that_is_not_named(
    clocks: Clocks,
) -> None:
    await clocks.start(1, partition=0)
    await clocks.start(2, partition=3)
    await clocks.firing().fire_due({0: HALF, 3: at("10-08T14:29")})
    assert await clocks.taken([1, 2]) == [1, 0]


async def test_an_old_appeal_climbs_the_whole_ladder_at_once_and_in_order(clocks: Clocks) -> None:
    await clocks.start(1)
    await clocks.firing().fire_due({0: LONG_AFTER})
    events = await clocks.events(1)
    assert levels(events) == [0, 2, 1, 3, 4, 5, 6, 7]
    taken = [event for event in events if isinstance(event, Escalation)]
    assert all(event.late for event in taken)
    assert taken[3].step_at == DUE
    assert await clocks.timers() == []
    (row,) = await clocks.database.fetch(
        "SELECT count(DISTINCT xmin::text) AS transactions FROM sla.events WHERE version > 1"
    )
    assert row["transactions"] == 1


async def test_two_workers_at_once_fire_each_timer_once(clocks: Clocks) -> None:
    numbers = range(700)
    for partition in range(4):
        await clocks.start(*numbers[partition::4], partition=partition)
    async with clocks.database.pool("sla") as other:
        workers = [Clocks(pool, clocks.database).firing() for pool in (clocks.pool, other)]
        await asyncio.gather(*[worker.fire_due(EVERYWHERE) for worker in workers])
    await clocks.firing().fire_due(EVERYWHERE)
    assert await clocks.taken(numbers) == [STEPS] * len(numbers)
    assert await clocks.timers() == []


async def test_a_worker_that_is_killed_before_its_commit_fires_nothing_and_loses_nothing(
    clocks: Clocks,
) -> None:
    await clocks.start(1, 2, 3)
    script = "tests.integration.sla.claim_holder"
    dsn = clocks.database.dsn("sla")
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-m", script, dsn, stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    assert int(await holder.stdout.readline()) == 3 * STEPS
    await clocks.firing().fire_due({0: LONG_AFTER})
    assert await clocks.taken([1, 2, 3]) == [0, 0, 0], "what it holds is left to it"
    holder.kill()
    await holder.wait()
    async with asyncio.timeout(20):
        while await clocks.taken([1, 2, 3]) != [STEPS] * 3:
            await clocks.firing().fire_due({0: LONG_AFTER})
            await asyncio.sleep(0.1)
    await clocks.firing().fire_due({0: LONG_AFTER})
    assert await clocks.taken([1, 2, 3]) == [STEPS] * 3


async def test_a_stop_and_a_timer_at_the_same_moment_leave_one_history(clocks: Clocks) -> None:
    """Whoever commits first, the steps that stand are those before the stop."""
    numbers = range(40)
    await clocks.start(*numbers)
    stops = [clocks.take(stopped(number, DUE)) for number in numbers]
    await asyncio.gather(clocks.firing().fire_due({0: LONG_AFTER}), *stops)
    await clocks.firing().fire_due({0: LONG_AFTER})
    for number in numbers:
        events = await clocks.events(number)
        taken = levels(events)
        revoked = [event.level for event in events if isinstance(event, EscalationRevoked)]
        assert set(taken) - set(revoked) == {0, 1, 2}
        assert len(taken) == len(set(taken))
    assert await clocks.timers() == []


async def test_two_commands_of_one_cause_give_every_event_an_id_of_its_own(
    clocks: Clocks,
) -> None:
    """A late result stops contact and suspends resolve, and both have steps to take."""
    cause = request(suspended(1, LONG_AFTER))
    start = StartClocks(appeal_id=appeal(1), clocks=("resolve", "contact"), started_at=ACCEPTED_AT)
    contact = StopClocks(appeal_id=appeal(1), clocks=("contact",), stopped_at=LONG_AFTER)
    await clocks.take(start)
    await clocks.runner.run([Group([cause._replace(command=contact), cause])])
    (row,) = await clocks.database.fetch(
        "SELECT count(*) AS events, count(DISTINCT event_id) AS ids FROM sla.events"
    )
    assert row["events"] == row["ids"] == 1 + (STEPS - 1 + 1) + (STEPS + 1)


async def test_a_row_that_has_outlived_its_clock_is_dropped_and_says_nothing(
    clocks: Clocks,
) -> None:
    await clocks.start(1)
    await clocks.take(stopped(1, ACCEPTED_AT))
    await clocks.pool.execute(
        "INSERT INTO timers VALUES ($1, 'resolve', 0, $2, 1, 0, $1, 'k')", appeal(1), HALF
    )
    await clocks.firing().fire_due({0: LONG_AFTER})
    assert await clocks.timers() == []
    assert await clocks.taken([1]) == [1], "the stop alone"


async def test_a_timer_whose_stream_can_not_be_read_waits_and_the_others_fire(
    clocks: Clocks,
) -> None:
    await clocks.start(1, 2, 3)
    await clocks.database.fetch(
        "INSERT INTO sla.events SELECT 0, 100, stream_id, 2, gen_random_uuid(), 'sla.unknown.v9', "
        "subject, correlation_id, NULL, key, '{}' FROM sla.events WHERE stream_id = $1",
        f"sla-{appeal(2)}",
    )
    firing = clocks.firing()
    await firing.fire_due({0: LONG_AFTER})
    assert await clocks.taken([1, 2, 3]) == [STEPS, 1, STEPS]
    assert [number for number, *_ in await clocks.timers()] == [2]
    assert list(firing.postponed) == [appeal(2)]


async def test_claiming_reads_only_the_head_of_the_due_index(clocks: Clocks) -> None:
    """A condition on a volatile function would read every open timer at each poll."""
    database: Database = clocks.database
    await database.fetch(
        "INSERT INTO sla.timers SELECT gen_random_uuid(), 'resolve', i % 4, "
        "'2027-01-01'::timestamptz + make_interval(secs => i), 1, 0, gen_random_uuid(), 'k' "
        "FROM generate_series(1, 20000) AS i"
    )
    await database.fetch("ANALYZE sla.timers")
    lines = await clocks.pool.fetch(f"EXPLAIN {CLAIM}", 0, LONG_AFTER, 500, [])
    plan = "\n".join(line[0] for line in lines)
    assert "Index Scan using timers_due" in plan
    assert "Sort" not in plan
    assert "Seq Scan" not in plan
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "partition" in condition
    assert "due_at" in condition
