"""The rows of timers: armed, moved and dropped with the events that say so; claimed when due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg

from libs.common.contracts.sla import (
    ClockEvent,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    LevelRaised,
    LimitPassed,
    Notified,
    Supervised,
    Urged,
    WarningRaised,
)
from libs.common.contracts.values import ClockName
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.decision import Applied
from libs.common.ids import AppealId
from services.sla.domain.commands import FireStep, SlaCommand

ARM: Final = """
    INSERT INTO timers AS t
        (appeal_id, clock, partition, due_at, deadline_version, level, correlation_id, key)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::timestamptz[],
                         $5::smallint[], $6::smallint[], $7::uuid[], $8::text[])
    ON CONFLICT (appeal_id, clock) DO UPDATE SET
        due_at = excluded.due_at,
        deadline_version = excluded.deadline_version,
        level = excluded.level
"""
DROP: Final = """
    DELETE FROM timers t USING unnest($1::uuid[], $2::text[]) AS d(appeal_id, clock)
    WHERE t.appeal_id = d.appeal_id AND t.clock = d.clock
"""
# The moment is a parameter: a volatile function there could not bound the scan of the index.
CLAIM: Final = """
    SELECT appeal_id, clock, partition, due_at, deadline_version, level, correlation_id, key
    FROM timers
    WHERE partition = $1 AND due_at <= $2 AND NOT appeal_id = ANY($4::uuid[])
    ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
"""
FIND_DUE: Final = """
    SELECT u.partition FROM unnest($1::smallint[], $2::timestamptz[]) AS u(partition, until)
    WHERE EXISTS (SELECT FROM timers t WHERE t.partition = u.partition AND t.due_at <= u.until)
"""
COUNT: Final = "SELECT count(*) FROM timers WHERE partition = ANY($1::smallint[])"
COUNT_DUE: Final = """
    SELECT count(*) AS due, min(due_at) AS oldest FROM timers
    WHERE partition = ANY($1::smallint[]) AND due_at <= $2
"""

TimerKey: TypeAlias = tuple[UUID, ClockName]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """The next step of one clock."""

    appeal_id: AppealId
    clock: ClockName
    partition: int
    due_at: datetime
    deadline_version: int
    level: int
    correlation_id: UUID
    key: str


async def project(
    connection: Connection, applied: Sequence[Applied[SlaCommand, ClockEvent]], /
) -> None:
    """Brings the rows to what the events say; a row that led to nothing has outlived its clock."""
    rows: dict[TimerKey, Timer | None] = {}
    for one in applied:
        command = one.request.command
        if isinstance(command, FireStep) and not one.events:
            rows[command.appeal_id, command.clock] = None
        for event in one.events:
            rows.update(rows_after(event))
    await arm(connection, [timer for timer in rows.values() if timer])
    await drop(connection, [key for key, timer in rows.items() if timer is None])


def rows_after(new: NewEvent[ClockEvent]) -> Mapping[TimerKey, Timer | None]:
    """The rows that one event leaves behind, None where there is to be none."""
    match event := new.event:
        case ClocksStarted():
            return {
                (event.appeal_id, start.clock): timer(
                    new, start.clock, start.deadline_version, (first.level, first.at)
                )
                for start in event.clocks
                for first in start.steps[:1]
            }
        case ClocksSuspended() | ClocksStopped():
            return dict.fromkeys((event.appeal_id, clock) for clock in event.clocks)
        case WarningRaised() | Urged() | LimitPassed() | Supervised() | LevelRaised() | Notified():
            where = (event.appeal_id, event.clock)
            if event.next_at is None or event.next_level is None:
                return {where: None}
            step = (event.next_level, event.next_at)
            return {where: timer(new, event.clock, event.deadline_version, step)}
        case _:
            return {}


def timer(
    new: NewEvent[ClockEvent], clock: ClockName, deadline_version: int, step: tuple[int, datetime]
) -> Timer:
    level, due_at = step
    return Timer(
        appeal_id=new.event.appeal_id,
        clock=clock,
        partition=new.partition,
        due_at=due_at,
        deadline_version=deadline_version,
        level=level,
        correlation_id=new.correlation_id,
        key=new.key,
    )


async def arm(connection: Connection, timers: Sequence[Timer]) -> None:
    """Inserts and moves in bulk, always in one order, so that two writers can not interlock."""
    if not timers:
        return
    ordered = sorted(timers, key=lambda timer: (timer.appeal_id, timer.clock))
    await connection.execute(
        ARM,
        [timer.appeal_id for timer in ordered],
        [timer.clock for timer in ordered],
        [timer.partition for timer in ordered],
        [timer.due_at for timer in ordered],
        [timer.deadline_version for timer in ordered],
        [timer.level for timer in ordered],
        [timer.correlation_id for timer in ordered],
        [timer.key for timer in ordered],
    )


async def drop(connection: Connection, keys: Sequence[TimerKey]) -> None:
    if keys:
        ordered = sorted(keys)
        await connection.execute(DROP, [appeal for appeal, _ in ordered], [c for _, c in ordered])


async def claim(
    connection: Connection, partition: int, until: datetime, limit: int, without: Iterable[UUID]
) -> list[Timer]:
    """Locks the oldest due rows that nobody else works on; those of `without` are left alone."""
    rows = await connection.fetch(CLAIM, partition, until, limit, list(without))
    return [timer_in(row) for row in rows]


def timer_in(row: asyncpg.Record) -> Timer:
    # The driver's own UUIDs look like Python's, but orjson refuses to write them into an event.
    return Timer(
        appeal_id=AppealId(UUID(bytes=row["appeal_id"].bytes)),
        clock=row["clock"],
        partition=row["partition"],
        due_at=row["due_at"],
        deadline_version=row["deadline_version"],
        level=row["level"],
        correlation_id=UUID(bytes=row["correlation_id"].bytes),
        key=row["key"],
    )


async def partitions_with_due(pool: Pool, untils: Mapping[int, datetime]) -> list[int]:
    """Which partitions hold a row that is due by the moment given for each."""
    rows = await pool.fetch(FIND_DUE, list(untils), list(untils.values()))
    return [row["partition"] for row in rows]


async def count_timers(pool: Pool, partitions: Iterable[int]) -> int:
    count: int = await pool.fetchval(COUNT, list(partitions))
    return count


async def count_due(
    pool: Pool, partitions: Iterable[int], now: datetime
) -> tuple[int, datetime | None]:
    """How many rows are due, and since when the oldest one is."""
    row = await pool.fetchrow(COUNT_DUE, list(partitions), now)
    return (row["due"], row["oldest"]) if row else (0, None)
