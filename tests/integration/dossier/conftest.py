from collections.abc import AsyncGenerator

import asyncpg
import pytest

from libs.common.eventstore.store import Pool
from tests.support.databases import Database


@pytest.fixture
async def pool(database: Database) -> AsyncGenerator[Pool]:
    """With the rights that the dossier's role has, and no more."""
    await database.name_topics("dossier")
    async with database.pool("dossier") as pool:
        yield pool


@pytest.fixture
async def superuser(database: Database, pool: Pool) -> AsyncGenerator[Pool]:
    """For what only a thief with the keys of the server could do."""
    async with asyncpg.create_pool(
        database.admin_dsn, min_size=1, server_settings={"search_path": "dossier"}
    ) as pool_of_all_rights:
        yield pool_of_all_rights


@pytest.fixture
def dsn(database: Database, pool: Pool) -> str:
    return database.dsn("dossier")
