"""What moves deadlines: urgency, extensions, merges, and new calendars and policies."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias

from libs.calendar.running import Pause
from libs.common.contracts.sla import (
    ChangeNoted,
    ClockEvent,
    ExtensionDeclined,
    UrgencyChanged,
)
from libs.common.contracts.values import ClockName
from libs.common.ids import AppealId
from services.sla.domain.clock_start import run_of
from services.sla.domain.commands import (
    ExtendClock,
    RecomputeClocks,
    TakeEarlierDue,
    UnmergeAppeal,
)
from services.sla.domain.deadline import ClockRun, Planner
from services.sla.domain.evolve import evolve
from services.sla.domain.moving import move, moves, with_pause
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import Ladder, SlaState, Stopped
from services.sla.domain.turning import is_awaited, stopped

DeclineReason: TypeAlias = Literal["after_due", "used_up", "not_allowed", "not_running"]


def raise_urgency(
    book: Rulebook, state: SlaState, appeal_id: AppealId, at: datetime
) -> tuple[ClockEvent, ...]:
    """What runs goes on from its old start under the urgent rules; a repeat says nothing."""
    if state.urgency == "urgent":
        return ()
    changed = UrgencyChanged(appeal_id=appeal_id, old=state.urgency, new="urgent", changed_at=at)
    state = evolve(state, changed)
    live: list[ClockName] = [name for name in state.clocks if state.live(name) is not None]
    events = moves(book, (appeal_id, state), live, as_urgent, ("urgency", at))
    for event in events:
        state = evolve(state, event)
    resolve, interim = state.live("resolve"), state.live("interim")
    if resolve and interim and interim.start.due >= resolve.start.due:
        events += stopped(book, (appeal_id, state), ["interim"], at, "replaced")
    return changed, *events


def as_urgent(run: ClockRun) -> ClockRun:
    return replace(run, grade="urgent")


def extend(book: Rulebook, state: SlaState, command: ExtendClock) -> tuple[ClockEvent, ...]:
    """Bookkeeping: router has approved it, the policy says whether and by how much it counts."""
    if state.clocks.get(command.clock) is None and is_awaited(state, command.clock):
        return (noted(command, "extension", command.requested_at),)
    ladder = state.live(command.clock)
    reason = why_not(book, state, ladder, command.requested_at)
    if ladder is None or reason is not None:
        declined = ExtensionDeclined(
            appeal_id=command.appeal_id,
            clock=command.clock,
            approved_at=command.requested_at,
            reason=reason or "not_running",
        )
        return (declined,)
    appeal, at = (command.appeal_id, state), command.requested_at
    return tuple(move(book, appeal, command.clock, once_more, ("extension", at)))


def why_not(
    book: Rulebook, state: SlaState, ladder: Ladder | None, requested_at: datetime
) -> DeclineReason | None:
    if ladder is None:
        return "not_running"
    policy = book.planner(state.policy, state.sub_district).policy
    rule = policy.rule(ladder.start.clock, run_of(ladder.start, state.urgency).grade)
    if rule.extension is None:
        return "not_allowed"
    if ladder.start.extensions >= rule.extension.at_most:
        return "used_up"
    return "after_due" if requested_at > ladder.start.due else None


def once_more(run: ClockRun) -> ClockRun:
    return replace(run, extensions=run.extensions + 1)


def noted(
    command: ExtendClock | TakeEarlierDue,
    change: Literal["extension", "earlier_due"],
    at: datetime,
    due: datetime | None = None,
) -> ChangeNoted:
    clock = command.clock if isinstance(command, ExtendClock) else "resolve"
    return ChangeNoted(appeal_id=command.appeal_id, clock=clock, change=change, at=at, due=due)


def take_earlier_due(
    book: Rulebook, state: SlaState, command: TakeEarlierDue
) -> tuple[ClockEvent, ...]:
    """A joined child's due time, where it comes before the master's own."""
    planner = book.planner(state.policy, state.sub_district)
    due = command.due
    if due is None:
        due = planner.plan(ClockRun("resolve", command.urgency, command.accepted_at)).due
    if state.clocks.get("resolve") is None:
        return (noted(command, "earlier_due", command.joined_at, due),)
    ladder = state.live("resolve")
    if ladder is None or due >= ladder.start.due:
        return ()
    appeal, change = (command.appeal_id, state), partial(not_after, due)
    return tuple(move(book, appeal, "resolve", change, ("merge", command.joined_at)))


def not_after(due: datetime, run: ClockRun) -> ClockRun:
    return replace(run, not_after=min(due, run.not_after or due))


def unmerge(book: Rulebook, state: SlaState, command: UnmergeAppeal) -> tuple[ClockEvent, ...]:
    """The time under the master is taken out of the limit, however long it was."""
    at, appeal = command.unmerged_at, (command.appeal_id, state)
    events: list[ClockEvent] = []
    for name, clock in state.clocks.items():
        if isinstance(clock, Stopped) and clock.is_merged and clock.ladder is not None:
            rest = Pause(clock.at, max(clock.at, at))
            events += move(book, appeal, name, partial(with_pause, rest), ("unmerge", at))
    return tuple(events)


def recompute(book: Rulebook, state: SlaState, command: RecomputeClocks) -> tuple[ClockEvent, ...]:
    """Used time stays as it was: the calendar is the old one for all days before its change."""
    appeal, at = (command.appeal_id, state), command.changed_at
    events: list[ClockEvent] = []
    for name in state.clocks:
        ladder = state.live(name)
        if ladder is None or book.is_current(
            ladder.start.policy_version, ladder.start.calendar_version
        ):
            continue
        planner = book.planner(state.policy, state.sub_district)
        if ladder.start.policy_version == planner.policy.version_id:
            events += move(book, appeal, name, unchanged, ("calendar", at))
        else:
            change = partial(not_in_the_past, planner, at)
            events += move(book, appeal, name, change, ("policy", at))
    return tuple(events)


def unchanged(run: ClockRun) -> ClockRun:
    return run


def not_in_the_past(planner: Planner, at: datetime, run: ClockRun) -> ClockRun:
    """A shorter limit that was used up before it came leaves until the close of the working day."""
    if planner.plan(run).due >= at:
        return run
    day = planner.calendar.next_working_moment(at).date()
    return replace(run, promised_due=planner.calendar.closing(day))
