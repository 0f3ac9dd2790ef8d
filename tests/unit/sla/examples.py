"""One appeal under Bao'an's policy: accepted on the Tuesday before National Day 2026, at ten."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from libs.common.contracts.envelope import Actor, Envelope, Event
from libs.common.contracts.sla import (
    ClockEvent,
    ClocksStarted,
    DeadlineSet,
    Escalation,
    EscalationRevoked,
)
from libs.common.contracts.values import ClockName
from libs.common.ids import AppealId, DepartmentCode, EventId
from services.sla.adapters.books import load_book
from services.sla.domain.commands import (
    CloseAppeal,
    FireStep,
    SlaCommand,
    StartClocks,
    StopClocks,
)
from services.sla.domain.decide import sla_decider
from services.sla.domain.reacting.clock_groups import FROM_ACCEPTANCE, FROM_DISPATCH
from services.sla.domain.state import SlaState

E = TypeVar("E", bound=Event)
APPEAL: Final = AppealId(UUID("01926f3e-0000-5000-8000-000000000001"))
LEAD: Final = DepartmentCode("ggj")
BOOK: Final = load_book("baoan", places={"GM": "guangming"})
SLA: Final = sla_decider(BOOK)


def at(text: str) -> datetime:
    """`09-29T10:00` of 2026 in Shanghai."""
    return datetime.fromisoformat(f"2026-{text}+08:00")


ACCEPTED: Final = StartClocks(
    appeal_id=APPEAL,
    clocks=FROM_ACCEPTANCE,
    started_at=at("09-29T10:00"),
    urgency="normal",
    grade="normal",
)
DISPATCHED: Final = StartClocks(
    appeal_id=APPEAL,
    clocks=FROM_DISPATCH,
    started_at=at("09-29T10:01"),
    urgency="normal",
    grade="normal",
    lead=LEAD,
)
RESOLVE_DUE: Final = at("10-09T18:00")
LONG_AFTER: Final = at("11-30T09:00")


NOON: Final = at("10-20T12:00")


def envelope(event: E) -> Envelope[E]:
    """A fact that happened at noon."""
    return Envelope(
        id=EventId(UUID(int=1)),
        type=event.TYPE,
        source="/test",
        subject=str(APPEAL),
        time=NOON,
        partitionkey=str(APPEAL),
        correlationid=EventId(APPEAL),
        causationid=None,
        streamversion=1,
        dataschema=f"/schemas/{event.TYPE}",
        actor=Actor(kind="system", id="test", unit="test"),
        data=event,
    )


def events_of(commands: Iterable[SlaCommand], given: Sequence[ClockEvent] = ()) -> list[ClockEvent]:
    """What one command after the other leads to, after the events given."""
    events: list[ClockEvent] = []
    state = SLA.replay(given)
    for command in commands:
        new = SLA.decide(state, command)
        for event in new:
            state = SLA.evolve(state, event)
        events += new
    return events


def state_after(*commands: SlaCommand) -> SlaState:
    return SLA.replay(events_of(commands))


def fire(clock: ClockName, level: int, until: datetime, *, now: datetime | None = None) -> FireStep:
    return FireStep(
        appeal_id=APPEAL,
        clock=clock,
        deadline_version=1,
        level=level,
        until=until,
        now=now or until,
    )


def stop(stopped_at: datetime, *clocks: ClockName) -> StopClocks:
    return StopClocks(appeal_id=APPEAL, clocks=clocks, stopped_at=stopped_at)


def close(closed_at: datetime) -> CloseAppeal:
    return CloseAppeal(appeal_id=APPEAL, closed_at=closed_at)


def steps(events: Iterable[ClockEvent]) -> list[tuple[str, str, int]]:
    """Which steps were taken, in order: the event, the clock and the level."""
    return [(type(e).__name__, e.clock, e.level) for e in events if isinstance(e, Escalation)]


def standing(events: Iterable[ClockEvent]) -> set[tuple[str, int]]:
    """The steps that reports count: taken and not revoked."""
    taken, revoked = set[tuple[str, int]](), set[tuple[str, int]]()
    for event in events:
        if isinstance(event, Escalation):
            taken.add((event.clock, event.level))
        if isinstance(event, EscalationRevoked):
            revoked.add((event.clock, event.level))
    return taken - revoked


def dues(events: Sequence[ClockEvent], clock: ClockName = "resolve") -> list[tuple[int, datetime]]:
    """Every deadline that a clock had, with its version."""
    found: list[tuple[int, datetime]] = []
    for event in events:
        if isinstance(event, ClocksStarted):
            found += [(s.deadline_version, s.due) for s in event.clocks if s.clock == clock]
        if isinstance(event, DeadlineSet) and event.clock.clock == clock:
            found.append((event.clock.deadline_version, event.clock.due))
    return found


def starting(clock: ClockName, started_at: str, promised: str | None = None) -> StartClocks:
    return StartClocks(
        appeal_id=APPEAL,
        clocks=(clock,),
        started_at=at(started_at),
        promised_due=at(promised) if promised else None,
    )
