"""Appeals flow, processes are killed in their middle, and the ledger says what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final

import asyncpg

from cli.demo.counting import count
from libs.common.contracts.classifier import ReviewRequired
from libs.common.contracts.router import AppealDispatched
from libs.common.contracts.topics import SERVICES
from tests.support.fleet import Copy, Fleet, running_fleet
from tests.support.ledger import Ledger, take_ledger
from tests.support.traffic import Traffic, appeals

QUIET_WITHIN_S: Final = 150.0
FLOWS_WITHIN_S: Final = 60.0
FINISHED: Final = """
    SELECT count(*) FROM dossier.entries
    WHERE type IN ($1, $2)
"""
DUE: Final = "SELECT count(*) FROM sla.timers WHERE due_at <= now() - interval '1 second'"
# Repeats of the same matter are looked for behind the consumer, and what is found is an event.
SEARCHING: Final = """
    SELECT count(*) FROM classifier.likeness_positions p
    JOIN classifier.partition_heads h USING (partition) WHERE h.last_sequence > p.sequence
"""
Kill = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Run:
    """`in_flight` says of each fault how many appeals were on their way at that moment."""

    fleet: Fleet
    traffic: Traffic
    in_flight: dict[str, int] = field(default_factory=dict[str, int])
    quiet_after_s: float = 0.0

    async def kill_in_the_middle(self, faults: Mapping[str, Kill]) -> None:
        """Each fault in a wave of its own, and what is left of the appeals after the last."""
        share = len(self.traffic.submissions) // (len(faults) + 1)
        for name, kill in faults.items():
            before = await self.finished()
            feeding = asyncio.create_task(self.traffic.send(share))
            await self.until_more_than(before + share // 10)
            self.in_flight[name] = self.traffic.acknowledged - await self.finished()
            await kill()
            await feeding
        await self.traffic.send(len(self.traffic.submissions))
        await self.traffic.close()

    async def until_more_than(self, finished: int) -> None:
        deadline = monotonic() + FLOWS_WITHIN_S
        while await self.finished() <= finished and monotonic() < deadline:
            await asyncio.sleep(0.05)

    async def finished(self) -> int:
        """Distinct appeals are not needed: repeats never get here."""
        found: int = await self.fetchval(FINISHED, AppealDispatched.TYPE, ReviewRequired.TYPE)
        return found

    async def fetchval(self, query: str, *arguments: object) -> Any:  # noqa: ANN401 - one value
        connection = await asyncpg.connect(self.fleet.dsn)
        try:
            return await connection.fetchval(query, *arguments)
        finally:
            await connection.close()

    async def until_quiet(self) -> None:
        """Raises TimeoutError."""
        started = monotonic()
        await until_quiet(self.fleet.dsn, self.traffic.acknowledged)
        self.quiet_after_s = monotonic() - started

    async def ledger(self) -> Ledger:
        # Counted where they arrived: a sender that heard no answer may have sent twice.
        taken: int = await self.fetchval(
            "SELECT sum(next_offset)::bigint FROM intake.consumer_offsets "
            "WHERE topic = 'appeals.inbound.submissions'"
        )
        return await take_ledger(
            self.fleet.dsn, self.fleet.kafka, sent=taken, wanted=self.traffic.appeal_ids
        )


async def until_quiet(dsn: str, published: int) -> None:
    """Everything sent is read by all who read it, and nothing is due. Raises TimeoutError."""
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(QUIET_WITHIN_S):
            while True:
                is_searched = not await connection.fetchval(SEARCHING)
                counts = await count(connection)
                if (
                    is_searched
                    and counts.is_quiet(published)
                    and not await connection.fetchval(DUE)
                ):
                    return
                await asyncio.sleep(0.2)
    finally:
        await connection.close()


async def kill_everything(folder: Path, count: int, repeated: int) -> tuple[Run, Ledger]:
    """Each service and both servers in turn, one copy of each, started again at once."""
    async with running_fleet(folder) as fleet:
        run = Run(fleet, Traffic(fleet.kafka, appeals(count, repeated=repeated)))
        faults: dict[str, Kill] = {
            service: partial(fleet.restart, Copy(service, 0)) for service in SERVICES
        }
        faults |= {"Kafka": fleet.restart_kafka, "PostgreSQL": fleet.restart_postgres}
        await run.kill_in_the_middle(faults)
        await fleet.until_ready()
        await run.until_quiet()
        return run, await run.ledger()


async def kill_one_of_two(folder: Path, count: int, repeated: int) -> tuple[Run, Ledger]:
    """Two copies of each service; the first ones die and stay dead."""
    async with running_fleet(folder, copies=2) as fleet:
        run = Run(fleet, Traffic(fleet.kafka, appeals(count, repeated=repeated)))
        faults: dict[str, Kill] = {
            service: partial(fleet.kill, Copy(service, 0)) for service in SERVICES
        }
        await run.kill_in_the_middle(faults)
        await run.until_quiet()
        return run, await run.ledger()
