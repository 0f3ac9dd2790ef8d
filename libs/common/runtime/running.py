"""One service as one process: what is shared by all five, in the order of starting and ending."""

import asyncio
import gc
import signal
from collections.abc import Awaitable
from contextlib import suppress

import structlog
from faststream.kafka import KafkaBroker

from libs.common.contracts.topics import topic_of
from libs.common.execution.apply import ApplySlices
from libs.common.messaging.consumer import Consumer
from libs.common.messaging.relay import Outlet, Relay
from libs.common.messaging.subscriber import subscribe
from libs.common.runtime.monitor import monitor
from libs.common.runtime.process import GRACE_SECONDS, Parts, Process
from libs.common.runtime.server import Server, probes

log: structlog.stdlib.BoundLogger = structlog.get_logger()


async def run_process(process: Process, parts: Parts) -> None:
    """Until SIGTERM or SIGINT; then what was begun is finished and what is stored is sent."""
    consumer = process.consumer = new_consumer(process, parts)
    relay = process.relay = new_relay(process, consumer)
    broker = new_broker(process)
    subscriber = subscribe(
        broker, consumer, group=process.name, batch_records=process.settings.batch_records
    )
    server = Server([*probes(process, subscriber), *parts.routes], process.settings.http)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, process.stopping.set)
    await server.start()
    tasks = [asyncio.create_task(start()) for start in parts.background]
    tasks.append(asyncio.create_task(monitor(process, subscriber)))
    sending = asyncio.create_task(relay.run())
    await broker.start()
    quieten_collector()
    log.info("service_started", port=server.port)
    await process.stopping.wait()
    # No new work, then no half work, then no unsent work. What is left is in the table.
    await server.stop()
    await cancel(tasks)
    consumer.flow.stopping = True
    await bounded(broker.stop())
    relay.stop()
    await bounded(sending)
    log.info("service_stopped")


def new_consumer(process: Process, parts: Parts) -> Consumer:
    return Consumer(
        ApplySlices(process.pool, parts.subscriptions, parts.worker),
        topic_prefix=process.settings.kafka.topic_prefix,
        metrics=process.metrics,
        on_appended=process.appended,
    )


def new_relay(process: Process, consumer: Consumer) -> Relay:
    topic = topic_of(process.name)
    outlet = Outlet(
        service=process.name,
        topic=topic,
        topic_name=process.settings.kafka.topic_prefix + topic,
        bootstrap_servers=process.settings.kafka.bootstrap_servers,
        client_id=f"{process.name}-relay",
    )
    return Relay(outlet, process.connect, lambda: consumer.flow.partitions, process.metrics)


def new_broker(process: Process) -> KafkaBroker:
    return KafkaBroker(
        process.settings.kafka.bootstrap_servers,
        client_id=process.name,
        apply_types=False,
        allow_auto_create_topics=False,
        consumer_only=True,
        graceful_timeout=GRACE_SECONDS,
        logger=None,
    )


def quieten_collector() -> None:
    """A batch holds thousands of objects at once, and every young collection would walk them.

    What was made at start is set aside for good, and the rest is looked at less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def bounded(work: Awaitable[object]) -> None:
    """Waits for the work, but never longer than the grace: what it holds is safe elsewhere."""
    with suppress(TimeoutError):
        await asyncio.wait_for(work, GRACE_SECONDS)
