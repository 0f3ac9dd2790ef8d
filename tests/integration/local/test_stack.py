import asyncio
import os
import signal
import sys
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka.admin import (
    AIOKafkaAdminClient,
    NewTopic,
)

from libs.local.errors import AlreadyRunningError, ServerFailedError
from libs.local.postgres import LocalPostgres
from libs.local.processes import Child, Children, Program
from libs.local.registry import Started, read_registry
from libs.local.stack import RunningStack, Servers, local_stack, running_stack
from tests.integration.local import stack_holder


async def write(servers: Servers | RunningStack) -> None:
    connection = await asyncpg.connect(servers.postgres_dsn)
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    await connection.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.bootstrap_servers)
    await admin.start()
    await admin.create_topics([NewTopic("kept", 3, 1)])
    await admin.close()


async def read(servers: Servers | RunningStack) -> tuple[int | None, list[str]]:
    """The answer that was kept, None if none was, and the topics."""
    connection = await asyncpg.connect(servers.postgres_dsn)
    has = await connection.fetchval("SELECT to_regclass('kept') IS NOT NULL")
    answer = await connection.fetchval("SELECT answer FROM kept") if has else None
    await connection.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.bootstrap_servers)
    await admin.start()
    topics = await admin.list_topics()
    await admin.close()
    return answer, topics


def alive(records: tuple[Started, ...]) -> list[str]:
    return [record.what for record in records if record.find()]


async def test_what_is_kept_is_there_at_the_next_start_on_the_same_ports(tmp_path: Path) -> None:
    async with local_stack(tmp_path, keep=True, environment=os.environ) as servers:
        await write(servers)
        records = read_registry(servers.children.registry)
    assert sorted(record.what for record in records) == ["Kafka", "PostgreSQL"]
    assert alive(records) == []
    async with local_stack(tmp_path, keep=True, environment=os.environ) as again:
        assert await read(again) == (42, ["kept"])
        assert again.bootstrap_servers == servers.bootstrap_servers
        assert again.postgres_dsn == servers.postgres_dsn


async def test_a_passing_stack_leaves_no_data_and_no_process(tmp_path: Path) -> None:
    async with local_stack(tmp_path, keep=False, environment=os.environ) as servers:
        await write(servers)
        records = read_registry(servers.children.registry)
        assert len(alive(records)) == 2
    assert alive(records) == []
    assert files_below(tmp_path) == ["lock"]


async def test_after_kill_9_of_the_parent_the_next_start_has_the_data_and_no_orphan(
    tmp_path: Path,
) -> None:
    holder = start_holder(tmp_path)
    running = await when_running(tmp_path, holder)
    registry = tmp_path / "kept" / "processes.json"
    await write(running)
    orphans = read_registry(registry)
    assert sorted(alive(orphans)) == ["Kafka", "PostgreSQL"]
    # So that one of them can not obey the kernel's signal, and the next start must see to it.
    psutil.Process(pid_of("PostgreSQL", orphans)).suspend()
    holder.process.kill()
    holder.process.wait(5)
    assert running_stack(tmp_path) is None
    async with local_stack(tmp_path, keep=True, environment=os.environ) as again:
        assert alive(orphans) == []
        assert await read(again) == (42, ["kept"])


async def test_a_second_stack_on_the_folder_is_refused_and_the_first_lives_on(
    tmp_path: Path,
) -> None:
    holder = start_holder(tmp_path)
    running = await when_running(tmp_path, holder)
    with pytest.raises(AlreadyRunningError, match=f"process {holder.pid}"):
        async with local_stack(tmp_path, keep=True, environment=os.environ):
            pass
    assert await read(running) == (None, [])
    holder.process.send_signal(signal.SIGINT)
    assert holder.process.wait(30) == -signal.SIGINT
    assert alive(read_registry(tmp_path / "kept" / "processes.json")) == []
    assert running_stack(tmp_path) is None


async def test_servers_that_are_named_are_used_and_left_running(tmp_path: Path) -> None:
    async with local_stack(tmp_path / "a", keep=False, environment=os.environ) as servers:
        named = {
            **os.environ,
            "APPEALS_KAFKA__BOOTSTRAP_SERVERS": servers.bootstrap_servers,
            "APPEALS_POSTGRES__DSN": servers.postgres_dsn,
        }
        async with local_stack(tmp_path / "b", keep=False, environment=named) as guest:
            assert (guest.kafka, guest.postgres) == (None, None)
            await write(guest)
        assert await read(servers) == (42, ["kept"])


async def test_a_named_server_that_refuses_us_ends_the_start_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    postgres = LocalPostgres(tmp_path / "a", Children(tmp_path / "a.json"), os.environ)
    wrong = (await postgres.start()).replace("://appeals:", "://appeals:not-")
    environment = {**os.environ, "APPEALS_POSTGRES__DSN": wrong}
    with pytest.raises(ServerFailedError, match="APPEALS_POSTGRES__DSN") as refused:
        async with local_stack(tmp_path / "b", keep=True, environment=environment):
            pass
    await postgres.stop()
    assert wrong not in str(refused.value)
    assert read_registry(tmp_path / "b" / "kept" / "processes.json") == ()


def start_holder(folder: Path) -> Child:
    return Children(folder / "holder.json").start(
        Program(
            what="holder",
            command=(sys.executable, stack_holder.__file__, str(folder)),
            directory=folder,
            log=folder / "holder.log",
            environment=os.environ,
        )
    )


async def when_running(folder: Path, holder: Child) -> RunningStack:
    while holder.is_running():
        if running := running_stack(folder):
            return running
        await asyncio.sleep(0.05)
    raise AssertionError(holder.program.log.read_text())


def files_below(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def pid_of(what: str, records: tuple[Started, ...]) -> int:
    return next(record.pid for record in records if record.what == what)
