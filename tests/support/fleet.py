"""A whole deployment as a user has it, except that any process of it can be killed any time."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Final

import httpx

from cli.deployment import Deployment, prepare
from libs.common.contracts.topics import SERVICES, ServiceName
from libs.common.settings import KafkaSettings
from libs.local.ports import LOOPBACK, new_ports
from libs.local.processes import Child, failed
from libs.local.stack import KAFKA, POSTGRES, Servers, local_stack, silent

# Trained once and kept, like the demo's own: the same inputs give the same model.
MODEL: Final = Path(__file__).parents[2] / ".local" / "classifier"
PARTITIONS: Final = 12
READY_WITHIN_S: Final = 120.0
ENDS_WITHIN_S: Final = 20.0
READY: Final = 200


@dataclass(frozen=True, slots=True)
class Copy:
    service: ServiceName
    number: int


@dataclass(slots=True)
class Fleet:
    """The five services on servers of their own, fsync on; n copies of each."""

    deployment: Deployment
    ports: Mapping[Copy, int]
    running: dict[Copy, Child] = field(default_factory=dict[Copy, Child])
    # Those that ended without being asked to.
    died: list[Copy] = field(default_factory=list[Copy])

    @property
    def servers(self) -> Servers:
        return self.deployment.servers

    @property
    def dsn(self) -> str:
        """The superuser's, for looking at everything."""
        return self.deployment.reach.dsn

    @property
    def kafka(self) -> KafkaSettings:
        return self.deployment.reach.kafka

    def log(self, copy: Copy) -> Path:
        return self.deployment.root / "logs" / f"{copy.service}-{copy.number}.log"

    def start(self, copy: Copy) -> None:
        program = self.deployment.program(copy.service, self.ports[copy])
        own = replace(program, log=self.log(copy))
        self.running[copy] = self.servers.children.start(own)

    async def kill(self, copy: Copy) -> None:
        """SIGKILL: nothing is finished, sent or said."""
        await self.servers.children.kill(self.running.pop(copy))

    async def restart(self, copy: Copy) -> None:
        await self.kill(copy)
        self.start(copy)

    async def restart_kafka(self) -> None:
        """kill -9, and up again on its data and port."""
        kafka = self.servers.kafka
        assert kafka is not None
        await kafka.kill()
        await kafka.start(self.deployment.root / "jars", silent)

    async def restart_postgres(self) -> None:
        """kill -9 of the postmaster, and up again on its data and port."""
        postgres = self.servers.postgres
        assert postgres is not None
        await postgres.kill()
        await postgres.start()

    async def get(self, copy: Copy, path: str) -> httpx.Response | None:
        """None while it does not answer."""
        try:
            async with httpx.AsyncClient(timeout=5) as http:
                return await http.get(f"http://{LOOPBACK}:{self.ports[copy]}{path}")
        except httpx.TransportError:
            return None

    async def until_ready(self, copies: Iterable[Copy] | None = None) -> None:
        """Starts again whatever died meanwhile, as a supervisor would."""
        await asyncio.gather(*(self.until_one_ready(copy) for copy in copies or self.ports))

    async def until_one_ready(self, copy: Copy) -> None:
        deadline = monotonic() + READY_WITHIN_S
        while monotonic() < deadline:
            if not self.running[copy].is_running():
                self.died.append(copy)
                await self.restart(copy)
            answer = await self.get(copy, "/ready")
            if answer is not None and answer.status_code == READY:
                return
            await asyncio.sleep(0.1)
        raise failed(self.running[copy].program)

    async def stop(self) -> None:
        """Politely, as SIGTERM does it: what is stored is sent before a process ends."""
        stopping = [self.servers.children.stop(child) for child in self.running.values()]
        await asyncio.wait_for(asyncio.gather(*stopping), 2 * ENDS_WITHIN_S)


@asynccontextmanager
async def running_fleet(folder: Path, *, copies: int = 1) -> AsyncGenerator[Fleet]:
    """Ready when it is given. Always child processes: a server of others can not be killed."""
    environment = {name: v for name, v in os.environ.items() if name not in (KAFKA, POSTGRES)}
    async with local_stack(folder, keep=False, environment=environment) as servers:
        kafka = KafkaSettings(partitions=PARTITIONS)
        deployment = await prepare(servers, kafka, MODEL, environment)
        wanted = [Copy(service, n) for n in range(copies) for service in SERVICES]
        ports = dict(zip(wanted, new_ports(len(wanted)), strict=True))
        fleet = Fleet(deployment, ports)
        for copy in wanted:
            fleet.start(copy)
        await fleet.until_ready()
        yield fleet
