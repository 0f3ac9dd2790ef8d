from collections.abc import AsyncIterator

import pytest

from tests.support.databases import Database
from tests.support.router import Router


@pytest.fixture
async def router(database: Database) -> AsyncIterator[Router]:
    await database.name_topics("router")
    async with database.pool("router") as pool:
        yield Router(pool, database)
