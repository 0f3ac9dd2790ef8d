"""Clocks that fall silent, speak again or stop; an appeal that closes or joins another one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from libs.common.contracts.sla import (
    ClockEvent,
    ClocksResumed,
    ClocksStopped,
    ClocksSuspended,
    EscalationEvent,
    EscalationRevoked,
)
from libs.common.contracts.sla_parts import NextStep, StopReason
from libs.common.contracts.values import ClockName
from libs.common.ids import AppealId
from services.sla.domain.commands import (
    CloseAppeal,
    MergeAppeal,
    ResumeClocks,
    StopClocks,
    SuspendClocks,
)
from services.sla.domain.escalation import overtaken, passed
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import Running, SlaState, Stopped, Suspended

# The fact that starts the one starts the other too, where the policy has it at all.
STARTS_WITH: Final[Mapping[ClockName, ClockName]] = {
    "contact": "resolve",
    "interim": "resolve",
    "return_window": "sign",
}
# Their start and their stop may stand in different topics, which have no order between them. A
# stop of any other clock that has not started means an earlier run, or one that never was.
MAY_START_LATE: Final[frozenset[ClockName]] = frozenset(
    {"resolve", "contact", "interim", "sign", "return_window", "result_review", "callback"}
)
FIRST_OF_ALL: Final[tuple[ClockName, ...]] = ("resolve", "contact", "interim")


def is_awaited(state: SlaState, clock: ClockName) -> bool:
    """A clock that has not started may still, unless the fact that starts it was heard."""
    return clock in MAY_START_LATE and state.ladder(STARTS_WITH.get(clock) or clock) is None


def suspend(book: Rulebook, state: SlaState, command: SuspendClocks) -> tuple[ClockEvent, ...]:
    told: list[EscalationEvent] = []
    names: list[ClockName] = []
    for name in command.clocks:
        clock = state.clocks.get(name)
        if isinstance(clock, Running) or (clock is None and is_awaited(state, name)):
            told += passed(book, (command.appeal_id, state), clock, command.suspended_at)
            names.append(name)
    if not names:
        return ()
    suspended = ClocksSuspended(
        appeal_id=command.appeal_id,
        clocks=tuple(names),
        suspended_at=command.suspended_at,
        reason=command.reason,
    )
    return *told, suspended


def resume(state: SlaState, command: ResumeClocks) -> tuple[ClockEvent, ...]:
    """Steps that passed in the silence are left to the timers, which find them late."""
    names: list[ClockName] = [
        n for n in command.clocks if isinstance(state.clocks.get(n), Suspended)
    ]
    if not names:
        return ()
    resumed = ClocksResumed(
        appeal_id=command.appeal_id,
        clocks=tuple(names),
        resumed_at=command.resumed_at,
        ahead=tuple(step for name in names for step in next_step(state, name)),
    )
    return (resumed,)


def next_step(state: SlaState, clock: ClockName) -> Sequence[NextStep]:
    ladder = state.ladder(clock)
    if ladder is None or not ladder.remaining:
        return ()
    step, version = ladder.remaining[0], ladder.start.deadline_version
    return (NextStep(clock=clock, deadline_version=version, level=step.level, at=step.at),)


def stop(book: Rulebook, state: SlaState, command: StopClocks) -> tuple[ClockEvent, ...]:
    """A stop before one that is known moves it; steps that it overtakes are revoked."""
    names: list[ClockName] = [
        name for name in command.clocks if is_stopped_by(state, name, command.stopped_at)
    ]
    return stopped(book, (command.appeal_id, state), names, command.stopped_at, "done")


def is_stopped_by(state: SlaState, name: ClockName, at: datetime) -> bool:
    clock = state.clocks.get(name)
    if clock is None:
        return is_awaited(state, name)
    ladder = clock.ladder
    if ladder is not None and ladder.is_rerun and at < ladder.start.started_at:
        return False
    return not isinstance(clock, Stopped) or at < clock.at


def close(book: Rulebook, state: SlaState, command: CloseAppeal) -> tuple[ClockEvent, ...]:
    """Told once; an earlier end moves it, a repeat says nothing."""
    at = command.closed_at
    if state.closed_at is not None and at >= state.closed_at:
        return ()
    if state.reopened_at is not None and at < state.reopened_at:
        return ()
    names: list[ClockName] = [name for name in state.clocks if is_stopped_by(state, name, at)]
    names = names or awaited(state) or list(FIRST_OF_ALL[:1])
    return stopped(book, (command.appeal_id, state), names, at, "closed")


def merge(book: Rulebook, state: SlaState, command: MergeAppeal) -> tuple[ClockEvent, ...]:
    if state.merged_at is not None or state.closed_at is not None:
        return ()
    at = command.merged_at
    names: list[ClockName] = [name for name in state.clocks if state.live(name) is not None]
    names = names or awaited(state)
    return stopped(book, (command.appeal_id, state), names, at, "merged")


def awaited(state: SlaState) -> list[ClockName]:
    return [name for name in FIRST_OF_ALL if is_awaited(state, name)]


def stopped(
    book: Rulebook,
    appeal: tuple[AppealId, SlaState],
    names: Sequence[ClockName],
    at: datetime,
    reason: StopReason,
) -> tuple[ClockEvent, ...]:
    if not names:
        return ()
    appeal_id, state = appeal
    told: list[EscalationEvent] = []
    revoked: list[EscalationRevoked] = []
    for name in names:
        clock = state.clocks.get(name)
        told += passed(book, appeal, clock, at)
        revoked += overtaken(appeal_id, clock, at)
    end = ClocksStopped(appeal_id=appeal_id, clocks=tuple(names), stopped_at=at, reason=reason)
    return *told, end, *revoked
