"""What a new calendar would move, asked of the running clocks themselves."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from libs.calendar.chain import Chain
from libs.calendar.data_model import decode_calendar, encode_calendar
from libs.calendar.load import working_calendar
from libs.calendar.notice import Notice, with_notice
from libs.common.contracts.sla import DeadlineSet
from libs.common.contracts.sla_system import HolidayNotice, MarkedDay
from libs.common.eventstore.store import Pool, read_streams
from services.sla.adapters.timer_store import Stale, find_stale
from services.sla.app import sla_service
from services.sla.domain.commands import RecomputeClocks
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.system import ApplyCalendar

BATCH: Final = 500
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """The commands that apply it, and the chain as it will be."""

    commands: Sequence[ApplyCalendar]
    chain: Chain


def plan_notice(
    chain: Chain, notice: Notice, version: str, today: date, *, is_first: bool
) -> Planned:
    """The new days hold from tomorrow: what was used until today stays used.

    Raises CalendarDataError.
    """
    data = with_notice(chain.data, notice, version)
    newer = working_calendar(decode_calendar(encode_calendar(data)))
    tomorrow = today + ONE_DAY
    apply = ApplyCalendar(
        version=version,
        sha256=newer.sha256,
        changes_on=tomorrow,
        confirmed_until=newer.confirmed_until,
        notice=HolidayNotice(
            year=notice.year,
            source=notice.source,
            days=tuple(MarkedDay(day=day, mark=mark) for day, mark in sorted(notice.days.items())),
        ),
    )
    before = [base_of(chain)] if is_first else []
    return Planned([*before, apply], Chain(data, chain.calendar.continued_by(newer, tomorrow)))


def base_of(chain: Chain) -> ApplyCalendar:
    """The calendar that ships, so that the log alone gives every one again."""
    calendar = chain.calendar
    return ApplyCalendar(
        version=calendar.version,
        sha256=calendar.sha256,
        changes_on=calendar.first,
        confirmed_until=calendar.confirmed_until,
    )


def next_version(version: str, notice: Notice) -> str:
    """`cn-2027.1` for a first notice of 2027, else the next number of the same year."""
    region, _, rest = version.partition("-")
    year, _, number = rest.partition(".")
    return f"{region}-{notice.year}.{int(number) + 1 if int(year) == notice.year else 1}"


async def moved_deadlines(
    pool: Pool, book: Rulebook, partitions: int, clock: Callable[[], datetime]
) -> AsyncGenerator[DeadlineSet]:
    """Every deadline that the book would move, decided as the service will decide it."""
    service, now = sla_service(book), clock()
    for partition in range(partitions):
        async for batch in stale_batches(pool, partition, book):
            keys = [(partition, f"sla-{one.appeal_id}") for one in batch]
            async with pool.acquire() as connection:
                stored = await read_streams(connection, keys)
            for one, key in zip(batch, keys, strict=True):
                read = service.read_event
                state = service.decider.replay(read(kind, body).data for kind, body in stored[key])
                command = RecomputeClocks(
                    appeal_id=one.appeal_id, changed_at=now, versions=book.versions
                )
                for event in service.decider.decide(state, command):
                    if isinstance(event, DeadlineSet):
                        yield event


async def stale_batches(
    pool: Pool, partition: int, book: Rulebook
) -> AsyncGenerator[Sequence[Stale]]:
    after = UUID(int=0)
    while True:
        async with pool.acquire() as connection:
            batch = await find_stale(connection, partition, after, book.versions, BATCH)
        if not batch:
            return
        yield batch
        after = batch[-1].appeal_id
