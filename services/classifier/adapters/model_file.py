"""The model's file: skops without any code in it, the same bytes for the same model.

skops names members by memory address and zip stores the time; both are replaced here, so
that a checksum tells whether two models are one. `load_model` refuses a file whose checksum
is not the one written beside it, and any type that skops does not trust by itself.
"""

import hashlib
import io
import json
import re
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from services.classifier.adapters.calibration import Calibration
from services.classifier.adapters.features import Vocabulary
from services.classifier.adapters.model import Model
from services.classifier.domain.ranking import Thresholds

MODEL_NAME: Final = "model.skops"
CARD_NAME: Final = "model.json"
SKOPS: Final = import_module("skops.io")
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
FORMAT: Final = 3


class ModelFileError(Exception):
    """The model can not be used; the message says why and what to do, in both languages."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")


def save_model(model: Model, folder: Path) -> Path:
    """Writes the model and its card; the card last, so a model without a card is unfinished."""
    folder.mkdir(parents=True, exist_ok=True)
    content = canonical(SKOPS.dumps(stored(model)))
    card = {
        "version": model.version,
        "sha256": hashlib.sha256(content).hexdigest(),
        "catalogue_version": model.catalogue_version,
        "inputs_sha256": model.inputs_sha256,
        "items": len(model.items),
        "features": len(model.vocabulary.keys),
        "bytes": len(content),
        "metrics": model.metrics,
    }
    path = folder / MODEL_NAME
    path.write_bytes(content)
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / CARD_NAME).write_text(text + "\n", encoding="utf-8")
    return path


def read_card(folder: Path) -> dict[str, Any]:
    try:
        card: object = json.loads((folder / CARD_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        card = None
    if not isinstance(card, dict):
        raise ModelFileError(  # noqa: TRY003 - two languages
            "没有可用的分类模型，请先运行 appeals classifier train。",
            "There is no usable model; run `appeals classifier train` first.",
        )
    return cast("dict[str, Any]", card)


def load_model(folder: Path) -> Model:
    """Raises ModelFileError when it is missing, changed, or holds what it should not."""
    expected = read_card(folder).get("sha256")
    try:
        content = (folder / MODEL_NAME).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelFileError(
            "模型文件与其校验值不符，请重新训练或恢复原文件。",
            "The model file does not match its checksum; train again or restore the file.",
        )
    return restored(trusted(content))


def trusted(content: bytes) -> dict[str, Any]:
    try:
        document: object = SKOPS.loads(content, trusted=[])
    except Exception as error:  # noqa: BLE001 - skops raises many kinds, all mean the same here
        raise ModelFileError(
            "模型文件含有不受信任的内容或已损坏，已拒绝加载。",
            f"The model file is damaged or holds untrusted types ({type(error).__name__}).",
        ) from None
    known = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    if known.get("format") != FORMAT:
        raise ModelFileError(
            "模型文件的格式不符，请用当前版本重新训练。",
            "The model file has another format; train again with this version.",
        )
    return known


def stored(model: Model) -> dict[str, object]:
    return {
        "format": FORMAT,
        "items": list(model.items),
        "categories": list(model.categories),
        "catalogue_version": model.catalogue_version,
        "inputs_sha256": model.inputs_sha256,
        "keys": model.vocabulary.keys,
        "idf": model.vocabulary.weights,
        "quantised": model.quantised,
        "steps": model.steps,
        "temperature": model.calibration.temperature,
        "curve": model.calibration.curve,
        "none_curve": model.calibration.none_curve,
        "urgency_curve": model.calibration.urgency_curve,
        "thresholds": [
            model.thresholds.confidence,
            model.thresholds.none_of_these,
            model.thresholds.urgency,
        ],
        "metrics": model.metrics,
    }


def restored(document: dict[str, Any]) -> Model:
    confidence, none_of_these, urgency = document["thresholds"]
    return Model(
        items=tuple(document["items"]),
        categories=tuple(document["categories"]),
        catalogue_version=document["catalogue_version"],
        inputs_sha256=document["inputs_sha256"],
        vocabulary=Vocabulary(keys=document["keys"], weights=document["idf"]),
        quantised=document["quantised"].astype(np.int8, copy=False),
        steps=document["steps"],
        calibration=Calibration(
            temperature=float(document["temperature"]),
            curve=document["curve"],
            none_curve=document["none_curve"],
            urgency_curve=document["urgency_curve"],
        ),
        thresholds=Thresholds(confidence, none_of_these, urgency),
        metrics=document["metrics"],
    )


def canonical(content: bytes) -> bytes:
    """The same archive with members named by their order and dated long ago."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        schema = archive.read("schema.json").decode()
        names: dict[str, str] = {}
        for number in re.findall(r'(?:"__id__": |")(\d{6,})(?:\.npy")?', schema):
            names.setdefault(number, str(len(names) + 1))
        schema = re.sub(r"\d{6,}", lambda found: names.get(found[0], found[0]), schema)
        members = {"schema.json": schema.encode()}
        for name in archive.namelist():
            if name != "schema.json":
                stem, dot, ending = name.partition(".")
                members[names.get(stem, stem) + dot + ending] = archive.read(name)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), members[name], zipfile.ZIP_DEFLATED)
    return result.getvalue()
