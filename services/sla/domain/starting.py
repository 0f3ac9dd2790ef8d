"""Clocks that start, for the first time or anew."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from libs.calendar.errors import OutsideCalendarError
from libs.common.contracts.sla import (
    ChangeNoted,
    ClockEvent,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
)
from libs.common.contracts.sla_parts import ClockStart, RuleGrade, StopReason
from libs.common.contracts.values import ClockName, Urgency
from libs.common.errors import PoisonError
from services.sla.domain.changing import raise_urgency
from services.sla.domain.clock_start import clock_start, pauses_of
from services.sla.domain.commands import StartClocks
from services.sla.domain.deadline import ClockRun, Plan, Planner
from services.sla.domain.escalation import overtaken, passed
from services.sla.domain.evolve import evolve
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import Clock, Running, SlaState, Stopped, Suspended


def start(book: Rulebook, state: SlaState, command: StartClocks) -> tuple[ClockEvent, ...]:
    """A step that is past already waits for its timer; only a stop that is known ends a clock.

    The first clock speaks for all: of one fact they start together or not at all. Raises
    PoisonError where the calendar does not reach.
    """
    if is_closed(state, command):
        return ()
    running = state.ladder(command.clocks[0])
    if running is not None and command.started_at <= running.start.started_at:
        return noted(command) if command.started_at < running.start.started_at else ()
    before = [*urged(book, state, command), *replaced(book, state, command)]
    for event in before:
        state = evolve(state, event)
    started = clocks_started(book, state, command)
    return *before, started, *settle(book, evolve(state, started), command, started)


def is_closed(state: SlaState, command: StartClocks) -> bool:
    closed = state.closed_at
    return closed is not None and command.started_at >= closed and not command.reopens


def noted(command: StartClocks) -> tuple[ChangeNoted, ...]:
    """The clock's next run began already: what came before it is kept on record alone."""
    return tuple(
        ChangeNoted(appeal_id=command.appeal_id, clock=clock, change="start", at=command.started_at)
        for clock in command.clocks
    )


def urged(book: Rulebook, state: SlaState, command: StartClocks) -> Sequence[ClockEvent]:
    """A fact that calls the appeal urgent makes urgent what runs already."""
    if command.urgency != "urgent" or state.urgency == "urgent" or not state.clocks:
        return ()
    return raise_urgency(book, state, command.appeal_id, command.started_at)


def replaced(book: Rulebook, state: SlaState, command: StartClocks) -> list[ClockEvent]:
    """A clock that starts anew while it runs ends its old run where the new one begins."""
    names: list[ClockName] = [name for name in command.clocks if state.live(name) is not None]
    if not names:
        return []
    at, appeal = command.started_at, (command.appeal_id, state)
    told = [step for n in names for step in passed(book, appeal, state.clocks[n], at)]
    stopped = ClocksStopped(
        appeal_id=command.appeal_id, clocks=tuple(names), stopped_at=at, reason="replaced"
    )
    revoked = [one for n in names for one in overtaken(command.appeal_id, state.clocks[n], at)]
    return [*told, stopped, *revoked]


def clocks_started(book: Rulebook, state: SlaState, command: StartClocks) -> ClocksStarted:
    urgency: Urgency = "urgent" if "urgent" in {command.urgency, state.urgency} else "normal"
    grade: RuleGrade = "urgent" if urgency == "urgent" else command.grade or "normal"
    planner = book.planner(state.policy, command.sub_district or state.sub_district)
    runs = [run_from(state, command, clock, grade) for clock in command.clocks]
    try:
        starts = clock_starts(planner, state, runs)
    except OutsideCalendarError as error:
        raise PoisonError("outside_calendar", str(error)) from error
    return ClocksStarted(
        appeal_id=command.appeal_id,
        urgency=urgency,
        lead=command.lead,
        clocks=starts,
        sub_district=command.sub_district,
        officer_id=command.officer_id,
    )


def run_from(state: SlaState, command: StartClocks, clock: ClockName, grade: RuleGrade) -> ClockRun:
    """With what was heard of the clock before its start."""
    heard = state.pending.get(clock)
    if heard is None:
        return ClockRun(clock, grade, command.started_at, promised_due=command.promised_due)
    return ClockRun(
        clock,
        grade,
        command.started_at,
        pauses=pauses_of(heard.rests),
        extensions=heard.extensions,
        not_after=heard.not_after,
        promised_due=command.promised_due,
    )


def clock_starts(
    planner: Planner, state: SlaState, runs: Iterable[ClockRun]
) -> tuple[ClockStart, ...]:
    """An interim reply is owed only where the resolve limit ends after it."""
    plans: list[tuple[ClockRun, Plan]] = [(run, planner.plan(run)) for run in runs]
    dues = {run.clock: plan.due for run, plan in plans}
    owed = "interim" in dues and "resolve" in dues and dues["interim"] < dues["resolve"]
    return tuple(
        clock_start(planner, run, plan, next_version(state, run.clock))
        for run, plan in plans
        if run.clock != "interim" or owed
    )


def next_version(state: SlaState, clock: ClockName) -> int:
    ladder = state.ladder(clock)
    return 1 if ladder is None else ladder.start.deadline_version + 1


def settle(
    book: Rulebook, state: SlaState, command: StartClocks, started: ClocksStarted
) -> list[ClockEvent]:
    """Of clocks that were ended or silenced before they started: what they still owe."""
    events: list[ClockEvent] = []
    names: list[ClockName] = [
        one.clock
        for one in started.clocks
        if is_ended(state) or not isinstance(state.clocks[one.clock], Running)
    ]
    for name in names:
        clock = state.clocks[name]
        if (end := end_of(state, clock, command.started_at)) is not None:
            at, reason = end
            stopped = ClocksStopped(
                appeal_id=command.appeal_id, clocks=(name,), stopped_at=at, reason=reason
            )
            events += [*passed(book, (command.appeal_id, state), clock, at), stopped]
        elif isinstance(clock, Suspended):
            silent = ClocksSuspended(
                appeal_id=command.appeal_id, clocks=(name,), suspended_at=clock.since
            )
            events += [*passed(book, (command.appeal_id, state), clock, clock.since), silent]
    return events


def is_ended(state: SlaState) -> bool:
    return state.closed_at is not None or state.merged_at is not None


def end_of(
    state: SlaState, clock: Clock, started_at: datetime
) -> tuple[datetime, StopReason] | None:
    """The earliest of what is known to have ended it."""
    ends: list[tuple[datetime, StopReason]] = []
    if isinstance(clock, Stopped):
        ends.append((clock.at, "done"))
    if state.closed_at is not None and state.closed_at > started_at:
        ends.append((state.closed_at, "closed"))
    if state.merged_at is not None and state.merged_at > started_at:
        ends.append((state.merged_at, "merged"))
    return min(ends, default=None)
