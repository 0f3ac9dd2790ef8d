"""One service as one process: what is shared by all five, in the order of starting and ending."""

import asyncio
import gc
import signal
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import structlog
from faststream.kafka import KafkaBroker
from starlette.routing import BaseRoute

from libs.common.clock import Clock, system_clock
from libs.common.contracts.topics import ServiceName, Topic, topic_of
from libs.common.eventstore.store import Pool
from libs.common.execution.apply import ApplySlices, Worker
from libs.common.messaging.consumer import Consumer
from libs.common.messaging.relay import Outlet, Relay
from libs.common.messaging.subscriber import subscribe
from libs.common.observability.metrics import Metrics
from libs.common.runtime.monitor import monitor
from libs.common.runtime.server import Server, probes
from libs.common.settings import ServiceSettings
from libs.common.subscription import AnySubscription

log: structlog.stdlib.BoundLogger = structlog.get_logger()
GRACE_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one service adds to the shell."""

    subscriptions: Mapping[Topic, AnySubscription[Any] | None]
    worker: Worker
    routes: Sequence[BaseRoute] = ()
    background: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()


@dataclass(slots=True)
class Process:
    """What a composition root builds on: a pool, a clock, metrics, and the word that wakes."""

    name: ServiceName
    settings: ServiceSettings
    pool: Pool
    clock: Clock = system_clock
    metrics: Metrics = field(default_factory=Metrics)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    consumer: Consumer | None = None
    relay: Relay | None = None

    def appended(self, partitions: Iterable[int]) -> None:
        if self.relay is not None:
            self.relay.appended(partitions)

    async def run(self, parts: Parts) -> None:
        """Until SIGTERM or SIGINT; then what was begun is finished and what is stored is sent."""
        apply = ApplySlices(self.pool, parts.subscriptions, parts.worker)
        self.consumer = consumer = Consumer(
            apply,
            topic_prefix=self.settings.kafka.topic_prefix,
            metrics=self.metrics,
            on_appended=self.appended,
        )
        self.relay = relay = self.new_relay(consumer)
        broker = self.new_broker()
        subscriber = subscribe(
            broker, consumer, group=self.name, batch_records=self.settings.batch_records
        )
        server = Server([*probes(self, subscriber), *parts.routes], self.settings.http)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stopping.set)
        await server.start()
        tasks = [asyncio.create_task(start()) for start in parts.background]
        tasks.append(asyncio.create_task(monitor(self, subscriber)))
        sending = asyncio.create_task(relay.run())
        await broker.start()
        quieten_collector()
        log.info("service_started", port=server.port)
        await self.stopping.wait()
        await self.shut_down(server, broker, tasks, sending)

    async def shut_down(
        self,
        server: Server,
        broker: KafkaBroker,
        tasks: list[asyncio.Task[None]],
        sending: asyncio.Task[None],
    ) -> None:
        """No new work, then no half work, then no unsent work. What is left is in the table."""
        await server.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.consumer is not None:
            self.consumer.flow.stopping = True
        await bounded(broker.stop())
        if self.relay is not None:
            self.relay.stop()
        await bounded(sending)
        log.info("service_stopped")

    def new_relay(self, consumer: Consumer) -> Relay:
        topic = topic_of(self.name)
        outlet = Outlet(
            service=self.name,
            topic=topic,
            topic_name=self.settings.kafka.topic_prefix + topic,
            bootstrap_servers=self.settings.kafka.bootstrap_servers,
            client_id=f"{self.name}-relay",
        )
        return Relay(outlet, self.connect, lambda: consumer.flow.partitions, self.metrics)

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection of one's own: session locks and LISTEN do not survive a pool."""
        return await connect(self.name, self.settings)

    def new_broker(self) -> KafkaBroker:
        return KafkaBroker(
            self.settings.kafka.bootstrap_servers,
            client_id=self.name,
            apply_types=False,
            allow_auto_create_topics=False,
            consumer_only=True,
            graceful_timeout=GRACE_SECONDS,
            logger=None,
        )


async def connect(
    name: ServiceName, settings: ServiceSettings
) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(
        settings.postgres.dsn.get_secret_value(), server_settings=session(name), timeout=10
    )


def session(name: ServiceName) -> dict[str, str]:
    return {
        "search_path": name,
        "application_name": f"appeals-{name}",
        "statement_timeout": "60000",
        "idle_in_transaction_session_timeout": "60000",
        "tcp_keepalives_idle": "5",
    }


@asynccontextmanager
async def open_process(name: ServiceName, settings: ServiceSettings) -> AsyncGenerator[Process]:
    pool = await asyncpg.create_pool(
        settings.postgres.dsn.get_secret_value(),
        min_size=1,
        max_size=settings.postgres.pool_size,
        server_settings=session(name),
    )
    try:
        yield Process(name, settings, pool)
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(pool.close(), GRACE_SECONDS)


def quieten_collector() -> None:
    """A batch holds thousands of objects at once, and every young collection would walk them.

    What was made at start is set aside for good; decoding then takes less than half the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def bounded(work: Awaitable[object]) -> None:
    """Waits for the work, but never longer than the grace: what it holds is safe elsewhere."""
    with suppress(TimeoutError):
        await asyncio.wait_for(work, GRACE_SECONDS)
