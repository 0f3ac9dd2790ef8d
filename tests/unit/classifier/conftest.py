import pytest

from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.model import Model
from services.classifier.adapters.training import train
from tests.unit.classifier.material import TOPICS, examples


@pytest.fixture(scope="session")
def model() -> Model:
    return train(examples(), TOPICS)


@pytest.fixture(scope="session")
def classifier(model: Model) -> Classifier:
    return Classifier(model)
