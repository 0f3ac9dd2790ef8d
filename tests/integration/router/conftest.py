from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.router.desk import Desk, open_desk
from tests.support.databases import Database


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    await database.name_topics("router")
    async with database.pool("router") as pool, open_desk(database, pool, tmp_path) as desk:
        yield desk
