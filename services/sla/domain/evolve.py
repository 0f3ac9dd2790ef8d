"""How events move the clocks. History is not judged again: what is stored has happened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeAlias

from libs.common.contracts.sla import (
    ChangeNoted,
    ClockEvent,
    ClocksPaused,
    ClocksResumed,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    DeadlineSet,
    Escalation,
    EscalationRevoked,
    ExtensionDeclined,
    LevelRaised,
    LimitPassed,
    Notified,
    PauseEnded,
    Supervised,
    Urged,
    UrgencyChanged,
    WarningRaised,
)
from libs.common.contracts.sla_parts import Rest
from libs.common.contracts.values import ClockName
from services.sla.domain.state import (
    Clock,
    Ladder,
    Pending,
    Running,
    SlaState,
    Stopped,
    Suspended,
)


def on_suspended(state: SlaState, event: ClocksSuspended) -> SlaState:
    return moved(state, event.clocks, partial(suspended, event.suspended_at))


def on_paused(state: SlaState, event: ClocksPaused) -> SlaState:
    rest = Rest(paused_at=event.paused_at, resumed_at=event.runs_again_at)
    return resting(state, event.clocks, rest.paused_at, lambda noted: noted.paused(rest))


def on_pause_ended(state: SlaState, event: PauseEnded) -> SlaState:
    return resting(state, event.clocks, None, lambda noted: noted.resumed(event.resumed_at))


def on_urgency(state: SlaState, event: UrgencyChanged) -> SlaState:
    return replace(state, urgency=event.new)


def on_declined(state: SlaState, _event: ExtensionDeclined) -> SlaState:
    return state


def on_started(state: SlaState, event: ClocksStarted) -> SlaState:
    """Urgency only ever rises; a clock that was stopped before it started stays stopped."""
    clocks, pending = dict(state.clocks), dict(state.pending)
    for start in event.clocks:
        noted = pending.pop(start.clock, None)
        since, is_rerun = (
            noted.resting_since if noted else None,
            state.ladder(start.clock) is not None,
        )
        ladder = Ladder(start, resting_since=since, is_rerun=is_rerun)
        match found := clocks.get(start.clock):
            case Suspended(ladder=None) | Stopped(ladder=None):
                clocks[start.clock] = replace(found, ladder=ladder)
            case _:
                clocks[start.clock] = Running(ladder)
    first, closed = event.clocks[0], state.closed_at
    reopens = closed is not None and first.started_at > closed
    # Written out: this is done for every appeal, and `replace` takes longer.
    return SlaState(
        urgency="urgent" if "urgent" in (event.urgency, state.urgency) else "normal",
        lead=event.lead or state.lead,
        clocks=clocks,
        pending=pending,
        policy=state.policy or first.policy_version.rpartition("-")[0],
        sub_district=event.sub_district or state.sub_district,
        officer_id=event.officer_id or state.officer_id,
        closed_at=None if reopens else closed,
        reopened_at=first.started_at if reopens else state.reopened_at,
        merged_at=state.merged_at,
    )


def on_resumed(state: SlaState, event: ClocksResumed) -> SlaState:
    """One that was suspended before it started is as if it had never been heard of."""
    clocks = dict(state.clocks)
    for name in event.clocks:
        clock = clocks.pop(name, None)
        if clock is not None and clock.ladder is not None:
            clocks[name] = Running(clock.ladder)
    return replace(state, clocks=clocks)


def on_stopped(state: SlaState, event: ClocksStopped) -> SlaState:
    is_merged = event.reason == "merged"
    stop = partial(stopped, event.stopped_at, is_merged=is_merged)
    after = moved(state, event.clocks, stop)
    if is_merged:
        return replace(after, merged_at=event.stopped_at)
    if event.reason == "closed":
        return replace(after, closed_at=min(event.stopped_at, state.closed_at or event.stopped_at))
    return after


def on_deadline_set(state: SlaState, event: DeadlineSet) -> SlaState:
    """An unmerge sets running what the merge had stopped."""
    name = event.clock.clock
    clock = state.clocks.get(name)
    old = clock.ladder if clock else None
    fired = frozenset(event.taken)
    ladder = Ladder(
        event.clock,
        fired=fired,
        revoked=old.revoked & fired if old else frozenset(),
        resting_since=old.resting_since if old else None,
        is_rerun=old is not None and old.is_rerun,
        told_before=old.told if old else frozenset(),
    )
    if event.reason == "unmerge":
        state, clock = replace(state, merged_at=None), Running(ladder)
    else:
        clock = Running(ladder) if clock is None else replace(clock, ladder=ladder)
    return replace(state, clocks={**state.clocks, name: clock})


def on_noted(state: SlaState, event: ChangeNoted) -> SlaState:
    noted = state.pending.get(event.clock, Pending())
    match event.change:
        case "extension":
            noted = replace(noted, extensions=noted.extensions + 1)
        case "earlier_due" if event.due is not None:
            noted = replace(noted, not_after=min(event.due, noted.not_after or event.due))
        case _:
            return state
    return replace(state, pending={**state.pending, event.clock: noted})


def resting(
    state: SlaState,
    names: Iterable[ClockName],
    since: datetime | None,
    note: Callable[[Pending], Pending],
) -> SlaState:
    """What has started is marked, and its new deadline follows; for the others it is noted."""
    clocks, pending = dict(state.clocks), dict(state.pending)
    for name in names:
        clock = clocks.get(name)
        if clock is None or clock.ladder is None:
            pending[name] = note(pending.get(name, Pending()))
        else:
            clocks[name] = replace(clock, ladder=replace(clock.ladder, resting_since=since))
    return replace(state, clocks=clocks, pending=pending)


def moved(
    state: SlaState, names: Iterable[ClockName], move: Callable[[Clock | None], Clock]
) -> SlaState:
    clocks = {**state.clocks, **{name: move(state.clocks.get(name)) for name in names}}
    return replace(state, clocks=clocks)


def suspended(since: datetime, clock: Clock | None) -> Clock:
    return (
        clock if isinstance(clock, Stopped) else Suspended(since, clock.ladder if clock else None)
    )


def stopped(at: datetime, clock: Clock | None, *, is_merged: bool) -> Stopped:
    if isinstance(clock, Stopped):
        at = min(at, clock.at)
    return Stopped(at, clock.ladder if clock else None, is_merged)


def on_step(state: SlaState, event: Escalation | EscalationRevoked) -> SlaState:
    clock = state.clocks.get(event.clock)
    if clock is None or clock.ladder is None:
        return state
    ladder = clock.ladder
    if ladder.start.deadline_version != event.deadline_version:
        return state
    fired, revoked = ladder.fired, ladder.revoked
    if isinstance(event, EscalationRevoked):
        revoked |= {event.level}
    else:
        fired |= {event.level}
    # Written out: this is done for every step that fires, and `replace` takes longer.
    since, told = ladder.resting_since, ladder.told_before
    ladder = Ladder(ladder.start, fired, revoked, since, ladder.is_rerun, told)
    after = Running(ladder) if isinstance(clock, Running) else replace(clock, ladder=ladder)
    return replace(state, clocks={**state.clocks, event.clock: after})


Evolution: TypeAlias = Callable[[SlaState, Any], SlaState]
EVOLVE: Final[Mapping[type[ClockEvent], Evolution]] = {
    ClocksStarted: on_started,
    ClocksSuspended: on_suspended,
    ClocksResumed: on_resumed,
    ClocksPaused: on_paused,
    PauseEnded: on_pause_ended,
    ClocksStopped: on_stopped,
    DeadlineSet: on_deadline_set,
    UrgencyChanged: on_urgency,
    ExtensionDeclined: on_declined,
    ChangeNoted: on_noted,
    WarningRaised: on_step,
    Urged: on_step,
    LimitPassed: on_step,
    Supervised: on_step,
    LevelRaised: on_step,
    Notified: on_step,
    EscalationRevoked: on_step,
}


def evolution_of(event: ClockEvent) -> Evolution:
    return EVOLVE[type(event)]


def evolve(state: SlaState, event: ClockEvent) -> SlaState:
    return evolution_of(event)(state, event)
