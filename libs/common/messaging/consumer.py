"""The one fenced batch consumer. It alone knows offsets; services see records and transactions."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from random import SystemRandom
from time import perf_counter, time
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError

from libs.common.contracts.topics import Topic
from libs.common.execution.apply import ApplySlices, Outcome
from libs.common.execution.screening import Screened, Slice
from libs.common.failures import Verdict, describe, judge
from libs.common.messaging.flow import Flow
from libs.common.observability.metrics import Metrics
from libs.common.subscription import Record

log: structlog.stdlib.BoundLogger = structlog.get_logger()
FIRST_BACKOFF_SECONDS: Final = 0.2
LONGEST_BACKOFF_SECONDS: Final = 15.0
CONFLICTS_BEFORE_HEADS_FIRST: Final = 2
jitter = SystemRandom().uniform


class Consumer:
    """Applies what was polled until it is applied, parked, or the process stops."""

    def __init__(
        self,
        apply: ApplySlices,
        *,
        topic_prefix: str,
        metrics: Metrics,
        on_appended: Callable[[Iterable[int]], None],
    ) -> None:
        self.apply = apply
        self.topic_prefix = topic_prefix
        self.metrics = metrics
        self.on_appended = on_appended
        self.flow = Flow(metrics)

    async def on_records(self, records: Sequence[ConsumerRecord], kafka: AIOKafkaConsumer) -> None:
        """Returns when every record is written or parked, or when the process is stopping."""
        self.metrics.batch_size.observe(len(records))
        started = perf_counter()
        slices = self.slices_of(records)
        outcomes = await self.work(slices)
        self.steer(kafka, slices, outcomes)
        self.metrics.stage_latency.observe(max(0.0, time() - records[0].timestamp / 1000))
        log.info(
            "batch_handled",
            records=len(records),
            slices=len(slices),
            duration_ms=round(1000 * (perf_counter() - started)),
        )

    def slices_of(self, records: Sequence[ConsumerRecord]) -> list[Slice]:
        """Inbound slices first: nobody but the outside waits for them."""
        found: dict[tuple[Topic, int], list[Record]] = {}
        for raw in records:
            topic = Topic(raw.topic.removeprefix(self.topic_prefix))
            record = Record(topic, raw.partition, raw.offset, raw.key, raw.value, dict(raw.headers))
            found.setdefault((topic, raw.partition), []).append(record)
        ordered = sorted(found.items(), key=lambda kv: (not kv[0][0].is_inbound, *kv[0]))
        return [
            Slice(topic=topic, partition=partition, records=members)
            for (topic, partition), members in ordered
        ]

    async def work(self, slices: Sequence[Slice]) -> list[Outcome]:
        """One transaction if all is well; on trouble ever smaller ones."""
        backoff, conflicts = FIRST_BACKOFF_SECONDS, 0
        while not self.flow.stopping:
            try:
                heads_first = conflicts >= CONFLICTS_BEFORE_HEADS_FIRST
                return [await self.transact(slices, heads_first=heads_first)]
            except Exception as error:  # noqa: BLE001 - failures.judge answers for all of them
                verdict = judge(error)
                if verdict is Verdict.NAME_RECORD:
                    return await self.halve(slices, error)
                if verdict is Verdict.DECIDE_AGAIN:
                    conflicts += 1
                    self.metrics.conflicts.inc()
                    continue
                self.flow.is_database_ready = False
                log.warning("database_unavailable", error=describe(error)[1], backoff_s=backoff)
                await asyncio.sleep(backoff * jitter(0.5, 1.0))
                backoff = min(LONGEST_BACKOFF_SECONDS, backoff * 2)
        return []

    async def transact(self, slices: Sequence[Slice], *, heads_first: bool) -> Outcome:
        with self.metrics.tx_seconds.time():
            outcome = await self.apply(slices, heads_first=heads_first)
        self.flow.is_database_ready = True
        await self.after(outcome)
        return outcome

    async def halve(self, slices: Sequence[Slice], error: Exception) -> list[Outcome]:
        """Slices apart, then halves, down to the one record that is at fault: it is parked."""
        if len(slices) > 1:
            return [outcome for one in slices for outcome in await self.work([one])]
        (slice_,) = slices
        if len(slice_.records) > 1:
            middle = len(slice_.records) // 2
            halves = (slice_.records[:middle], slice_.records[middle:])
            parts = [replace(slice_, records=half) for half in halves]
            return [outcome for part in parts for outcome in await self.work([part])]
        log.error("record_at_fault", topic=slice_.topic, error=describe(error)[1])
        outcome = await self.apply.park_one(slice_, error)
        await self.after(outcome)
        return [outcome]

    async def after(self, outcome: Outcome) -> None:
        self.on_appended(outcome.worked.appended)
        self.flow.count(outcome)
        if any(parked.parks_key for parked in outcome.worked.parked):
            await self.flow.check_parking(self.apply.pool)

    def steer(
        self,
        kafka: AIOKafkaConsumer,
        slices: Sequence[Slice],
        outcomes: Sequence[Outcome],
    ) -> None:
        """Puts positions where the database says, and holds partitions that must wait.

        Only where they differ: a seek throws away what was fetched ahead.
        """
        ends: dict[tuple[Topic, int], Screened] = {}
        for screened in (one for outcome in outcomes for one in outcome.screened):
            where = (screened.topic, screened.partition)
            if where not in ends or ends[where].stop is None:
                ends[where] = screened
        for slice_ in slices:
            end = ends.get((slice_.topic, slice_.partition))
            if end is None or (
                end.stop is None and end.next_offset == slice_.records[-1].offset + 1
            ):
                continue
            place = TopicPartition(self.topic_prefix + slice_.topic, slice_.partition)
            with suppress(IllegalStateError):  # revoked meanwhile: its new owner starts right
                if end.stop is not None:
                    kafka.pause(place)
                    self.flow.hold(slice_.topic, slice_.partition, end.stop)
                kafka.seek(place, end.next_offset)
