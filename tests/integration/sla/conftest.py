from collections.abc import AsyncIterator

import pytest

from tests.integration.sla.clocks import Clocks
from tests.support.databases import Database


@pytest.fixture
async def clocks(database: Database) -> AsyncIterator[Clocks]:
    await database.name_topics("sla")
    async with database.pool("sla") as pool:
        yield Clocks(pool, database)
