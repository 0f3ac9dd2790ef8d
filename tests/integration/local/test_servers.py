import asyncio
import os
import socket
from pathlib import Path

import asyncpg

from libs.local.kafka import LocalKafka, kafka_answers
from libs.local.postgres import LocalPostgres
from libs.local.processes import Children
from libs.local.stack import silent


async def one(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_postgres_runs_below_a_folder_that_others_may_not_enter(tmp_path: Path) -> None:
    """As root this needs a place elsewhere, because PostgreSQL then runs as another user."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    children = Children(tmp_path / "processes.json")
    postgres = LocalPostgres(home / "state", children, os.environ)
    dsn = await postgres.start()
    await one(dsn, "CREATE TABLE kept AS SELECT 1")
    await postgres.stop()
    again = LocalPostgres(home / "state", children, os.environ)
    try:
        assert await again.start() == dsn
        assert await one(dsn, "SELECT count(*) FROM kept") == 1
    finally:
        await again.stop()
    noted = home / "state" / "elsewhere"
    assert noted.exists() == (os.getuid() == 0)
    assert home.stat().st_mode & 0o777 == 0o700


async def test_postgres_is_durable_knows_chinese_and_lets_nobody_in_without_the_password(
    tmp_path: Path,
) -> None:
    children = Children(tmp_path / "processes.json")
    postgres = LocalPostgres(tmp_path / "state", children, os.environ)
    try:
        dsn = await postgres.start()
        assert await one(dsn, "SHOW fsync") == "on"
        assert await one(dsn, "SELECT '诉求' ~ '^[[:alpha:]]+$'") is True
        refused = await asyncio.gather(
            one(dsn.replace("://appeals:", "://appeals:x"), "SELECT 1"), return_exceptions=True
        )
        assert isinstance(refused[0], asyncpg.InvalidPasswordError)
    finally:
        await postgres.stop()
    assert (tmp_path / "state" / "password").stat().st_mode & 0o777 == 0o600


async def test_the_wheels_postgres_runs_where_the_system_has_none(tmp_path: Path) -> None:
    children = Children(tmp_path / "processes.json")
    environment = {**os.environ, "APPEALS_POSTGRES_BIN": "embedded"}
    postgres = LocalPostgres(tmp_path / "state", children, environment)
    try:
        dsn = await postgres.start()
        assert str(await one(dsn, "SHOW server_version")).startswith("18")
        assert await one(dsn, "SELECT '诉求' ~ '^[[:alpha:]]+$'") is True
        await one(dsn, "CREATE EXTENSION pg_trgm")
    finally:
        await postgres.stop()


async def test_postgres_comes_back_on_its_port_with_its_data_after_kill_9(tmp_path: Path) -> None:
    children = Children(tmp_path / "processes.json")
    postgres = LocalPostgres(tmp_path / "state", children, os.environ)
    try:
        dsn = await postgres.start()
        await one(dsn, "CREATE TABLE kept AS SELECT 1")
        await postgres.kill()
        assert postgres.pid is None
        assert await postgres.start() == dsn
        assert await one(dsn, "SELECT count(*) FROM kept") == 1
    finally:
        await postgres.stop()


async def test_a_failing_statement_leaves_no_value_in_the_log(tmp_path: Path) -> None:
    children = Children(tmp_path / "processes.json")
    postgres = LocalPostgres(tmp_path / "state", children, os.environ)
    try:
        dsn = await postgres.start()
        await one(dsn, "CREATE TABLE phones (phone text UNIQUE)")
        insert = "INSERT INTO phones VALUES ('tel-0000-1111')"
        await one(dsn, insert)
        again = await asyncio.gather(one(dsn, insert), return_exceptions=True)
        assert isinstance(again[0], asyncpg.UniqueViolationError)
    finally:
        await postgres.stop()
    log = (tmp_path / "state" / "log" / "postgres.log").read_text()
    assert "phones_phone_key" in log
    assert "tel-0000-1111" not in log


async def test_kafka_comes_back_on_its_port_after_kill_9_and_elsewhere_when_that_is_taken(
    tmp_path: Path,
) -> None:
    children = Children(tmp_path / "processes.json")
    kafka = LocalKafka(tmp_path / "kafka", children, os.environ)
    try:
        first = await kafka.start(tmp_path, silent)
        await kafka.kill()
        assert kafka.pid is None
        assert not await kafka_answers(first)
        assert await kafka.start(tmp_path, silent) == first
        await kafka.stop()
        host, _, port = first.partition(":")
        with socket.create_server((host, int(port))):
            assert await kafka.start(tmp_path, silent) != first
            assert await kafka_answers(kafka.bootstrap_servers)
    finally:
        await kafka.stop()
