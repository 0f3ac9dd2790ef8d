"""What events leave of the rows of timers, written in the transaction of the events."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from libs.common.contracts.sla import (
    ClockEvent,
    ClocksResumed,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    DeadlineSet,
    EscalationEvent,
    LevelRaised,
    LimitPassed,
    Notified,
    Supervised,
    Urged,
    WarningRaised,
)
from libs.common.contracts.sla_parts import ClockStart
from libs.common.contracts.values import ClockName
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection
from libs.common.execution.decision import Applied
from services.sla.adapters.timer_store import SILENT, Timer, TimerKey, arm, drop, mark, silence
from services.sla.domain.commands import FireStep, RecomputeClocks, SlaCommand


class Row(Enum):
    """What an event leaves of a row, where it leaves no other step."""

    GONE = "gone"
    SILENT = "silent"


Rows: TypeAlias = dict[TimerKey, Timer | Row]


async def project(
    connection: Connection, applied: Sequence[Applied[SlaCommand, ClockEvent]], /
) -> None:
    """Brings the rows to what the events say; a row that led to nothing has outlived its clock."""
    rows: Rows = {}
    reckoned: list[RecomputeClocks] = []
    for one in applied:
        command = one.request.command
        if isinstance(command, RecomputeClocks):
            reckoned.append(command)
        if isinstance(command, FireStep) and not one.events:
            rows[command.appeal_id, command.clock] = Row.GONE
        for event in one.events:
            lay(rows, event)
    await arm(connection, [row for row in rows.values() if isinstance(row, Timer)])
    await drop(connection, [key for key, row in rows.items() if row is Row.GONE])
    await silence(connection, [key for key, row in rows.items() if row is Row.SILENT])
    if reckoned:
        await mark(connection, [c.appeal_id for c in reckoned], reckoned[0].versions)


def lay(rows: Rows, new: NewEvent[ClockEvent]) -> None:
    """What is silenced in the breath in which it is armed still needs its row."""
    for key, row in rows_after(new).items():
        before = rows.get(key)
        if row is Row.SILENT and isinstance(before, Timer):
            rows[key] = replace(before, due_at=SILENT)
        else:
            rows[key] = row


def rows_after(new: NewEvent[ClockEvent]) -> Mapping[TimerKey, Timer | Row]:
    event = new.event
    match event:
        case ClocksStarted():
            return dict(started_row(new, start) for start in event.clocks)
        case DeadlineSet():
            return dict([started_row(new, event.clock, event.taken, silent=event.silent)])
        case WarningRaised() | Urged() | LimitPassed() | Supervised() | LevelRaised() | Notified():
            return after_step(new, event)
        case _:
            return after_turn(new, event)


def after_turn(new: NewEvent[ClockEvent], event: ClockEvent) -> Mapping[TimerKey, Timer | Row]:
    match event:
        case ClocksSuspended():
            return dict.fromkeys(((event.appeal_id, c) for c in event.clocks), Row.SILENT)
        case ClocksStopped():
            return dict.fromkeys(((event.appeal_id, c) for c in event.clocks), Row.GONE)
        case ClocksResumed():
            return {
                (event.appeal_id, one.clock): next_row(
                    new, one.clock, one.deadline_version, (one.level, one.at)
                )
                for one in event.ahead
            }
        case _:
            return {}


def started_row(
    new: NewEvent[ClockEvent],
    start: ClockStart,
    taken: Collection[int] = (),
    *,
    silent: bool = False,
) -> tuple[TimerKey, Timer | Row]:
    """The first step that was not told before."""
    where = (new.event.appeal_id, start.clock)
    first = next((step for step in start.steps if step.level not in taken), None)
    if first is None:
        return where, Row.GONE
    row = replace(
        next_row(new, start.clock, start.deadline_version, (first.level, first.at)),
        calendar_version=start.calendar_version,
        policy_version=start.policy_version,
    )
    return where, replace(row, due_at=SILENT) if silent else row


def after_step(new: NewEvent[ClockEvent], event: EscalationEvent) -> dict[TimerKey, Timer | Row]:
    where = (event.appeal_id, event.clock)
    if event.next_at is None or event.next_level is None:
        return {where: Row.GONE}
    step = (event.next_level, event.next_at)
    return {where: next_row(new, event.clock, event.deadline_version, step)}


def next_row(
    new: NewEvent[ClockEvent], clock: ClockName, deadline_version: int, step: tuple[int, datetime]
) -> Timer:
    level, at = step
    return Timer(
        appeal_id=new.event.appeal_id,
        clock=clock,
        partition=new.partition,
        due_at=at,
        deadline_version=deadline_version,
        level=level,
        correlation_id=new.correlation_id,
        key=new.key,
    )
