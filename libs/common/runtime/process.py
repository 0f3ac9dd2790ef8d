"""What every part of one process shares, and how a service reaches its database."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from starlette.routing import BaseRoute

from libs.common.clock import Clock, system_clock
from libs.common.contracts.topics import ServiceName, Topic
from libs.common.eventstore.store import Pool
from libs.common.execution.apply import Worker
from libs.common.messaging.consumer import Consumer
from libs.common.messaging.relay import Relay
from libs.common.observability.metrics import Metrics
from libs.common.settings import ServiceSettings
from libs.common.subscription import AnySubscription

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

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection of one's own: session locks and LISTEN do not survive a pool."""
        return await asyncpg.connect(
            self.settings.postgres.dsn.get_secret_value(),
            server_settings=session(self.name),
            timeout=10,
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
