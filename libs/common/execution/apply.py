"""One poll, one transaction: fence, skip what was seen, work, park; then commit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.offsets import lock_offsets, move_offsets
from libs.common.execution.parking import Parked, park
from libs.common.execution.screening import Screened, Slice, screen
from libs.common.failures import describe
from libs.common.subscription import AnySubscription, Record


@dataclass(frozen=True, slots=True)
class Worked:
    """Which records could not be worked on, and the partitions that got new events.

    `committed` is called once the transaction is, and never when it is rolled back.
    """

    parked: Sequence[Parked] = ()
    appended: frozenset[int] = frozenset()
    committed: Callable[[], None] | None = None


class Worker(Protocol):
    """What a service does with records that it has not seen before.

    Everything but what it returns as parked is written when it returns. Whatever it raises
    rolls the whole transaction back.
    """

    async def __call__(
        self, connection: Connection, records: Sequence[Record], /, *, heads_first: bool
    ) -> Worked: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """For each slice where the next one starts and why it stops there, if it does."""

    screened: Sequence[Screened]
    worked: Worked


@dataclass(frozen=True, slots=True)
class ApplySlices:
    """Applies slices of different partitions, all or nothing.

    The offset to read next differs from the last record's + 1 after a redelivery, or when
    another owner was faster: the consumer then seeks there. Raises StreamConflictError, or
    what the database or the worker raised; then nothing was written and the same slices may
    come again.
    """

    pool: Pool
    subscriptions: Mapping[Topic, AnySubscription[Any] | None]
    work: Worker

    async def __call__(self, slices: Sequence[Slice], *, heads_first: bool = False) -> Outcome:
        async with self.pool.acquire() as connection, connection.transaction():
            screened = await self.fence(connection, slices)
            taken = [record for one in screened for record in one.taken]
            worked = Worked()
            if taken:
                worked = await self.work(connection, taken, heads_first=heads_first)
            await self.settle(connection, screened, worked.parked)
        if worked.committed is not None:
            worked.committed()
        return Outcome(screened, worked)

    async def park_one(self, slice_: Slice, error: Exception) -> Outcome:
        """A slice of one record that can not be worked on is parked with its key."""
        async with self.pool.acquire() as connection, connection.transaction():
            screened = await self.fence(connection, [slice_])
            reason, detail = describe(error)
            parked = [
                Parked(record, reason, detail, parks_key=not record.topic.is_inbound)
                for record in screened[0].taken
            ]
            await self.settle(connection, screened, parked)
            return Outcome(screened, Worked(parked))

    async def fence(self, connection: Connection, slices: Sequence[Slice]) -> list[Screened]:
        keys = [(str(s.topic), s.partition) for s in slices]
        positions = await lock_offsets(connection, keys)
        return [
            screen(s, positions[key], self.subscriptions[s.topic])
            for s, key in zip(slices, keys, strict=True)
        ]

    async def settle(
        self, connection: Connection, screened: Sequence[Screened], parked: Sequence[Parked]
    ) -> None:
        for one in screened:
            foreign = [
                Parked(r, "foreign", "no valid sequence, ce_type and ce_id", parks_key=False)
                for r in one.foreign
            ]
            here = (one.topic, one.partition)
            mine = [p for p in parked if (p.record.topic, p.record.partition) == here]
            await park(connection, one.topic_id, [*foreign, *mine])
        await move_offsets(connection, screened)
