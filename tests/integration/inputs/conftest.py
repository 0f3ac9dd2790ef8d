from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.databases import Database
from tests.support.intake import Intake, running_intake, write_credentials


@pytest.fixture
async def intake(database: Database, tmp_path: Path) -> AsyncIterator[Intake]:
    await database.name_topics("intake")
    async with (
        database.pool("intake") as pool,
        running_intake(pool, database, write_credentials(tmp_path)) as intake,
    ):
        yield intake
