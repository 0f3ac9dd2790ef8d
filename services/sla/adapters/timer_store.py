"""The rows of timers in SQL: armed, silenced, dropped, claimed when due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg

from libs.common.contracts.values import ClockName
from libs.common.eventstore.store import Connection, Pool
from libs.common.ids import AppealId

ARM: Final = """
    INSERT INTO timers AS t
        (appeal_id, clock, partition, due_at, deadline_version, level, correlation_id, key,
         calendar_version, policy_version)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::timestamptz[],
                         $5::smallint[], $6::smallint[], $7::uuid[], $8::text[],
                         $9::text[], $10::text[])
    ON CONFLICT (appeal_id, clock) DO UPDATE SET
        due_at = excluded.due_at,
        deadline_version = excluded.deadline_version,
        level = excluded.level,
        calendar_version = coalesce(excluded.calendar_version, t.calendar_version),
        policy_version = coalesce(excluded.policy_version, t.policy_version)
"""
# A row that is silent keeps its place, so that a new calendar finds it too.
SILENCE: Final = """
    UPDATE timers t SET due_at = 'infinity'
    FROM unnest($1::uuid[], $2::text[]) AS d(appeal_id, clock)
    WHERE t.appeal_id = d.appeal_id AND t.clock = d.clock
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
# The versions that hold now; a policy that is not among them keeps what its row says.
MARK: Final = """
    UPDATE timers t SET calendar_version = $2, policy_version = coalesce(
        (SELECT v FROM unnest($3::text[]) AS v
         WHERE regexp_replace(v, '-[^-]*$', '') = regexp_replace(t.policy_version, '-[^-]*$', '')),
        t.policy_version)
    WHERE t.appeal_id = ANY($1::uuid[])
"""
FIND_STALE: Final = """
    SELECT DISTINCT ON (appeal_id) appeal_id, correlation_id, key FROM timers
    WHERE partition = $1 AND appeal_id > $2 AND (
        calendar_version IS DISTINCT FROM $3 OR NOT coalesce(policy_version, '') = ANY($4::text[]))
    ORDER BY appeal_id LIMIT $5
"""
FIND_DUE: Final = """
    SELECT u.partition FROM unnest($1::smallint[], $2::timestamptz[]) AS u(partition, until)
    WHERE EXISTS (SELECT FROM timers t WHERE t.partition = u.partition AND t.due_at <= u.until)
"""
COUNT: Final = """
    SELECT count(*) FROM timers WHERE partition = ANY($1::smallint[]) AND due_at < 'infinity'
"""
COUNT_DUE: Final = """
    SELECT count(*) AS due, min(due_at) AS oldest FROM timers
    WHERE partition = ANY($1::smallint[]) AND due_at <= $2
"""

TimerKey: TypeAlias = tuple[UUID, ClockName]
# The driver writes it as infinity: no moment that is ever due.
SILENT: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """The next step of one clock; at SILENT while the clock has nothing to say."""

    appeal_id: AppealId
    clock: ClockName
    partition: int
    due_at: datetime
    deadline_version: int
    level: int
    correlation_id: UUID
    key: str
    # None leaves what the row says.
    calendar_version: str | None = None
    policy_version: str | None = None


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
        [timer.calendar_version for timer in ordered],
        [timer.policy_version for timer in ordered],
    )


async def drop(connection: Connection, keys: Sequence[TimerKey]) -> None:
    await of_each(connection, DROP, keys)


async def silence(connection: Connection, keys: Sequence[TimerKey]) -> None:
    await of_each(connection, SILENCE, keys)


async def of_each(connection: Connection, statement: str, keys: Sequence[TimerKey]) -> None:
    if keys:
        ordered = sorted(keys)
        appeals, clocks = [appeal for appeal, _ in ordered], [clock for _, clock in ordered]
        await connection.execute(statement, appeals, clocks)


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


@dataclass(frozen=True, slots=True)
class Stale:
    """An appeal with a clock that was reckoned by another calendar or policy than holds now."""

    appeal_id: AppealId
    correlation_id: UUID
    key: str


async def find_stale(
    connection: Connection,
    partition: int,
    after: UUID,
    versions: tuple[str, Sequence[str]],
    limit: int,
) -> list[Stale]:
    """In the order of their ids, so that the last one says where to go on."""
    calendar, policies = versions
    rows = await connection.fetch(FIND_STALE, partition, after, calendar, ["", *policies], limit)
    return [
        Stale(
            AppealId(UUID(bytes=row["appeal_id"].bytes)),
            UUID(bytes=row["correlation_id"].bytes),
            row["key"],
        )
        for row in rows
    ]


async def mark(
    connection: Connection, appeals: Sequence[AppealId], versions: tuple[str, Sequence[str]]
) -> None:
    calendar, policies = versions
    await connection.execute(MARK, list(appeals), calendar, list(policies))
