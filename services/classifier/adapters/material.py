"""The shipped texts, and the model built from them where it is first needed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from libs.catalogue.load import load_catalogue
from services.classifier.adapters.corpus import Example, read_folder
from services.classifier.adapters.model import Model
from services.classifier.adapters.model_file import (
    ModelFileError,
    load_model,
    read_card,
    save_model,
)
from services.classifier.adapters.topics import Topics, topics_of
from services.classifier.adapters.training import inputs_sha256, train

DATA: Final = Path(__file__).parent.parent / "data"
TRAINING: Final = DATA / "training"


def shipped_examples() -> list[Example]:
    return read_folder(TRAINING)


def shipped_topics() -> Topics:
    return topics_of(load_catalogue().listed)


def built_model(folder: Path, examples: Sequence[Example], topics: Topics) -> Model:
    """The model of these inputs: loaded where it lies in `folder`, trained and saved where not."""
    try:
        if read_card(folder)["inputs_sha256"] == inputs_sha256(examples, topics):
            return load_model(folder)
    except (ModelFileError, KeyError):
        pass
    model = train(examples, topics)
    save_model(model, folder)
    return model
