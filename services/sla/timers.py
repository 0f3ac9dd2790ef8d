"""Due steps in, commands out: the loop that fires timers once nothing can speak against them."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from libs.calendar.working_calendar import shanghai
from libs.common.contracts.envelope import Actor
from libs.common.contracts.sla import ClockEvent
from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Connection
from libs.common.execution.commands import Failed, Group, Result
from libs.common.execution.offsets import read_offsets
from libs.common.execution.runner import Runner
from libs.common.failures import Verdict, describe, judge
from libs.common.ids import event_id_of
from libs.common.subscription import Request
from services.sla.adapters import timer_store
from services.sla.adapters.timer_metrics import TimerMetrics
from services.sla.adapters.timer_store import Timer
from services.sla.adapters.topic_ends import TopicEnds
from services.sla.adapters.watermark import Watermarks
from services.sla.domain.commands import FireStep, SlaCommand
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import SlaState

log: structlog.stdlib.BoundLogger = structlog.get_logger()
TICK_SECONDS: Final = 0.5
LONGEST_BACKOFF_SECONDS: Final = 15.0
BATCH: Final = 500
MEASURE_SECONDS: Final = 5.0
# Counting a million rows takes a tenth of a second; the number moves slowly.
MEASURES_PER_COUNT: Final = 12
# A step that fails is a bug; others go first, and it is tried again after this.
POSTPONED: Final = timedelta(minutes=1)
# So many that fail are bad code and no bad streams: trying the rest would only burn time.
MOST_POSTPONED: Final = 1_000

SYSTEM: Final = Actor(kind="system", id="sla", unit="sla")

SlaRunner: TypeAlias = Runner[SlaCommand, SlaState, ClockEvent]
Assigned: TypeAlias = Callable[[], Collection[tuple[Topic, int]]]


@dataclass(slots=True)
class Firing:
    """Fires what is due, in transactions of up to 500 timers, the oldest first."""

    runner: SlaRunner
    metrics: TimerMetrics
    limit: int = BATCH
    postponed: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])

    async def fire_due(self, untils: dict[int, datetime]) -> None:
        """Every timer that is due by its partition's moment; partitions take turns."""
        now = self.runner.clock()
        self.postponed = {appeal: till for appeal, till in self.postponed.items() if till > now}
        due = await timer_store.partitions_with_due(self.runner.pool, untils)
        while due and len(self.postponed) < MOST_POSTPONED:
            due = [p for p in due if await self.fire_batch(p, untils[p])]

    async def fire_batch(self, partition: int, until: datetime) -> bool:
        """Whether more may be due. Raises what the database raises."""
        now = self.runner.clock()
        limit, timers = self.limit, list[Timer]()

        async def claim(connection: Connection) -> Sequence[Group[SlaCommand]]:
            timers[:] = await timer_store.claim(connection, partition, until, limit, self.postponed)
            return [Group([request_of(timer, until, now)]) for timer in timers]

        try:
            results = await self.runner.run_claimed(claim)
        except Exception as error:
            if judge(error) is not Verdict.NAME_RECORD or not timers:
                raise
            self.narrow(timers, error, now)
            return True
        self.limit = min(BATCH, limit * 2)
        for timer, result in zip(timers, results, strict=True):
            self.note(timer, result, now)
        return len(timers) == limit

    def narrow(self, timers: Sequence[Timer], error: Exception, now: datetime) -> None:
        """Ever smaller batches, down to the one timer that is at fault: it is put off."""
        if len(timers) == 1:
            self.postpone(timers[0], error, now)
        self.limit = max(1, len(timers) // 2)

    def note(self, timer: Timer, result: Result[SlaCommand, ClockEvent], now: datetime) -> None:
        if isinstance(result, Failed):
            self.postpone(timer, result.error, now)
        elif isinstance(result, list) and not result[0].events:
            self.metrics.fired.labels("stale").inc()
            log.warning("timer_stale", clock=timer.clock, level=timer.level)
        else:
            self.metrics.fired.labels("fired").inc()
            self.metrics.fire_delay.observe((now - timer.due_at).total_seconds())

    def postpone(self, timer: Timer, error: Exception, now: datetime) -> None:
        self.postponed[timer.appeal_id] = now + POSTPONED
        self.metrics.fired.labels("failed").inc()
        log.error(
            "timer_failed",
            appeal_id=str(timer.appeal_id),
            clock=timer.clock,
            level=timer.level,
            error=describe(error),
        )


@dataclass(slots=True)
class TimerLoop:
    """Follows how far every partition has been heard, and fires what is due by then."""

    firing: Firing
    ends: TopicEnds
    watermarks: Watermarks
    assigned: Assigned
    book: Rulebook

    async def run(self) -> None:
        """Until cancelled; whatever fails is tried again."""
        backoff = TICK_SECONDS
        try:
            while True:
                try:
                    await self.tick()
                    backoff = TICK_SECONDS
                except Exception as error:  # noqa: BLE001 - timers wait, they never end
                    backoff = min(LONGEST_BACKOFF_SECONDS, backoff * 2)
                    log.warning("timers_waiting", error=describe(error), backoff_s=backoff)
                await asyncio.sleep(backoff)
        finally:
            await self.ends.close()

    async def tick(self) -> None:
        owned = self.watermarks.owned(self.assigned())
        self.watermarks.keep_only(owned)
        if not owned:
            return
        topics = self.watermarks.topics
        asked_at = self.firing.runner.clock()
        ends = await self.ends.read([(topic, p) for topic in topics for p in owned])
        for partition in owned:
            self.watermarks.see(asked_at, partition, ends)
        async with self.firing.runner.pool.acquire() as connection:
            stored = await read_offsets(connection, [str(topic) for topic in topics])
        self.watermarks.hear({(Topic(t), p): at.next_offset for (t, p), at in stored.items()})
        await self.firing.fire_due(self.watermarks.untils)

    async def watch(self) -> None:
        """Keeps the metrics fresh; they stay as they were while the database does not answer."""
        measured = 0
        while True:
            try:
                await self.measure(counts=measured % MEASURES_PER_COUNT == 0)
                measured += 1
            except Exception as error:  # noqa: BLE001 - probes and other metrics say so already
                log.warning("timers_not_measured", error=describe(error))
            await asyncio.sleep(MEASURE_SECONDS)

    async def measure(self, *, counts: bool) -> None:
        metrics, pool = self.firing.metrics, self.firing.runner.pool
        now = self.firing.runner.clock()
        today, calendar = shanghai(now).date(), self.book.calendar
        metrics.confirmed_days.set(calendar.confirmed_days_left(today))
        metrics.confirmed_working_days.set(calendar.confirmed_working_days_left(today))
        owned = self.watermarks.owned(self.assigned())
        due, oldest = await timer_store.count_due(pool, owned, now)
        metrics.due_now.set(due)
        metrics.overdue.set((now - oldest).total_seconds() if oldest else 0)
        if counts:
            metrics.timers.set(await timer_store.count_timers(pool, owned))


def request_of(timer: Timer, until: datetime, now: datetime) -> Request[SlaCommand]:
    """The cause is the step itself: however often it fires, its events have the same ids."""
    step = f"/{timer.clock}/{timer.deadline_version}/{timer.level}"
    return Request(
        command=FireStep(
            appeal_id=timer.appeal_id,
            clock=timer.clock,
            deadline_version=timer.deadline_version,
            level=timer.level,
            until=until,
            now=now,
        ),
        stream_id=f"sla-{timer.appeal_id}",
        partition=timer.partition,
        key=timer.key,
        subject=str(timer.appeal_id),
        causation_id=event_id_of(timer.appeal_id, "sla.timer", step),
        correlation_id=timer.correlation_id,
        actor=SYSTEM,
    )
