"""The sla service's composition root."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from libs.common.contracts.sla import (
    ChangeNoted,
    ClockEvent,
    ClocksPaused,
    ClocksResumed,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    DeadlineSet,
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
from libs.common.contracts.topics import READS, Topic
from libs.common.eventstore.encoding import reader
from libs.common.execution.deciding import DecidingWorker
from libs.common.execution.decision import Service
from libs.common.execution.runner import Runner
from libs.common.runtime.credentials import load_gate
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from libs.common.subscription import AnySubscription
from services.sla.adapters.books import load_book
from services.sla.adapters.timer_metrics import TimerMetrics
from services.sla.adapters.timer_rows import project
from services.sla.adapters.topic_ends import TopicEnds
from services.sla.adapters.watermark import Watermarks
from services.sla.api import SlaApi
from services.sla.domain.commands import SlaCommand
from services.sla.domain.decide import sla_decider
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import SlaState
from services.sla.handlers import CLASSIFIER_EVENTS, INTAKE_EVENTS, ROUTER_EVENTS
from services.sla.jobs import Recomputing
from services.sla.settings import SlaSettings
from services.sla.timers import Firing, TimerLoop

EVENTS: Final[Sequence[type[ClockEvent]]] = (
    ClocksStarted,
    ClocksSuspended,
    ClocksResumed,
    ClocksPaused,
    PauseEnded,
    ClocksStopped,
    DeadlineSet,
    UrgencyChanged,
    ExtensionDeclined,
    ChangeNoted,
    WarningRaised,
    Urged,
    LimitPassed,
    Supervised,
    LevelRaised,
    Notified,
    EscalationRevoked,
)
SUBSCRIPTIONS: Final[Mapping[Topic, AnySubscription[SlaCommand]]] = {
    Topic.INTAKE_EVENTS: INTAKE_EVENTS,
    Topic.CLASSIFIER_EVENTS: CLASSIFIER_EVENTS,
    Topic.ROUTER_EVENTS: ROUTER_EVENTS,
}


async def run(settings: SlaSettings) -> None:
    async with open_process("sla", settings) as process:
        await run_process(process, compose(process, settings))


def compose(process: Process, settings: SlaSettings) -> Parts:
    """Raises UnknownPolicyError and CalendarDataError for settings that name nothing."""
    book = load_book(settings.policy, settings.calendar, settings.policy_of_places)
    service = sla_service(book)
    runner = Runner(process.pool, service, process.clock, process.appended)

    def assigned() -> Collection[tuple[Topic, int]]:
        return process.consumer.flow.assigned if process.consumer else ()

    watermarks, metrics = Watermarks(READS["sla"]), TimerMetrics(process.metrics)
    ends, firing = TopicEnds(settings.kafka, "sla-timers"), Firing(runner, metrics)
    loop = TimerLoop(firing, ends, watermarks, assigned, book)
    recomputing = Recomputing(
        runner=runner,
        book=book,
        shipped=settings.calendar,
        partitions=settings.kafka.partitions,
        owned=lambda: watermarks.owned(assigned()),
    )
    gate = load_gate(settings.credentials_file)
    return Parts(
        subscriptions=SUBSCRIPTIONS,
        worker=DecidingWorker(service, SUBSCRIPTIONS, process.clock),
        routes=SlaApi(process.pool, service, book, gate, settings.kafka.partitions).routes(),
        background=(loop.run, loop.watch, recomputing.run),
    )


def sla_service(book: Rulebook) -> Service[SlaCommand, SlaState, ClockEvent]:
    return Service(
        name="sla",
        decider=sla_decider(book),
        read_event=reader(EVENTS),
        project=project,
    )
