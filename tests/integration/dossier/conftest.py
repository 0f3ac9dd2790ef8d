"""A dossier's tables on a real PostgreSQL, fresh for each test."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from importlib.resources import files
from uuid import uuid4

import asyncpg
import pytest

from libs.common.contracts.topics import READS
from libs.common.eventstore.store import Pool
from tests.support.servers import postgres_server
from tests.unit.dossier.life import TOPIC_ID

SCHEMAS = (
    "libs.common.eventstore/schema/0001_events.sql",
    "services.dossier/schema/0100_chain.sql",
)
SEARCH_PATH = {"search_path": "dossier"}


@pytest.fixture(scope="session")
def dossier_server() -> Generator[str]:
    with postgres_server() as dsn:
        yield dsn


@pytest.fixture
async def dsn(dossier_server: str) -> AsyncGenerator[str]:
    async with fresh_dossier(dossier_server) as dsn:
        yield dsn


@pytest.fixture
async def pool(dsn: str) -> AsyncGenerator[Pool]:
    async with asyncpg.create_pool(dsn, min_size=1, server_settings=SEARCH_PATH) as pool:
        yield pool


@asynccontextmanager
async def fresh_dossier(server_dsn: str) -> AsyncGenerator[str]:
    name = f"dossier_{uuid4().hex}"
    admin = await asyncpg.connect(server_dsn)
    await admin.execute(f"CREATE DATABASE {name}")
    dsn = server_dsn.rsplit("/", 1)[0] + f"/{name}"
    try:
        await make_tables(dsn)
        yield dsn
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


async def make_tables(dsn: str) -> None:
    connection = await asyncpg.connect(dsn, server_settings=SEARCH_PATH)
    await connection.execute("CREATE SCHEMA dossier")
    for path in SCHEMAS:
        package, _, rest = path.partition("/")
        text = files(package).joinpath(rest).read_text()
        await connection.execute(text.partition("-- migrate:down")[0])
    offsets = [
        (topic, TOPIC_ID, partition, 0) for topic in READS["dossier"] for partition in (3, 4)
    ]
    await connection.copy_records_to_table(
        "consumer_offsets",
        columns=("topic", "topic_id", "partition", "next_offset"),
        records=offsets,
    )
    await connection.close()
