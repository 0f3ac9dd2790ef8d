"""All clocks of an appeal, each run with its deadlines, rests and steps, as sla has told them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

from libs.common.contracts.envelope import Event
from libs.common.contracts.sla import (
    ClocksPaused,
    ClocksResumed,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    DeadlineSet,
    Escalation,
    EscalationRevoked,
    PauseEnded,
)
from libs.common.contracts.sla_parts import ClockStart
from libs.common.contracts.values import ClockName
from libs.common.subscription import name_of
from services.dossier.domain.life.happenings import Happening

Standing: TypeAlias = Literal["running", "paused", "silent", "stopped"]
FIRST: Final = "start"
STANDS: Final[dict[type[Event], Standing]] = {
    ClocksSuspended: "silent",
    ClocksPaused: "paused",
    ClocksResumed: "running",
    PauseEnded: "running",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One version of a due time, why it was set and by which entry."""

    start: ClockStart
    reason: str
    said: Happening


@dataclass(slots=True)
class StepTaken:
    kind: str
    level: int
    deadline_version: int
    step_at: datetime
    addressee: str
    late: bool
    said: Happening
    revoked: bool = False


@dataclass(slots=True)
class ClockRun:
    """One run of a clock. `stopped_at` is the earliest stop that was told."""

    clock: ClockName
    deadlines: list[Deadline]
    standing: Standing = "running"
    stopped_at: datetime | None = None
    stop_reason: str | None = None
    steps: list[StepTaken] = field(default_factory=list[StepTaken])

    @property
    def start(self) -> ClockStart:
        """Under the newest deadline."""
        return self.deadlines[-1].start

    def is_overdue(self, moment: datetime) -> bool:
        return (self.stopped_at or moment) > self.start.due


def clock_runs(happenings: Iterable[Happening]) -> list[ClockRun]:
    """In the order of their starts."""
    book = ClockBook()
    for one in happenings:
        book.take(one)
    return book.runs


@dataclass(slots=True)
class ClockBook:
    """`stops` are those told before the start: a clock stopped then stays stopped."""

    runs: list[ClockRun] = field(default_factory=list[ClockRun])
    stops: dict[ClockName, datetime] = field(default_factory=dict[ClockName, datetime])

    def take(self, one: Happening) -> None:
        match one.event:
            case ClocksStarted():
                self.begin(one.event, one)
            case ClocksStopped():
                self.stop(one.event)
            case ClocksSuspended() | ClocksPaused() | ClocksResumed() | PauseEnded():
                self.stand(one.event.clocks, STANDS[type(one.event)])
            case DeadlineSet():
                self.move(one.event, one)
            case Escalation():
                self.step(one.event, one)
            case EscalationRevoked():
                self.revoke(one.event)
            case _:
                pass

    def latest(self, clock: ClockName) -> ClockRun | None:
        return next((run for run in reversed(self.runs) if run.clock == clock), None)

    def begin(self, event: ClocksStarted, said: Happening) -> None:
        for start in event.clocks:
            run = ClockRun(start.clock, [Deadline(start, FIRST, said)])
            stopped_at = self.stops.pop(start.clock, None)
            if stopped_at is not None:
                run.standing, run.stopped_at = "stopped", stopped_at
            self.runs.append(run)

    def stop(self, event: ClocksStopped) -> None:
        for clock in event.clocks:
            run = self.latest(clock)
            if run is None:
                self.stops[clock] = min(self.stops.get(clock, event.stopped_at), event.stopped_at)
            else:
                run.standing, run.stop_reason = "stopped", event.reason or run.stop_reason
                run.stopped_at = min(run.stopped_at or event.stopped_at, event.stopped_at)

    def stand(self, clocks: Iterable[ClockName], standing: Standing) -> None:
        for clock in clocks:
            run = self.latest(clock)
            if run is not None and run.standing != "stopped":
                run.standing = standing

    def move(self, event: DeadlineSet, said: Happening) -> None:
        run = self.latest(event.clock.clock)
        if run is None:
            run = ClockRun(event.clock.clock, [])
            self.runs.append(run)
        run.deadlines.append(Deadline(event.clock, event.reason, said))

    def step(self, event: Escalation, said: Happening) -> None:
        run = self.latest(event.clock)
        if run is not None:
            kind = name_of(event.TYPE).partition(".")[2]
            taken = StepTaken(
                kind,
                event.level,
                event.deadline_version,
                event.step_at,
                event.addressee,
                event.late,
                said,
            )
            run.steps.append(taken)

    def revoke(self, event: EscalationRevoked) -> None:
        named = (event.clock, event.deadline_version, event.level)
        for run in self.runs:
            for step in run.steps:
                if (run.clock, step.deadline_version, step.level) == named:
                    step.revoked = True
