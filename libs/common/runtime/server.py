"""The HTTP side of a process: its own routes, and probes that tell the truth."""

import asyncio
import socket
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Final

import asyncpg
import uvicorn
from faststream.kafka.subscriber.usecase import BatchSubscriber
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from libs.common.runtime.process import Process
from libs.common.runtime.refusals import Guard, refuse
from libs.common.settings import HttpSettings

DATABASE_SECONDS: Final = 0.5
OK: Final = 200
UNAVAILABLE: Final = 503


class QuietUvicorn(uvicorn.Server):
    """Signals belong to the process, which stops its parts in their right order."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def application(routes: Iterable[BaseRoute]) -> Starlette:
    return Starlette(
        routes=list(routes),
        middleware=[Middleware(Guard)],
        exception_handlers={HTTPException: refuse},
    )


class Server:
    def __init__(self, routes: Iterable[BaseRoute], settings: HttpSettings) -> None:
        config = uvicorn.Config(
            application(routes),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
        )
        self.where = (settings.host, settings.port)
        self.uvicorn = QuietUvicorn(config)
        self.task: asyncio.Task[None] | None = None
        self.port = settings.port

    async def start(self) -> None:
        """Returns when it listens. Raises OSError when the address can not be had."""
        # Bound here: uvicorn itself would end the interpreter where the port is taken.
        listening = socket.create_server(self.where)
        self.port = listening.getsockname()[1]
        self.task = asyncio.create_task(self.uvicorn.serve(sockets=[listening]))
        while not self.uvicorn.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self.uvicorn.should_exit = True
        if self.task is not None:
            with suppress(asyncio.CancelledError):
                await self.task


def probes(process: Process, subscriber: BatchSubscriber) -> list[BaseRoute]:
    async def live(_request: Request) -> Response:
        """Alive is whoever can still answer; a process that hangs can not."""
        return JSONResponse({"live": True})

    async def ready(_request: Request) -> Response:
        checks = await readiness(process, subscriber)
        return JSONResponse(
            {"ready": all(checks.values()), **checks},
            status_code=OK if all(checks.values()) else UNAVAILABLE,
        )

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(process.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return [Route("/live", live), Route("/ready", ready), Route("/metrics", metrics)]


async def readiness(process: Process, subscriber: BatchSubscriber) -> dict[str, bool]:
    """Reading, sending, storing, and nothing held back for a person."""
    flow = process.consumer.flow if process.consumer else None
    return {
        "reading": bool(flow and flow.is_reading and subscriber.running),
        "sending": bool(process.relay and process.relay.is_running),
        "storing": await answers(process),
        "not_stopping": not process.stopping.is_set(),
        "nothing_held": bool(flow and not flow.held and not flow.is_parking_tripped),
    }


async def answers(process: Process) -> bool:
    started = perf_counter()
    try:
        async with asyncio.timeout(DATABASE_SECONDS), process.pool.acquire() as connection:
            await connection.execute("SELECT 1")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        return False
    return perf_counter() - started < DATABASE_SECONDS
