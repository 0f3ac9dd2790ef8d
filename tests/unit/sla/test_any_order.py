"""Topics have no order between each other, and every record may come twice."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.contracts.sla import (
    ClockEvent,
    ClocksStarted,
    ClocksStopped,
    Escalation,
    EscalationRevoked,
)
from libs.common.contracts.values import ClockName
from services.sla.domain.commands import FireStep, SlaCommand, StartClocks, SuspendClocks
from services.sla.domain.reacting.clock_groups import FROM_ACCEPTANCE, FROM_APPROVAL, FROM_DISPATCH
from services.sla.domain.state import Running
from tests.unit.sla.examples import (
    ACCEPTED,
    APPEAL,
    DISPATCHED,
    SLA,
    at,
    close,
    events_of,
    standing,
    stop,
)

SUBMITTED: Final = at("10-12T11:00")
WHOLE_LIFE: Final[tuple[tuple[SlaCommand, ...], ...]] = (
    (ACCEPTED,),
    (DISPATCHED,),
    (stop(at("09-29T11:30"), "sign"),),
    (
        stop(SUBMITTED, "contact", "interim"),
        SuspendClocks(appeal_id=APPEAL, clocks=("resolve",), suspended_at=SUBMITTED),
    ),
    (
        stop(SUBMITTED, "resolve"),
        StartClocks(appeal_id=APPEAL, clocks=FROM_APPROVAL, started_at=at("10-12T17:00")),
    ),
    (close(at("10-14T10:00")),),
)
FIRST_OF_ALL: Final = at("09-29T00:00")


def timers() -> st.SearchStrategy[datetime]:
    """When the timer loop looks; whatever is due by then fires."""
    return st.integers(0, 60 * 24 * 40).map(lambda m: FIRST_OF_ALL + timedelta(minutes=m))


def histories() -> st.SearchStrategy[list[tuple[SlaCommand, ...] | datetime]]:
    """Every fact at least once, some twice, in any order, with firings anywhere between."""
    facts = st.lists(st.sampled_from(WHOLE_LIFE), max_size=4).map(lambda more: [*WHOLE_LIFE, *more])
    return st.tuples(facts, st.lists(timers(), max_size=8)).flatmap(
        lambda both: st.permutations([*both[0], *both[1]])
    )


def events_in(history: Sequence[tuple[SlaCommand, ...] | datetime]) -> list[ClockEvent]:
    events: list[ClockEvent] = []
    for one in history:
        commands = due_timers(events, one) if isinstance(one, datetime) else one
        events += events_of(commands, events)
    return events


def due_timers(given_events: Sequence[ClockEvent], until: datetime) -> list[SlaCommand]:
    """One for every clock that runs, as its row would say: the next step that remains."""
    state = SLA.replay(given_events)
    return [
        FireStep(
            appeal_id=APPEAL,
            clock=name,
            deadline_version=1,
            level=clock.ladder.remaining[0].level,
            until=until,
            now=until,
        )
        for name, clock in state.clocks.items()
        if isinstance(clock, Running) and clock.ladder.remaining
    ]


def justified(events: Sequence[ClockEvent]) -> set[tuple[ClockName, int]]:
    """The steps whose time came before the earliest stop of their clock."""
    stops: dict[ClockName, datetime] = {}
    for event in events:
        if isinstance(event, ClocksStopped):
            for clock in event.clocks:
                stops[clock] = min(event.stopped_at, stops.get(clock, event.stopped_at))
    return {
        (start.clock, step.level)
        for event in events
        if isinstance(event, ClocksStarted)
        for start in event.clocks
        for step in start.steps
        if step.at < stops[start.clock]
    }


@settings(deadline=None)
@given(histories())
def test_each_step_is_taken_once_and_revoked_once_at_most(
    history: list[tuple[SlaCommand, ...] | datetime],
) -> None:
    events = events_in(history)
    taken = Counter(
        (type(event) is EscalationRevoked, event.clock, event.deadline_version, event.level)
        for event in events
        if isinstance(event, Escalation | EscalationRevoked)
    )
    assert set(taken.values()) <= {1}


@settings(deadline=None)
@given(histories())
def test_what_stands_in_the_end_is_what_had_passed_when_the_clock_stopped(
    history: list[tuple[SlaCommand, ...] | datetime],
) -> None:
    events = events_in(history)
    assert standing(events) == justified(events)


@settings(deadline=None)
@given(histories())
def test_the_whole_life_of_an_appeal_leaves_no_clock_running(
    history: list[tuple[SlaCommand, ...] | datetime],
) -> None:
    state = SLA.replay(events_in(history))
    assert not [name for name, clock in state.clocks.items() if isinstance(clock, Running)]
    assert set(FROM_ACCEPTANCE + FROM_DISPATCH + FROM_APPROVAL) - {"interim"} <= set(state.clocks)
