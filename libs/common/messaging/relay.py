"""From the event table to Kafka: per partition in order, no number left out, safe to restart."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from libs.common.errors import NotReadyError
from libs.common.eventstore import outbox
from libs.common.messaging.sender import new_producer, send
from libs.common.observability.metrics import Metrics

log: structlog.stdlib.BoundLogger = structlog.get_logger()
WINDOW: Final = 500
POLL_SECONDS: Final = 1.0
LINGER_SECONDS: Final = 0.005
NOTIFY_SECONDS: Final = 0.02
UNOWNED_SECONDS: Final = 5.0
RESTART_SECONDS: Final = 0.5
STOP_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where a service's events go, and the name under which its writers wake each other."""

    service: str
    topic: str
    topic_name: str
    bootstrap_servers: str
    client_id: str

    @property
    def channel(self) -> str:
        return f"appended_{self.service}"


class Relay:
    """Owns partitions by advisory locks on one dedicated connection; a break drops them all."""

    def __init__(
        self,
        outlet: Outlet,
        connect: Callable[[], Awaitable[outbox.Connection]],
        wanted: Callable[[], frozenset[int]],
        metrics: Metrics,
    ) -> None:
        self.outlet = outlet
        self.connect = connect
        self.wanted = wanted
        self.metrics = metrics
        self.owned: set[int] = set()
        self.assigned: frozenset[int] = frozenset()
        self.looked_for_unowned = monotonic()
        self.must_notify = False
        self.is_running = False
        self.stopping = False
        self.wake = asyncio.Event()

    def appended(self, partitions: Iterable[int]) -> None:
        """Called after each commit: wakes this relay, or those of the other copies."""
        added = set(partitions)
        if not added:
            return
        if added <= self.owned:
            self.wake.set()
        elif not self.must_notify:
            # Coalesced: one NOTIFY a commit would halve the database's commit rate.
            self.must_notify = True
            asyncio.get_running_loop().call_later(NOTIFY_SECONDS, self.wake.set)

    async def run(self) -> None:
        """Until `stop`; sends what is left before it ends."""
        while not self.stopping:
            try:
                await self.session()
            except Exception as error:  # noqa: BLE001 - whatever broke it, the table has it all
                log.warning("relay_interrupted", error=type(error).__name__)
                self.metrics.resent.inc()
                await asyncio.sleep(RESTART_SECONDS)

    def notified(self, *_notification: object) -> None:
        """Another copy, or a writer that owns nothing, has appended."""
        self.wake.set()

    def stop(self) -> None:
        self.stopping = True
        self.wake.set()

    async def session(self) -> None:
        """One connection and one producer; an idempotent producer can not outlive an error."""
        connection = await self.connect()
        # After the connection: a producer that never starts would complain as it is dropped.
        producer = new_producer(self.outlet.bootstrap_servers, self.outlet.client_id)
        try:
            await producer.start()
            self.metrics.producers.inc()
            await connection.add_listener(self.outlet.channel, self.notified)
            await self.relay(connection, producer)
        finally:
            self.is_running = False
            self.owned.clear()
            self.assigned = frozenset()
            connection.terminate()
            # With a dead broker an idempotent producer waits for ever; the table has it all.
            with suppress(TimeoutError, KafkaError):
                await asyncio.wait_for(producer.stop(), STOP_SECONDS)

    async def relay(self, connection: outbox.Connection, producer: AIOKafkaProducer) -> None:
        topic_id = await outbox.topic_id(connection, self.outlet.topic)
        if topic_id is None:
            raise NotReadyError(self.outlet.topic)
        self.is_running = True
        while True:
            self.wake.clear()
            await self.own(connection)
            rows = await outbox.unsent(connection, self.owned, WINDOW) if self.owned else []
            if rows:
                with self.metrics.publish_seconds.time():
                    await send(producer, self.outlet.topic_name, topic_id, rows)
                ends = {row["partition"]: row["sequence"] for row in rows}
                await outbox.move_sent(connection, list(ends.items()))
                self.metrics.published.inc(len(rows))
                continue
            if self.stopping:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), POLL_SECONDS)
                # Commits come in bursts: one window for several is cheaper than one for each.
                await asyncio.sleep(LINGER_SECONDS)
            if self.must_notify:
                self.must_notify = False
                await connection.execute("SELECT pg_notify($1, '')", self.outlet.channel)

    async def own(self, connection: outbox.Connection) -> None:
        """Takes what Kafka assigns to this process, and what nobody has owned for a while."""
        wanted = self.wanted()
        if wanted != self.assigned:
            for partition in self.owned - wanted:
                await outbox.disown(connection, partition)
            self.owned &= wanted
            self.assigned = wanted
            self.looked_for_unowned = monotonic()
        candidates = set(wanted)
        if monotonic() - self.looked_for_unowned > UNOWNED_SECONDS:
            self.looked_for_unowned = monotonic()
            candidates.update(await outbox.all_partitions(connection))
        for partition in sorted(candidates - self.owned):
            if await outbox.try_own(connection, partition):
                self.owned.add(partition)
