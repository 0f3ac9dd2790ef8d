"""Numbers for the operator: how long the queue is, and whether the traffic has drifted."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, get_args

import asyncpg
from prometheus_client import Gauge

from libs.common.clock import Clock
from libs.common.contracts.classifier import ReviewReason
from libs.common.eventstore.store import Pool
from libs.common.observability.metrics import Metrics
from services.classifier.domain.drift import BEFORE, LATELY, Drift, drift_of
from services.classifier.read_model.traffic import traffic, waiting

EVERY_SECONDS: Final = 15.0
# Five weeks of rows are read for it, and it moves slowly.
DRIFT_EVERY: Final = timedelta(minutes=15)
UNKNOWN: Final = float("nan")
TROUBLE: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class ReviewMetrics:
    """A drift figure is NaN while there is too little to tell."""

    waiting: Gauge
    oldest: Gauge
    drift: Mapping[str, Gauge]


def review_metrics(metrics: Metrics) -> ReviewMetrics:
    gauges = {
        "item_psi": metrics.gauge(
            "classifier_item_psi", "stability index of the item mix, 7 days beside 28 before"
        ),
        "confidence_psi": metrics.gauge(
            "classifier_confidence_psi", "stability index of confidence, 7 days beside 28 before"
        ),
        "return_rate": metrics.gauge(
            "classifier_return_rate", "approved returns per judged appeal of the last 7 days"
        ),
    }
    for gauge in gauges.values():
        gauge.set(UNKNOWN)
    return ReviewMetrics(
        metrics.gauge("review_waiting", "appeals that wait for a person", ("reason",)),
        metrics.gauge("review_oldest_age_seconds", "age of the longest wait", ("reason",)),
        gauges,
    )


@dataclass(slots=True)
class Watching:
    pool: Pool
    clock: Clock
    metrics: ReviewMetrics
    drift_at: datetime | None = field(default=None)

    async def run(self) -> None:
        while True:
            try:
                await self.measure()
            except TROUBLE:
                # An outage, which the probes tell of; the numbers stay as they were last seen.
                self.drift_at = None
            await asyncio.sleep(EVERY_SECONDS)

    async def measure(self) -> None:
        now = self.clock()
        found = {reason: (count, oldest) for reason, count, oldest in await waiting(self.pool)}
        for reason in get_args(ReviewReason):
            count, oldest = found.get(reason, (0, now))
            self.metrics.waiting.labels(reason).set(count)
            self.metrics.oldest.labels(reason).set((now - oldest).total_seconds())
        if self.drift_at is None or now - self.drift_at >= DRIFT_EVERY:
            self.show(await self.drift(now))
            self.drift_at = now

    async def drift(self, now: datetime) -> Drift:
        since = now - LATELY
        before = await traffic(self.pool, since - BEFORE, since)
        return drift_of(before, await traffic(self.pool, since, now))

    def show(self, drift: Drift) -> None:
        figures = (drift.item_psi, drift.confidence_psi, drift.return_rate)
        for gauge, figure in zip(self.metrics.drift.values(), figures, strict=True):
            gauge.set(UNKNOWN if figure is None else figure)
