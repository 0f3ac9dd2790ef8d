"""The passing stack on which every benchmark runs: fsync on, empty data, gone at the end."""

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from benchmarks.machine import machine_facts
from benchmarks.usage import Meter
from cli.deployment import Deployment, prepare
from libs.common.settings import KafkaSettings
from libs.local.processes import Child
from libs.local.stack import KAFKA, POSTGRES, Servers, local_stack

STATE: Final = Path(".local/benchmarks")
MODEL: Final = Path(".local/model")
# Asked of the database itself, because `now()` in a row is when its transaction began.
COMMIT_TIMES: Final = "ALTER SYSTEM SET track_commit_timestamp = on"


@dataclass(frozen=True, slots=True)
class Stage:
    """`facts` is the machine; `admin` may read every schema."""

    deployment: Deployment
    admin: "asyncpg.Connection[asyncpg.Record]"
    facts: Mapping[str, Any]

    @property
    def dsn(self) -> str:
        return self.deployment.reach.dsn

    def meter(self, children: Mapping[str, Child]) -> Meter:
        servers = self.deployment.servers
        roots = {name: child.pid for name, child in children.items()}
        if servers.kafka and servers.kafka.pid:
            roots["kafka"] = servers.kafka.pid
        if servers.postgres and servers.postgres.pid:
            roots["postgres"] = servers.postgres.pid
        return Meter({**roots, "driver": os.getpid()}, self.dsn)


@asynccontextmanager
async def open_stage(
    state: Path, model: Path, *, commit_times: bool = False
) -> AsyncGenerator[Stage]:
    """Servers of our own always: a figure of somebody else's server would mean something else."""
    environment = {k: v for k, v in os.environ.items() if k not in (KAFKA, POSTGRES)}
    async with local_stack(state, keep=False, environment=environment) as servers:
        if commit_times:
            await keep_commit_times(servers)
        deployment = await prepare(servers, KafkaSettings(), model, environment)
        deployment.root.joinpath("logs").mkdir(exist_ok=True)
        admin = await asyncpg.connect(deployment.reach.dsn)
        try:
            facts = await machine_facts(deployment.reach.dsn, environment)
            yield Stage(deployment, admin, facts)
        finally:
            await admin.close()


async def keep_commit_times(servers: Servers) -> None:
    admin = await asyncpg.connect(servers.postgres_dsn)
    try:
        await admin.execute(COMMIT_TIMES)
    finally:
        await admin.close()
    if servers.postgres:
        await servers.postgres.stop()
        await servers.postgres.start()
