"""The sla service without Kafka: facts in, timers fired by hand, the database out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from libs.common.contracts.envelope import Actor
from libs.common.contracts.sla import ClockEvent
from libs.common.eventstore.store import Pool
from libs.common.execution.commands import Group
from libs.common.execution.decision import Project, Service
from libs.common.execution.runner import Runner
from libs.common.ids import AppealId, event_id_of
from libs.common.observability.metrics import Metrics
from libs.common.subscription import Request
from services.sla.adapters.books import load_book
from services.sla.adapters.timer_metrics import TimerMetrics
from services.sla.app import sla_service
from services.sla.domain.commands import SlaCommand, StartClocks, StopClocks, SuspendClocks
from services.sla.domain.state import SlaState
from services.sla.timers import Firing
from tests.support.databases import Database

BOOK = load_book("baoan")
SERVICE = sla_service(BOOK)
KEY = "00000000-0000-0000-0000-0000000000e1"


def at(text: str) -> datetime:
    """`09-29T10:00` of 2026 in Shanghai."""
    return datetime.fromisoformat(f"2026-{text}+08:00")


ACCEPTED_AT = at("09-29T10:00")
LONG_AFTER = at("11-30T09:00")


def appeal(number: int) -> AppealId:
    return AppealId(UUID(int=0xA000 + number))


def request(command: SlaCommand, partition: int = 0) -> Request[SlaCommand]:
    subject = command.appeal_id
    return Request(
        command=command,
        stream_id=f"sla-{subject}",
        partition=partition,
        key=KEY,
        subject=str(subject),
        causation_id=event_id_of(subject, type(command).__name__, repr(command)),
        correlation_id=subject,
        actor=Actor(kind="system", id="sla", unit="sla"),
    )


@dataclass(frozen=True, slots=True)
class Clocks:
    pool: Pool
    database: Database
    service: Service[SlaCommand, SlaState, ClockEvent] = SERVICE

    @property
    def runner(self) -> Runner[SlaCommand, SlaState, ClockEvent]:
        return Runner(self.pool, self.service, lambda: LONG_AFTER, lambda _: None)

    def firing(self, project: Project[SlaCommand, ClockEvent] | None = None) -> Firing:
        service = replace(self.service, project=project) if project else self.service
        runner = replace(self.runner, service=service)
        return Firing(runner, TimerMetrics(Metrics()))

    async def take(self, *commands: SlaCommand, partition: int = 0) -> None:
        for command in commands:
            await self.runner.run([Group([request(command, partition)])])

    async def start(
        self, *numbers: int, partition: int = 0, started_at: datetime = ACCEPTED_AT
    ) -> None:
        """Resolve alone, so that one appeal is one timer."""
        commands = [
            StartClocks(
                appeal_id=appeal(number),
                clocks=("resolve",),
                started_at=started_at,
                urgency="normal",
            )
            for number in numbers
        ]
        await self.runner.run([Group([request(command, partition)]) for command in commands])

    async def timers(self) -> list[tuple[int, str, int, datetime]]:
        rows = await self.database.fetch(
            "SELECT appeal_id, clock, level, due_at FROM sla.timers "
            "WHERE due_at < 'infinity' ORDER BY appeal_id, clock"
        )
        return [(r["appeal_id"].int - 0xA000, r["clock"], r["level"], r["due_at"]) for r in rows]

    async def events(self, number: int) -> list[ClockEvent]:
        rows = await self.database.fetch(
            "SELECT type, body FROM sla.events WHERE stream_id = $1 ORDER BY version",
            f"sla-{appeal(number)}",
        )
        return [self.service.read_event(row["type"], row["body"]).data for row in rows]

    async def taken(self, numbers: Sequence[int]) -> list[int]:
        """How many steps were taken of each appeal."""
        rows = await self.database.fetch(
            "SELECT stream_id, count(*) AS n FROM sla.events "
            "WHERE type <> 'sla.clocks-started.v1' GROUP BY stream_id"
        )
        counts = {row["stream_id"]: row["n"] for row in rows}
        return [counts.get(f"sla-{appeal(number)}", 0) for number in numbers]


def stopped(number: int, stopped_at: datetime) -> StopClocks:
    return StopClocks(appeal_id=appeal(number), clocks=("resolve",), stopped_at=stopped_at)


def suspended(number: int, suspended_at: datetime) -> SuspendClocks:
    return SuspendClocks(appeal_id=appeal(number), clocks=("resolve",), suspended_at=suspended_at)
