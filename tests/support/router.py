"""The router without Kafka: slices in, the database out."""

from collections.abc import Sequence

from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Pool
from libs.common.execution.apply import ApplySlices, Outcome
from libs.common.execution.screening import Slice
from libs.common.messaging.consumer import Consumer
from libs.common.observability.metrics import Metrics
from libs.common.runtime.process import Process
from libs.common.subscription import Record
from services.router.app import compose
from tests.support.databases import Database
from tests.support.records import appeal
from tests.support.settings import router_settings


class Router:
    def __init__(self, pool: Pool, database: Database) -> None:
        settings = router_settings(database)
        parts = compose(Process("router", settings, pool), settings)
        self.database = database
        self.apply = ApplySlices(pool, parts.subscriptions, parts.worker)
        self.consumer = Consumer(
            self.apply, topic_prefix="", metrics=Metrics(), on_appended=lambda _: None
        )

    async def take(self, *records: Record) -> Outcome:
        """One slice, as polled; what follows trouble is the consumer's own doing."""
        first = records[0]
        slice_ = Slice(topic=first.topic, partition=first.partition, records=records)
        outcomes = await self.consumer.work([slice_])
        return outcomes[-1]

    async def dispatched(self) -> list[str]:
        rows = await self.database.fetch(
            "SELECT subject FROM router.events WHERE type = 'router.appeal-dispatched.v1' "
            "ORDER BY partition, sequence"
        )
        return [row["subject"] for row in rows]

    async def parked(self) -> list[tuple[int, str]]:
        rows = await self.database.fetch(
            'SELECT "offset", reason FROM router.dead_letters ORDER BY "offset"'
        )
        return [(row["offset"], row["reason"]) for row in rows]

    async def position(self, topic: Topic = Topic.CLASSIFIER_EVENTS) -> tuple[int, int]:
        (row,) = await self.database.fetch(
            "SELECT next_offset, last_sequence FROM router.consumer_offsets "
            "WHERE topic = $1 AND partition = 0",
            topic,
        )
        return row["next_offset"], row["last_sequence"]


def names(*numbers: int) -> Sequence[str]:
    return [str(appeal(number)) for number in numbers]
