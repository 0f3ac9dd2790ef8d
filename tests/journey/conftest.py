from pathlib import Path

import pytest

from services.classifier.adapters.material import built_model, shipped_examples, shipped_topics
from tests.support.fleet import MODEL


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The shipped model, trained where it is not there yet."""
    built_model(MODEL, shipped_examples(), shipped_topics())
    return MODEL
