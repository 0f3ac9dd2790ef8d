"""Any life of an appeal against a slow and simple reference that shares no code with the clocks.

The reference knows what runs, since when, and what was paused; it counts days with the calendar's
own oracle. After each fact the clocks must agree with it, and the timers must have told each step
of each deadline exactly once.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from libs.calendar.days import SHANGHAI
from libs.common.contracts.sla import (
    ClockEvent,
    ClocksStarted,
    DeadlineSet,
    Escalation,
    EscalationRevoked,
)
from services.sla.domain.commands import (
    CloseAppeal,
    EndPause,
    FireStep,
    MergeAppeal,
    PauseClocks,
    ResumeClocks,
    SlaCommand,
    StartClocks,
    StopClocks,
    SuspendClocks,
    UnmergeAppeal,
)
from services.sla.domain.reacting.clock_groups import FROM_ACCEPTANCE
from services.sla.domain.state import Running, SlaState, Suspended
from tests.unit.calendar import oracle
from tests.unit.sla.examples import APPEAL, SLA

BEGIN: Final = datetime(2026, 9, 22, 8, 0)  # noqa: DTZ001 - the oracle's times are naive
LIMIT_DAYS: Final = 3
LONGEST_PAUSE_DAYS: Final = 3


def aware(local: datetime) -> datetime:
    return local.replace(tzinfo=SHANGHAI)


def after_working_days(start: datetime, count: int) -> datetime:
    day: date = start.date()
    while count:
        day += oracle.DAY
        count -= oracle.is_working_day(day)
    return datetime.combine(day, start.time())


@dataclass
class Reference:
    """What a clerk with a paper calendar would know of the resolve clock."""

    started: datetime | None = None
    pauses: list[oracle.Span] = field(default_factory=list[oracle.Span])
    asked: datetime | None = None
    is_silent: bool = False
    merged: datetime | None = None
    is_closed: bool = False

    @property
    def runs(self) -> bool:
        return self.started is not None and self.merged is None and not self.is_closed

    @property
    def is_worked_on(self) -> bool:
        return self.runs and self.asked is None and not self.is_silent

    def due(self) -> datetime:
        """While the firm has not answered, the pause is taken as long as it may be."""
        spans = list(self.pauses)
        if self.asked is not None:
            spans.append((self.asked, after_working_days(self.asked, LONGEST_PAUSE_DAYS)))
        start = self.started or BEGIN
        return oracle.due_in_days(start, LIMIT_DAYS, spans, every_day=False)


class ClockMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.events: list[ClockEvent] = []
        self.state = SlaState()
        self.paper = Reference()

    def tell(self, command: SlaCommand) -> None:
        for event in SLA.decide(self.state, command):
            self.state = SLA.evolve(self.state, event)
            self.events.append(event)

    @rule(minutes=st.integers(1, 4_000))
    def time_passes(self, minutes: int) -> None:
        """And the timers look: whatever is due is taken."""
        self.now += timedelta(minutes=minutes)
        now = aware(self.now)
        for name, clock in list(self.state.clocks.items()):
            if isinstance(clock, Running) and clock.ladder.remaining:
                self.tell(
                    FireStep(
                        appeal_id=APPEAL,
                        clock=name,
                        deadline_version=clock.ladder.start.deadline_version,
                        level=clock.ladder.remaining[0].level,
                        until=now,
                        now=now,
                    )
                )
        for clock in self.state.clocks.values():
            assert not isinstance(clock, Running) or not clock.ladder.before(now)

    @precondition(lambda self: self.paper.started is None)
    @rule()
    def accepted(self) -> None:
        self.paper.started = self.now
        at = aware(self.now)
        self.tell(StartClocks(appeal_id=APPEAL, clocks=FROM_ACCEPTANCE, started_at=at))

    @precondition(
        lambda self: self.paper.runs and not self.paper.asked and not self.paper.is_silent
    )
    @rule()
    def asked_for_more(self) -> None:
        self.paper.asked = self.now
        self.tell(PauseClocks(appeal_id=APPEAL, clocks=("resolve",), paused_at=aware(self.now)))

    @precondition(lambda self: self.paper.runs and self.paper.asked is not None)
    @rule()
    def answered(self) -> None:
        asked = self.paper.asked or self.now
        longest = after_working_days(asked, LONGEST_PAUSE_DAYS)
        self.paper.pauses.append((asked, min(self.now, longest)))
        self.paper.asked = None
        self.tell(EndPause(appeal_id=APPEAL, clocks=("resolve",), resumed_at=aware(self.now)))

    @precondition(
        lambda self: self.paper.runs and not self.paper.asked and not self.paper.is_silent
    )
    @rule()
    def result_given(self) -> None:
        self.paper.is_silent = True
        at = aware(self.now)
        self.tell(SuspendClocks(appeal_id=APPEAL, clocks=("resolve",), suspended_at=at))

    @precondition(lambda self: self.paper.runs and self.paper.is_silent)
    @rule()
    def result_rejected(self) -> None:
        self.paper.is_silent = False
        at = aware(self.now)
        self.tell(ResumeClocks(appeal_id=APPEAL, clocks=("resolve",), resumed_at=at))

    @precondition(lambda self: self.paper.runs and not self.paper.asked)
    @rule()
    def rework_dispatched(self) -> None:
        """The result was approved and the firm was not content: the limit begins anew."""
        at = aware(self.now)
        self.tell(StopClocks(appeal_id=APPEAL, clocks=("resolve",), stopped_at=at))
        self.now += timedelta(minutes=1)
        self.paper = Reference(started=self.now)
        self.tell(StartClocks(appeal_id=APPEAL, clocks=("resolve",), started_at=aware(self.now)))

    @precondition(
        lambda self: self.paper.runs and not self.paper.asked and not self.paper.is_silent
    )
    @rule()
    def merged(self) -> None:
        self.paper.merged = self.now
        self.tell(MergeAppeal(appeal_id=APPEAL, merged_at=aware(self.now)))

    @precondition(lambda self: self.paper.merged is not None)
    @rule()
    def unmerged(self) -> None:
        self.paper.pauses.append((self.paper.merged or self.now, self.now))
        self.paper.merged = None
        self.tell(UnmergeAppeal(appeal_id=APPEAL, unmerged_at=aware(self.now)))

    @precondition(lambda self: self.paper.runs)
    @rule()
    def closed(self) -> None:
        self.paper.is_closed = True
        self.tell(CloseAppeal(appeal_id=APPEAL, closed_at=aware(self.now)))

    @precondition(lambda self: bool(self.events))
    @rule()
    def heard_again(self) -> None:
        """The state is what the events say, whoever reads them."""
        assert SLA.replay(self.events) == self.state

    @invariant()
    def what_runs_is_what_should_run(self) -> None:
        assert (self.state.live("resolve") is not None) == self.paper.runs
        silent = isinstance(self.state.clocks.get("resolve"), Suspended)
        assert silent == (self.paper.runs and self.paper.is_silent)

    @invariant()
    def the_limit_ends_where_the_paper_calendar_says(self) -> None:
        if self.paper.runs:
            ladder = self.state.live("resolve")
            assert ladder is not None
            assert ladder.start.due == aware(self.paper.due())

    @invariant()
    def each_step_of_each_deadline_is_taken_once_and_revoked_once_at_most(self) -> None:
        counts = Counter(
            (type(event) is EscalationRevoked, event.clock, event.deadline_version, event.level)
            for event in self.events
            if isinstance(event, Escalation | EscalationRevoked)
        )
        assert set(counts.values()) <= {1}

    @invariant()
    def the_same_step_at_the_same_time_is_told_once_though_the_deadline_moved(self) -> None:
        taken = [
            (event.clock, event.level, event.step_at, self.run_of(event))
            for event in self.events
            if isinstance(event, Escalation)
        ]
        revoked = any(isinstance(event, EscalationRevoked) for event in self.events)
        assert revoked or len(taken) == len(set(taken))

    def run_of(self, step: Escalation) -> datetime:
        """When the run began whose deadline the step belongs to."""
        return next(
            start.started_at
            for event in self.events
            if isinstance(event, ClocksStarted | DeadlineSet)
            for start in (event.clocks if isinstance(event, ClocksStarted) else (event.clock,))
            if (start.clock, start.deadline_version) == (step.clock, step.deadline_version)
        )

    @invariant()
    def a_new_deadline_has_a_higher_version_and_another_due_time(self) -> None:
        for event in self.events:
            if isinstance(event, DeadlineSet):
                assert event.clock.deadline_version == event.old_version + 1
                assert event.clock.due != event.old_due or event.reason == "unmerge"


ClockMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestClocks = ClockMachine.TestCase
