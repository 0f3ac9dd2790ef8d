import io
import json
import zipfile
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.material import built_model
from services.classifier.adapters.model import Model, quantised
from services.classifier.adapters.model_file import (
    CARD_NAME,
    MODEL_NAME,
    ModelFileError,
    canonical,
    load_model,
    save_model,
    trusted,
)
from services.classifier.adapters.training import train
from tests.unit.classifier.material import TOPICS, examples

TEXTS = ["厂里突然停电", "银行贷款利率", "路灯不亮", "新年快乐"]


class Stranger:
    """A type that no model has."""


def test_training_twice_gives_the_same_bytes(model: Model, tmp_path: Path) -> None:
    first = save_model(model, tmp_path / "a").read_bytes()
    second = save_model(train(examples(), TOPICS), tmp_path / "b").read_bytes()
    assert first == second


def test_a_loaded_model_answers_as_the_one_that_was_saved(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path)
    loaded = load_model(tmp_path)
    assert Classifier(loaded).classify(TEXTS) == Classifier(model).classify(TEXTS)
    assert loaded.version == model.version


def test_the_card_tells_the_checksum_and_the_figures(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path)
    card = json.loads((tmp_path / CARD_NAME).read_text(encoding="utf-8"))
    assert card["version"] == model.version
    assert card["metrics"]["n"] == len(examples())


def test_a_changed_model_file_is_refused(model: Model, tmp_path: Path) -> None:
    path = save_model(model, tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="checksum"):
        load_model(tmp_path)


def test_a_missing_model_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="appeals classifier train"):
        load_model(tmp_path)


def test_a_file_with_a_type_of_its_own_is_refused() -> None:
    skops = import_module("skops.io")
    with pytest.raises(ModelFileError, match="untrusted"):
        trusted(skops.dumps(Stranger()))


def test_the_archive_tells_neither_the_time_nor_addresses_in_memory(model: Model) -> None:
    skops = import_module("skops.io")
    arrays = {"one": model.steps, "two": model.steps * 2}
    content = canonical(skops.dumps(arrays))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {1980}
    assert content == canonical(skops.dumps({name: array.copy() for name, array in arrays.items()}))
    assert np.array_equal(skops.loads(content, trusted=[])["two"], arrays["two"])


def test_the_model_of_the_same_inputs_is_kept_and_of_others_made_anew(tmp_path: Path) -> None:
    built_model(tmp_path, examples(), TOPICS)
    written = (tmp_path / MODEL_NAME).stat().st_mtime_ns
    built_model(tmp_path, examples(), TOPICS)
    assert (tmp_path / MODEL_NAME).stat().st_mtime_ns == written
    other = built_model(tmp_path, examples()[1:], TOPICS)
    assert load_model(tmp_path).version == other.version


def test_a_stored_weight_is_off_by_half_a_step_at_most() -> None:
    weights = np.random.default_rng(7).normal(size=(50, 9)).astype(np.float32)
    steps, sizes = quantised(weights)
    error = np.abs(steps * sizes[:, None] - weights)
    assert (error <= sizes[:, None] / 2 + 1e-6).all()
