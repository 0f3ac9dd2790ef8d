"""Commands that come one at a time, by HTTP or from a timer, in a transaction of their own."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from libs.common.clock import Clock
from libs.common.contracts.envelope import Event
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.commands import Group, Result, execute
from libs.common.execution.decision import Service
from libs.common.failures import Verdict, judge

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)
CONFLICTS_BEFORE_HEADS_FIRST: Final = 2
MOST_ATTEMPTS: Final = 10


@dataclass(frozen=True, slots=True)
class Runner(Generic[C, S, E]):
    pool: Pool
    service: Service[C, S, E]
    clock: Clock
    on_appended: Callable[[Iterable[int]], None]

    async def run(self, groups: Sequence[Group[C]]) -> list[Result[C, E]]:
        """Decides and writes; again at once when another writer was faster.

        Raises what the database raises: the caller's client should ask again later.
        """

        async def requests(_connection: Connection) -> Sequence[Group[C]]:
            return groups

        return await self.run_claimed(requests)

    async def run_claimed(
        self, claim: Callable[[Connection], Awaitable[Sequence[Group[C]]]]
    ) -> list[Result[C, E]]:
        """The same for groups that `claim` reads and locks in the same transaction."""
        for attempt in range(MOST_ATTEMPTS):
            try:
                return await self.transact(claim, attempt >= CONFLICTS_BEFORE_HEADS_FIRST)
            except Exception as error:
                if judge(error) is not Verdict.DECIDE_AGAIN or attempt == MOST_ATTEMPTS - 1:
                    raise
        return []

    async def transact(
        self,
        claim: Callable[[Connection], Awaitable[Sequence[Group[C]]]],
        heads_first: bool,  # noqa: FBT001 - passed on as it is
    ) -> list[Result[C, E]]:
        async with self.pool.acquire() as connection, connection.transaction():
            groups = await claim(connection)
            executed = await execute(
                connection, self.service, groups, self.clock(), heads_first=heads_first
            )
        executed.committed()
        results = executed.results
        self.on_appended(
            applied.request.partition
            for result in results
            if isinstance(result, list)
            for applied in result
            if applied.events
        )
        return results
