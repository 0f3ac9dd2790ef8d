from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.intake.desk import Desk
from tests.support.databases import Database
from tests.support.intake import running_intake, write_credentials

SCREENING = """\
version = "test"

[[rules]]
id = "letters-are-read-first"
decision = "screened"
channels = ["letter"]

[[rules]]
id = "all-others"
decision = "accept"
"""


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    """An intake in which a seat reads letters before they are accepted."""
    await database.name_topics("intake")
    screening = tmp_path / "screening.toml"
    screening.write_text(SCREENING)
    async with (
        database.pool("intake") as pool,
        running_intake(pool, database, write_credentials(tmp_path), screening) as intake,
    ):
        yield Desk(intake)
