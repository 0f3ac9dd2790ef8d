"""The shipped texts, and the model built from them where it is first needed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from libs.catalogue.load import load_catalogue
from libs.common.ids import ItemCode
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
    return in_force(read_folder(TRAINING), load_catalogue().successors)


def in_force(
    examples: Iterable[Example], successors: Mapping[ItemCode, Sequence[ItemCode]]
) -> list[Example]:
    """Texts of an item that was merged go on under the new code; of a divided one nobody knows
    which part they mean, so they teach nothing until somebody labels them anew.
    """
    found: list[Example] = []
    for example in examples:
        today = successors.get(ItemCode(example.label), (ItemCode(example.label),))
        if len(today) == 1:
            found.append(replace(example, label=today[0]))
    return found


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
