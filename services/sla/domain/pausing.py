"""The firm was asked for more (待补充): the only thing for which a limit rests."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from libs.calendar.running import Pause
from libs.common.contracts.sla import ClockEvent, ClocksPaused, PauseEnded
from libs.common.contracts.values import ClockName
from services.sla.domain.commands import EndPause, PauseClocks
from services.sla.domain.deadline import ClockRun, longest_pause
from services.sla.domain.evolve import evolve
from services.sla.domain.moving import moves, with_pause
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import SlaState
from services.sla.domain.turning import is_awaited


def pause(book: Rulebook, state: SlaState, command: PauseClocks) -> tuple[ClockEvent, ...]:
    """The deadline that follows holds if the answer takes as long as it may."""
    planner = book.planner(state.policy, state.sub_district)
    rest = longest_pause(planner.calendar, planner.policy, command.paused_at)
    names: list[ClockName] = [name for name in command.clocks if may_rest(state, name)]
    if not names:
        return ()
    paused = ClocksPaused(
        appeal_id=command.appeal_id,
        clocks=tuple(names),
        paused_at=rest.paused_at,
        runs_again_at=rest.resumed_at,
    )
    appeal, change = (command.appeal_id, evolve(state, paused)), partial(with_pause, rest)
    return paused, *moves(book, appeal, names, change, ("pause", command.paused_at))


def may_rest(state: SlaState, name: ClockName) -> bool:
    ladder = state.live(name)
    if ladder is not None:
        return ladder.resting_since is None
    noted = state.pending.get(name)
    return (
        state.clocks.get(name) is None
        and is_awaited(state, name)
        and (noted is None or noted.resting_since is None)
    )


def end_pause(book: Rulebook, state: SlaState, command: EndPause) -> tuple[ClockEvent, ...]:
    names: list[ClockName] = [name for name in command.clocks if is_resting(state, name)]
    if not names:
        return ()
    at = command.resumed_at
    over = PauseEnded(appeal_id=command.appeal_id, clocks=tuple(names), resumed_at=at)
    change = partial(with_pause_ended, at)
    appeal = (command.appeal_id, evolve(state, over))
    return over, *moves(book, appeal, names, change, ("resume", at))


def is_resting(state: SlaState, name: ClockName) -> bool:
    ladder, noted = state.live(name), state.pending.get(name)
    if ladder is not None:
        return ladder.resting_since is not None
    return noted is not None and noted.resting_since is not None


def with_pause_ended(at: datetime, run: ClockRun) -> ClockRun:
    """The last pause was entered as long as it may be."""
    if not run.pauses:
        return run
    *before, last = run.pauses
    over = max(last.paused_at, min(at, last.resumed_at))
    return replace(run, pauses=(*before, Pause(last.paused_at, over)))
