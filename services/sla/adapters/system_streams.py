"""The calendar as sla's own log tells it, and requests to its system streams."""

from collections.abc import Sequence
from typing import Final

from libs.calendar.chain import Chain, Link, chain_from
from libs.calendar.notice import Notice
from libs.common.contracts.envelope import Actor, Event
from libs.common.contracts.sla import SystemEvent
from libs.common.contracts.sla_system import CalendarVersionApplied, PolicyVersionApplied
from libs.common.eventstore.encoding import reader
from libs.common.eventstore.store import Connection, read_streams
from libs.common.execution.decision import Service
from libs.common.ids import SYSTEM_KEY, named_id
from libs.common.messaging.partitioning import partition_of
from libs.common.subscription import Request
from services.sla.domain.system import (
    CALENDAR_STREAM,
    POLICY_STREAM,
    ApplyCalendar,
    SystemCommand,
    SystemState,
    system_decider,
)

SYSTEM_EVENTS: Final[Sequence[type[SystemEvent]]] = (CalendarVersionApplied, PolicyVersionApplied)
READ: Final = reader(SYSTEM_EVENTS)


def system_service() -> Service[SystemCommand, SystemState, SystemEvent]:
    return Service(name="sla", decider=system_decider(), read_event=READ, project=keep_nothing)


async def keep_nothing(_connection: Connection, _applied: Sequence[object], /) -> None:
    """The log is all that is kept of these."""


async def read_applied(connection: Connection, partitions: int) -> list[CalendarVersionApplied]:
    """Every calendar that was applied, oldest first."""
    key = (partition_of(SYSTEM_KEY, partitions), CALENDAR_STREAM)
    stored = (await read_streams(connection, [key]))[key]
    events: list[Event] = [READ(kind, body).data for kind, body in stored]
    return [event for event in events if isinstance(event, CalendarVersionApplied)]


def chain_of(shipped: str, applied: Sequence[CalendarVersionApplied]) -> Chain:
    """Raises CalendarDataError."""
    return chain_from(shipped, map(link_of, applied))


def link_of(event: CalendarVersionApplied) -> Link:
    notice = None
    if event.notice is not None:
        days = {marked.day: marked.mark for marked in event.notice.days}
        notice = Notice(year=event.notice.year, source=event.notice.source, days=days)
    return Link(event.version, event.sha256, event.changes_on, notice)


def request_of(command: SystemCommand, partitions: int, actor: Actor) -> Request[SystemCommand]:
    """The same version applied again is the same cause."""
    stream = CALENDAR_STREAM if isinstance(command, ApplyCalendar) else POLICY_STREAM
    return Request(
        command=command,
        stream_id=stream,
        partition=partition_of(SYSTEM_KEY, partitions),
        key=SYSTEM_KEY,
        subject=SYSTEM_KEY,
        causation_id=named_id(f"{stream}/{command.version}/{command.sha256}"),
        correlation_id=named_id(stream),
        actor=actor,
    )
