"""A deadline that moves: always a new version by an event, the old one stays on record."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from libs.calendar.running import Pause
from libs.common.contracts.sla import (
    ClockEvent,
    DeadlineSet,
)
from libs.common.contracts.sla_parts import ClockStart, DeadlineReason, Step
from libs.common.contracts.values import ClockName
from libs.common.ids import AppealId
from services.sla.domain.clock_start import clock_start, run_of
from services.sla.domain.deadline import ClockRun
from services.sla.domain.escalation import escalations, overtaken
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import Ladder, SlaState, Suspended

Change: TypeAlias = Callable[[ClockRun], ClockRun]
# What has come due under these is for the timers alone: nothing was heard that speaks of it.
BY_NO_FACT: Final[frozenset[DeadlineReason]] = frozenset({"calendar", "policy"})


def move(
    book: Rulebook,
    appeal: tuple[AppealId, SlaState],
    clock: ClockName,
    change: Change,
    why: tuple[DeadlineReason, datetime],
) -> list[ClockEvent]:
    """Nothing where the due time stays. What stands in both at the same time is told once.

    Steps of the old deadline alone are told if their time came before the change, else revoked.
    """
    (appeal_id, state), (reason, at) = appeal, why
    ladder, found = state.ladder(clock), state.clocks.get(clock)
    if ladder is None:
        return []
    start = new_start(book, state, ladder, change)
    if start.due == ladder.start.due and reason != "unmerge":
        return []
    same = levels_in_both(ladder.start, start)
    until = min(at, found.since) if isinstance(found, Suspended) else at
    owed = [step for step in ladder.before(until) if step.level not in same]
    told = tell(book, appeal, ladder, [] if reason in BY_NO_FACT else owed)
    revoked = [one for one in overtaken(appeal_id, found, at) if one.level not in same]
    return [*told, *revoked, deadline_set(appeal, start, why)]


def deadline_set(
    appeal: tuple[AppealId, SlaState],
    start: ClockStart,
    why: tuple[DeadlineReason, datetime],
) -> DeadlineSet:
    """What was told in this run at the time that the step has now counts as told."""
    appeal_id, state = appeal
    old = state.ladder(start.clock) or Ladder(start)
    reason, changed_at = why
    return DeadlineSet(
        appeal_id=appeal_id,
        clock=start,
        reason=reason,
        changed_at=changed_at,
        old_due=old.start.due,
        old_version=old.start.deadline_version,
        taken=tuple(sorted(s.level for s in start.steps if (s.level, s.at) in old.told)),
        silent=isinstance(state.clocks.get(start.clock), Suspended),
    )


def levels_in_both(old: ClockStart, new: ClockStart) -> set[int]:
    """Steps that come at the very same time under both deadlines."""
    times = {(step.level, step.at) for step in new.steps}
    return {step.level for step in old.steps if (step.level, step.at) in times}


def tell(
    book: Rulebook, appeal: tuple[AppealId, SlaState], ladder: Ladder, steps: Sequence[Step]
) -> Sequence[ClockEvent]:
    """These alone, though the ladder may have others before them."""
    levels = {step.level for step in steps}
    others = frozenset(s.level for s in ladder.start.steps if s.level not in levels)
    return escalations(book, appeal, replace(ladder, fired=ladder.fired | others), steps, None)


def new_start(book: Rulebook, state: SlaState, ladder: Ladder, change: Change) -> ClockStart:
    planner = book.planner(state.policy, state.sub_district)
    run = change(run_of(ladder.start, state.urgency))
    return clock_start(planner, run, planner.plan(run), ladder.start.deadline_version + 1)


def moves(
    book: Rulebook,
    appeal: tuple[AppealId, SlaState],
    clocks: Iterable[ClockName],
    change: Change,
    why: tuple[DeadlineReason, datetime],
) -> list[ClockEvent]:
    return [event for clock in clocks for event in move(book, appeal, clock, change, why)]


def with_pause(rest: Pause, run: ClockRun) -> ClockRun:
    return replace(run, pauses=(*run.pauses, rest))
