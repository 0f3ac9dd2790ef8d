"""A holiday notice that comes while clocks run: listed first, then applied, by event."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from cli.calendar.planning import Planned, moved_deadlines, next_version, plan_notice
from libs.calendar.chain import chain_from
from libs.calendar.load import SHIPPED_VERSION
from libs.calendar.notice import Notice, decode_notice_csv
from libs.common.contracts.envelope import Actor
from libs.common.contracts.sla import ClocksStarted, DeadlineSet
from libs.common.execution.commands import Failed, Group
from libs.common.execution.runner import Runner
from services.sla.adapters.books import load_book
from services.sla.adapters.system_streams import read_applied, request_of, system_service
from services.sla.app import sla_service
from services.sla.jobs import Recomputing
from tests.integration.sla.clocks import Clocks, suspended

TABLE: Final = """date,mark,festival
2027-01-01,休,元旦
2027-01-03,班,元旦
2027-02-05,休,春节
2027-04-05,休,清明节
2027-05-03,休,劳动节
2027-06-09,休,端午节
2027-09-15,休,中秋节
2027-10-01,休,国庆节
"""
TODAY: Final = date(2026, 12, 30)
NOW: Final = datetime.fromisoformat("2026-12-30T10:00:00+08:00")
ACCEPTED: Final = datetime.fromisoformat("2026-12-29T10:00:00+08:00")
OLD_DUE: Final = datetime.fromisoformat("2027-01-04T18:00:00+08:00")
NEW_DUE: Final = datetime.fromisoformat("2027-01-03T18:00:00+08:00")
OPERATOR: Final = Actor(kind="supervisor", id="op", unit="qdc")


def notice() -> Notice:
    return decode_notice_csv(TABLE, 2027, "invented: nobody's decision")


def planned() -> Planned:
    chain = chain_from(SHIPPED_VERSION, [])
    return plan_notice(chain, notice(), "cn-2027.1", TODAY, is_first=True)


def own_clocks(clocks: Clocks) -> tuple[Clocks, Recomputing]:
    """With a rulebook of their own, for a new calendar changes it."""
    book = load_book("baoan")
    mine = replace(clocks, service=sla_service(book))
    runner = replace(mine.runner, clock=lambda: NOW)
    job = Recomputing(
        runner=runner,
        book=book,
        shipped=SHIPPED_VERSION,
        partitions=clocks.database.partitions,
        owned=lambda: range(clocks.database.partitions),
    )
    return mine, job


async def apply(clocks: Clocks, plan: Planned) -> None:
    runner = Runner(clocks.pool, system_service(), lambda: NOW, lambda _: None)
    for command in plan.commands:
        request = request_of(command, clocks.database.partitions, OPERATOR)
        (result,) = await runner.run([Group([request])])
        assert not isinstance(result, Failed)


async def test_a_notice_is_applied_once_and_the_log_gives_the_calendar_again(
    clocks: Clocks,
) -> None:
    plan = planned()
    await apply(clocks, plan)
    await apply(clocks, plan)
    async with clocks.pool.acquire() as connection:
        applied = await read_applied(connection, clocks.database.partitions)
    assert [event.version for event in applied] == ["cn-2026.1", "cn-2027.1"]
    assert (applied[1].changes_on, applied[1].confirmed_until) == (
        date(2026, 12, 31),
        date(2027, 12, 31),
    )
    (row,) = await clocks.database.fetch(
        "SELECT count(DISTINCT key) AS keys, min(convert_from(key, 'UTF8')) AS key FROM sla.events"
    )
    assert (row["keys"], row["key"]) == (1, "system")


async def test_the_dry_run_lists_what_will_move_and_writes_nothing(clocks: Clocks) -> None:
    mine, job = own_clocks(clocks)
    await mine.start(1, 2, started_at=ACCEPTED)
    await mine.start(3, started_at=datetime.fromisoformat("2026-11-02T10:00:00+08:00"))
    before = await mine.timers()
    job.book.adopt(planned().chain.calendar)
    moves = [
        move
        async for move in moved_deadlines(
            clocks.pool, job.book, clocks.database.partitions, lambda: NOW
        )
    ]
    assert [(move.old_due, move.clock.due) for move in moves] == [(OLD_DUE, NEW_DUE)] * 2
    assert await mine.timers() == before


async def test_running_clocks_take_the_new_days_by_event_and_provisional_ones_are_confirmed(
    clocks: Clocks,
) -> None:
    mine, job = own_clocks(clocks)
    await mine.start(1, 2, started_at=ACCEPTED)
    await mine.take(suspended(2, ACCEPTED))
    await apply(clocks, planned())
    await job.look()
    for number in (1, 2):
        events = await mine.events(number)
        started, moved = events[0], events[-1]
        assert isinstance(started, ClocksStarted)
        assert isinstance(moved, DeadlineSet)
        assert (started.clocks[0].due, started.clocks[0].provisional) == (OLD_DUE, True)
        assert (moved.clock.due, moved.clock.provisional) == (NEW_DUE, False)
        assert (moved.reason, moved.old_due, moved.silent) == ("calendar", OLD_DUE, number == 2)
        assert moved.clock.calendar_version == "cn-2027.1"
    assert [number for number, *_ in await mine.timers()] == [1], "the silent one stays silent"


async def test_the_job_is_done_once_and_goes_on_where_it_was_cut(clocks: Clocks) -> None:
    mine, job = own_clocks(clocks)
    await mine.start(*range(1_200), started_at=ACCEPTED)
    await apply(clocks, planned())
    assert await job.adopt()
    first = await job.recompute_batch(0, UUID(int=0))
    assert len(first) == 500
    _, other = own_clocks(clocks)
    await other.look()
    await other.look()
    (row,) = await clocks.database.fetch(
        "SELECT count(*) AS moved, count(DISTINCT stream_id) AS appeals FROM sla.events "
        "WHERE type = 'sla.deadline-set.v1'"
    )
    assert (row["moved"], row["appeals"]) == (1_200, 1_200)
    (row,) = await clocks.database.fetch(
        "SELECT count(*) AS n FROM sla.events WHERE type = 'sla.policy-version-applied.v1'"
    )
    assert row["n"] == 1


async def test_a_clock_that_ends_before_the_change_keeps_its_due_time_and_is_not_asked_again(
    clocks: Clocks,
) -> None:
    mine, job = own_clocks(clocks)
    await mine.start(1, started_at=datetime.fromisoformat("2026-12-22T10:00:00+08:00"))
    await apply(clocks, planned())
    assert await job.adopt()
    assert await job.recompute(0) == 1
    assert await job.recompute(0) == 0
    assert len(await mine.events(1)) == 1


def test_the_next_version_is_named_after_the_notices_year() -> None:
    assert next_version("cn-2026.1", notice()) == "cn-2027.1"
    assert next_version("cn-2027.1", notice()) == "cn-2027.2"
