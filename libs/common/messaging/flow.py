"""How the consumer is doing, for metrics and for probes that tell the truth."""

from dataclasses import dataclass, field
from time import time
from typing import Final

import structlog

from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Pool
from libs.common.execution.apply import Outcome
from libs.common.execution.parking import keys_parked_recently
from libs.common.execution.screening import Stop
from libs.common.observability.metrics import Metrics

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# More keys parked than this within ten minutes is bad code or a bad deploy, not bad records.
MOST_PARKED_KEYS: Final = 20
LONGEST_SILENCE_SECONDS: Final = 30.0


@dataclass(slots=True)
class Flow:
    metrics: Metrics
    stopping: bool = False
    is_database_ready: bool = True
    is_parking_tripped: bool = False
    # When Kafka last answered a fetch, in seconds of the epoch; the monitor looks it up.
    fetched_at: float = field(default_factory=time)
    has_assignment: bool = False
    assigned: set[tuple[Topic, int]] = field(default_factory=set[tuple[Topic, int]])
    held: dict[tuple[Topic, int], Stop] = field(default_factory=dict[tuple[Topic, int], Stop])

    @property
    def partitions(self) -> frozenset[int]:
        """Partition numbers of which this process reads at least one topic."""
        return frozenset(partition for _, partition in self.assigned)

    @property
    def is_reading(self) -> bool:
        """Has been assigned something, or nothing, and Kafka answers."""
        if not self.has_assignment:
            return False
        return not self.assigned or time() - self.fetched_at < LONGEST_SILENCE_SECONDS

    def assign(self, assigned: set[tuple[Topic, int]]) -> None:
        self.assigned = assigned
        # None is fine too: with more copies than partitions this one stands by.
        self.has_assignment = True
        self.held = {}
        self.metrics.stopped.clear()
        self.metrics.rebalances.inc()
        self.metrics.assigned.set(len(assigned))

    def hold(self, topic: Topic, partition: int, stop: Stop) -> None:
        self.held[topic, partition] = stop
        self.metrics.stopped.labels(topic, partition).set(1)
        log.error(
            "partition_stopped",
            topic=topic,
            partition=partition,
            offset=stop.offset,
            reason=stop.reason,
            detail=stop.detail,
        )

    def count(self, outcome: Outcome) -> None:
        for one in outcome.screened:
            records = self.metrics.records
            records.labels(one.topic, "taken").inc(len(one.taken))
            records.labels(one.topic, "skipped").inc(one.skipped)
            records.labels(one.topic, "foreign").inc(len(one.foreign))
            self.metrics.fence.labels("redelivered").inc(one.redelivered)
            self.metrics.fence.labels("repeated").inc(one.repeated)
            self.metrics.fence.labels("offset_gap").inc(one.gaps)
            self.metrics.parked.labels("foreign").inc(len(one.foreign))
        for parked in outcome.worked.parked:
            self.metrics.parked.labels(parked.reason).inc()

    async def check_parking(self, pool: Pool) -> None:
        async with pool.acquire() as connection:
            keys = await keys_parked_recently(connection)
        if keys > MOST_PARKED_KEYS and not self.is_parking_tripped:
            self.is_parking_tripped = True
            log.error("consumer_stopped", reason="too_many_keys_parked", most=MOST_PARKED_KEYS)
