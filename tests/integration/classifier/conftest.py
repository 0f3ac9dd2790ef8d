from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.classifier.adapters.model_file import save_model
from services.classifier.adapters.training import train
from tests.support.classifier import Running, running
from tests.support.databases import Database
from tests.unit.classifier.material import TOPICS, examples


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    save_model(train(examples(), TOPICS), folder)
    return folder


@pytest.fixture
async def classifier(database: Database, model_dir: Path, tmp_path: Path) -> AsyncIterator[Running]:
    await database.name_topics("classifier")
    async with (
        database.pool("classifier") as pool,
        running(database, pool, model_dir, tmp_path) as found,
    ):
        yield found
