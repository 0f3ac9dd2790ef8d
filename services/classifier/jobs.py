"""Looks for repeats of the same matter, behind the consumer and never in its way."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

import structlog

from libs.common.contracts.classifier import ClassifierEvent
from libs.common.eventstore.store import Connection
from libs.common.execution.commands import Failed, Group
from libs.common.execution.deciding import system_actor
from libs.common.execution.runner import Runner
from libs.common.failures import Verdict, describe, judge
from libs.common.ids import AppealId
from libs.common.subscription import Request
from services.classifier.adapters import likeness_store as store
from services.classifier.adapters.judging import ModelInUse
from services.classifier.adapters.likeness_scores import similarities
from services.classifier.adapters.sketch import keys_of
from services.classifier.domain.commands import ClassifierCommand, SuspectDuplicate
from services.classifier.domain.likeness import WINDOW, Matter, likenesses_of
from services.classifier.domain.state import ClassifierState

log: structlog.stdlib.BoundLogger = structlog.get_logger()
SearchRunner: TypeAlias = Runner[ClassifierCommand, ClassifierState, ClassifierEvent]
# At most this many at once, then a pause: a burst is judged first and searched after it.
BATCH: Final = 100
PAUSE_SECONDS: Final = 0.25
LONGEST_BACKOFF_SECONDS: Final = 15.0
FORGET_EVERY: Final = timedelta(hours=1)


@dataclass(slots=True)
class LikenessSearch:
    """Every judged appeal is looked at once, in the order of its partition."""

    runner: SearchRunner
    in_use: ModelInUse
    forgotten_at: datetime | None = field(default=None)

    async def run(self) -> None:
        backoff = PAUSE_SECONDS
        while True:
            try:
                await self.tick()
                backoff = PAUSE_SECONDS
            except Exception as error:
                if judge(error) is Verdict.NAME_RECORD:
                    raise
                log.warning("likeness_search_failed", error=describe(error)[1])
                backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
            await asyncio.sleep(backoff)

    async def tick(self) -> None:
        """One batch of each partition that is behind. Raises what the database raises."""
        pool, now = self.runner.pool, self.runner.clock()
        if self.forgotten_at is None or now - self.forgotten_at > FORGET_EVERY:
            await store.prepare(pool)
            await store.forget(pool, now - WINDOW)
            self.forgotten_at = now
        for partition in await store.partitions_behind(pool):
            await self.search(partition)
            await asyncio.sleep(0)

    async def search(self, partition: int) -> None:
        async def claim(connection: Connection) -> Sequence[Group[ClassifierCommand]]:
            return await self.claim(connection, partition)

        for result in await self.runner.run_claimed(claim):
            if isinstance(result, Failed):
                raise result.error

    async def claim(
        self, connection: Connection, partition: int
    ) -> Sequence[Group[ClassifierCommand]]:
        span = await store.lock(connection, partition)
        if span is None:
            return []
        rows = await store.unread(connection, partition, span, BATCH)
        groups = await self.suspicions(connection, rows)
        reached = rows[-1]["sequence"] if len(rows) == BATCH else span[1]
        await store.move(connection, partition, reached)
        return groups

    async def suspicions(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]]
    ) -> list[Group[ClassifierCommand]]:
        new = {row["appeal_id"]: store.matter_of(row) for row in rows}
        keys = [
            (key, one.accepted_at, one.appeal_id) for one in new.values() for key in keys_of(one)
        ]
        pairs = await store.keep_and_find(connection, keys)
        known = await store.matters(connection, list({earlier for _, earlier in pairs}))
        near = similarities(self.in_use.classifier.model.vocabulary, new, known, pairs)
        return [
            Group([request])
            for row in rows
            if (request := request_of(row, new[row["appeal_id"]], near)) is not None
        ]


def request_of(
    row: Mapping[str, Any], one: Matter, near: Mapping[UUID, Sequence[tuple[Matter, int]]]
) -> Request[ClassifierCommand] | None:
    found = likenesses_of(one, near.get(one.appeal_id, ()))
    if not found:
        return None
    return Request(
        command=SuspectDuplicate(appeal_id=AppealId(one.appeal_id), likenesses=found),
        stream_id=f"classifier-{one.appeal_id}",
        partition=row["partition"],
        key=row["key"],
        subject=str(one.appeal_id),
        causation_id=store.plain(row["event_id"]),
        correlation_id=one.appeal_id,
        actor=system_actor("classifier"),
    )
