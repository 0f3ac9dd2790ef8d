"""Both servers, whichever of them are missing, for as long as a block runs."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from libs.local.account import server_account
from libs.local.errors import FolderClosedError
from libs.local.jars import Progress
from libs.local.kafka import LocalKafka, wait_for_kafka
from libs.local.lock import holder, only_one
from libs.local.place import remove_place
from libs.local.postgres import LocalPostgres, wait_for_postgres, write_secret
from libs.local.processes import Children
from libs.local.registry import end_leftovers

KAFKA: Final = "APPEALS_KAFKA__BOOTSTRAP_SERVERS"
POSTGRES: Final = "APPEALS_POSTGRES__DSN"


@dataclass(frozen=True, slots=True)
class Servers:
    """`kafka` and `postgres` are None where a server that others run is used.

    Whatever else belongs to the stack is started by `children`: it is stopped before the servers,
    and after a crash the next start ends it with them.
    """

    bootstrap_servers: str
    postgres_dsn: str
    children: Children
    kafka: LocalKafka | None
    postgres: LocalPostgres | None


class RunningStack(BaseModel):
    """What a stack that runs tells other commands."""

    pid: int
    bootstrap_servers: str
    postgres_dsn: str


def silent(here: int, in_all: int, name: str) -> None:
    """Progress for those who do not want any."""


def folder_of(state_dir: Path, *, keep: bool) -> Path:
    """Apart, so that a passing stack can never throw kept data away."""
    return state_dir.absolute() / ("kept" if keep else "passing")


def running_stack(state_dir: Path, *, keep: bool = True) -> RunningStack | None:
    """The stack that another process keeps running on this folder."""
    root = folder_of(state_dir, keep=keep)
    path = root / "running.json"
    if holder(root / "lock") is None or not path.exists():
        return None
    return RunningStack.model_validate_json(path.read_bytes())


@asynccontextmanager
async def local_stack(
    state_dir: Path, *, keep: bool, environment: Mapping[str, str], progress: Progress = silent
) -> AsyncGenerator[Servers]:
    """Starts what `environment` does not name; without `keep` on empty data, gone at the end.

    Raises LocalServerError: AlreadyRunningError while another process has the folder.
    """
    root = folder_of(state_dir, keep=keep)
    jars_fallback = root.with_name("jars")
    make_writable(root)
    with only_one(root / "lock"):
        async with AsyncExitStack() as ends:
            await end_leftovers(root / "processes.json")
            if not keep:
                empty(root)
                ends.callback(empty, root)
            children = Children(root / "processes.json")
            servers = planned(root, children, environment)
            ends.push_async_callback(stop_all, servers)
            yield await started(servers, jars_fallback, progress)


def make_writable(root: Path) -> None:
    """Raises FolderClosedError."""
    with suppress(PermissionError):
        root.mkdir(parents=True, exist_ok=True)
        if all(os.access(folder, os.W_OK) for folder in (root, *root.iterdir())):
            return
    raise folder_closed(root)


def folder_closed(root: Path) -> FolderClosedError:
    return FolderClosedError(
        f"无法写入状态目录 {root}。",
        f"The state folder {root} can not be written.",
        do_zh="它可能由 root 创建：请用同一用户运行，或删除它后重试。",
        do_en="Perhaps root made it: run this as the same user, or delete it and try again.",
    )


def planned(root: Path, children: Children, environment: Mapping[str, str]) -> Servers:
    named_kafka, named_postgres = environment.get(KAFKA, ""), environment.get(POSTGRES, "")
    kafka = None if named_kafka else LocalKafka(root / "kafka", children, environment)
    postgres = None if named_postgres else LocalPostgres(root / "postgres", children, environment)
    return Servers(named_kafka, named_postgres, children, kafka, postgres)


async def started(plan: Servers, jars_fallback: Path, progress: Progress) -> Servers:
    kafka = asyncio.create_task(kafka_of(plan, jars_fallback, progress))
    postgres = asyncio.create_task(postgres_of(plan))
    try:
        bootstrap_servers, dsn = await asyncio.gather(kafka, postgres)
    except BaseException:
        # Neither may start anything any more once the other has failed.
        kafka.cancel()
        postgres.cancel()
        await asyncio.gather(kafka, postgres, return_exceptions=True)
        raise
    running = RunningStack(pid=os.getpid(), bootstrap_servers=bootstrap_servers, postgres_dsn=dsn)
    path = plan.children.registry.with_name("running.json")
    path.unlink(missing_ok=True)
    write_secret(path, running.model_dump_json())
    return Servers(bootstrap_servers, dsn, plan.children, plan.kafka, plan.postgres)


async def kafka_of(plan: Servers, jars_fallback: Path, progress: Progress) -> str:
    if plan.kafka:
        return await plan.kafka.start(jars_fallback, progress)
    await wait_for_kafka(plan.bootstrap_servers, named_by=KAFKA)
    return plan.bootstrap_servers


async def postgres_of(plan: Servers) -> str:
    if plan.postgres:
        return await plan.postgres.start()
    await wait_for_postgres(plan.postgres_dsn, named_by=POSTGRES)
    return plan.postgres_dsn


async def stop_all(servers: Servers) -> None:
    """The servers last, so that what uses them can finish what it is at."""
    own = {server.pid for server in (servers.kafka, servers.postgres) if server}
    others = [child for child in servers.children.living if child.pid not in own]
    await asyncio.gather(*(servers.children.stop(child) for child in others))
    await servers.children.stop_all()
    servers.children.registry.with_name("running.json").unlink(missing_ok=True)


def empty(root: Path) -> None:
    """All but the lock."""
    postgres = root / "postgres"
    if postgres.exists():
        remove_place(postgres, server_account())
    for entry in root.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != "lock":
            entry.unlink()
