"""The five services of one stack: started together, and started again when one dies."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from cli.calling import call
from cli.deployment import Deployment, Running
from libs.common.contracts.topics import SERVICES, ServiceName
from libs.local.ports import kept_ports
from libs.local.processes import Child, failed

READY_WITHIN_S: Final = 90.0
POLL_S: Final = 0.1
WATCH_S: Final = 0.5
LONGEST_BACKOFF_S: Final = 30.0
STEADY_S: Final = 60.0
READY: Final = 200
# The classifier loads its libraries and the model for seconds; the others can wait for it.
SLOWEST_FIRST: Final = sorted(SERVICES, key=lambda service: service != "classifier")
RUNNING: Final = TypeAdapter(tuple[Running, ...])
Say = Callable[[str, str], None]


@dataclass(slots=True)
class Fleet:
    deployment: Deployment
    ports: dict[ServiceName, int]
    children: dict[ServiceName, Child] = field(default_factory=dict[ServiceName, Child])

    def start(self, service: ServiceName) -> None:
        self.children[service] = self.deployment.start(service, self.ports[service])
        write_running(self)


async def start_fleet(deployment: Deployment) -> Fleet:
    """Returns when all are ready. Raises ServerFailedError for the first that is not."""
    deployment.root.joinpath("logs").mkdir(exist_ok=True)
    ports = kept_ports(deployment.root / "ports.json", len(SERVICES))
    fleet = Fleet(deployment, dict(zip(SERVICES, ports, strict=True)))
    for service in SLOWEST_FIRST:
        log = deployment.log(service)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        fleet.start(service)
    await together(until_ready(fleet, service) for service in SERVICES)
    return fleet


async def together(tasks: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Raises the first failure itself, after the others have been cancelled."""
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)
    except* Exception as failures:  # noqa: BLE001 - taken out of its group, not caught
        raise failures.exceptions[0] from None


async def until_ready(fleet: Fleet, service: ServiceName) -> None:
    deadline = monotonic() + READY_WITHIN_S
    child = fleet.children[service]
    while monotonic() < deadline and child.is_running():
        status, _ = await call(fleet.ports[service], "GET", "/ready")
        if status == READY:
            return
        await asyncio.sleep(POLL_S)
    raise failed(child.program)


async def keep_running(fleet: Fleet, say: Say) -> None:
    """For ever: one that dies is started again, after a pause that grows while it keeps dying."""
    await together(keep_one(fleet, service, say) for service in SERVICES)


async def keep_one(fleet: Fleet, service: ServiceName, say: Say) -> None:
    backoff_s, started = 1.0, monotonic()
    while True:
        await asyncio.sleep(WATCH_S)
        child = fleet.children[service]
        if child.is_running():
            continue
        backoff_s = 1.0 if monotonic() - started > STEADY_S else min(backoff_s, LONGEST_BACKOFF_S)
        log = fleet.deployment.log(service)
        say(
            f"{service} 已退出（代码 {child.process.returncode}），{backoff_s:.0f} 秒后重启；{log}",
            f"{service} ended (code {child.process.returncode}) and is started again in "
            f"{backoff_s:.0f} s",
        )
        await fleet.deployment.servers.children.kill(child)
        await asyncio.sleep(backoff_s)
        fleet.start(service)
        backoff_s, started = backoff_s * 2, monotonic()


def write_running(fleet: Fleet) -> None:
    rows = [
        Running(name=name, port=fleet.ports[name], pid=child.pid)
        for name, child in fleet.children.items()
    ]
    path = fleet.deployment.root / "services.json"
    path.write_bytes(RUNNING.dump_json(tuple(rows)))


def read_running(root: Path) -> tuple[Running, ...]:
    """Empty where no stack has started its services on this folder."""
    try:
        return RUNNING.validate_json((root / "services.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return ()
