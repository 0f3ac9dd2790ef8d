"""New calendars and policies: taken over by every copy, then laid over what runs already."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

import structlog

from libs.calendar.working_calendar import shanghai
from libs.common.contracts.envelope import Actor
from libs.common.contracts.sla import ClockEvent
from libs.common.eventstore.store import Connection
from libs.common.execution.commands import Group
from libs.common.execution.runner import Runner
from libs.common.failures import describe
from libs.common.ids import event_id_of
from libs.common.subscription import Request
from services.sla.adapters.system_streams import (
    chain_of,
    read_applied,
    request_of,
    system_service,
)
from services.sla.adapters.timer_store import Stale, find_stale
from services.sla.domain.commands import RecomputeClocks, SlaCommand
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import SlaState
from services.sla.domain.system import ApplyPolicy

log: structlog.stdlib.BoundLogger = structlog.get_logger()
LOOK_SECONDS: Final = 5.0
BATCH: Final = 500
NOBODY: Final = UUID(int=0)
SYSTEM: Final = Actor(kind="system", id="sla", unit="sla")
# Below this a notice for the next year is overdue.
FEW_CONFIRMED_DAYS: Final = 30


@dataclass(slots=True)
class Recomputing:
    """Used time stays, only what is left is recomputed: 500 appeals of a partition at a time.

    A row of a timer says by what its deadline was reckoned, so a job that was killed goes on
    where it stood, and a clock that another copy started by the old version is found too.
    """

    runner: Runner[SlaCommand, SlaState, ClockEvent]
    book: Rulebook
    shipped: str
    partitions: int
    owned: Callable[[], Collection[int]]
    applied: int = 0
    waiting: set[int] = field(default_factory=set[int])
    known: set[int] = field(default_factory=set[int])
    announced: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Until cancelled; whatever fails is tried again."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - a job waits, it never ends the process
                log.warning("recomputing_waits", error=describe(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Takes a new calendar over, then every partition that has not been looked through."""
        owned = set(self.owned())
        if await self.adopt():
            self.waiting |= owned
        self.waiting = (self.waiting | (owned - self.known)) & owned
        self.known = owned
        for partition in sorted(self.waiting):
            await self.recompute(partition)
            self.waiting.discard(partition)

    async def adopt(self) -> bool:
        """Whether a calendar came that was not known here. Raises CalendarDataError."""
        async with self.runner.pool.acquire() as connection:
            applied = await read_applied(connection, self.partitions)
        if len(applied) == self.applied:
            return False
        self.book.adopt(chain_of(self.shipped, applied).calendar)
        self.applied = len(applied)
        today = shanghai(self.runner.clock()).date()
        left = self.book.calendar.confirmed_working_days_left(today)
        tell = log.warning if left < FEW_CONFIRMED_DAYS else log.info
        tell("calendar_adopted", version=self.book.calendar.version, confirmed_working_days=left)
        return True

    async def recompute(self, partition: int) -> int:
        """How many appeals were looked at; a cut in between loses nothing."""
        after, count = NOBODY, 0
        while stale := await self.recompute_batch(partition, after):
            after, count = stale[-1].appeal_id, count + len(stale)
        if count:
            log.info("clocks_recomputed", partition=partition, appeals=count)
        return count

    async def recompute_batch(self, partition: int, after: UUID) -> Sequence[Stale]:
        stale: list[Stale] = []
        versions = self.book.versions

        async def claim(connection: Connection) -> Sequence[Group[SlaCommand]]:
            stale[:] = await find_stale(connection, partition, after, versions, BATCH)
            return [Group([self.request(one, partition)]) for one in stale]

        await self.runner.run_claimed(claim)
        if stale:
            await self.announce()
        return stale

    def request(self, one: Stale, partition: int) -> Request[SlaCommand]:
        """The cause is the pair of versions: however often it is done, the events are the same."""
        calendar, policies = self.book.versions
        cause = f"/{calendar}/{'/'.join(policies)}"
        return Request(
            command=RecomputeClocks(
                appeal_id=one.appeal_id,
                changed_at=self.runner.clock(),
                versions=self.book.versions,
            ),
            stream_id=f"sla-{one.appeal_id}",
            partition=partition,
            key=one.key,
            subject=str(one.appeal_id),
            causation_id=event_id_of(one.appeal_id, "sla.recompute", cause),
            correlation_id=one.correlation_id,
            actor=SYSTEM,
        )

    async def announce(self) -> None:
        """Policies that something was recomputed by: from here on they are on record."""
        runner = Runner(
            self.runner.pool, system_service(), self.runner.clock, self.runner.on_appended
        )
        for policy in self.book.policies:
            if policy.version_id not in self.announced:
                command = ApplyPolicy(
                    policy=policy.name,
                    version=policy.version_id,
                    sha256=sha256(policy.model_dump_json().encode()).hexdigest(),
                    effective_from=policy.effective_from,
                )
                await runner.run([Group([request_of(command, self.partitions, SYSTEM)])])
        self.announced = frozenset(policy.version_id for policy in self.book.policies)
