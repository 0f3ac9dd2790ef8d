"""Training: the same texts, catalogue and program give the same bytes, on one core."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final

import numpy as np

from services.classifier.adapters.arrays import Floats, Longs, Sparse, kernel
from services.classifier.adapters.calibration import best_balanced
from services.classifier.adapters.corpus import Example
from services.classifier.adapters.features import Vocabulary, vocabulary_of
from services.classifier.adapters.folds import folds_of, near_duplicates
from services.classifier.adapters.model import Model, quantised
from services.classifier.adapters.naive import blended
from services.classifier.adapters.ridge import fitted, primal, targets
from services.classifier.adapters.topics import Topics
from services.classifier.adapters.trial import (
    HeldOut,
    metrics_of,
    thresholds_of,
    tried,
    urgency_metrics,
    urgency_of,
)
from services.classifier.adapters.urgency import Alarm, fitted_alarm
from services.classifier.domain.place import cues
from services.classifier.domain.ranking import NONE_LABEL

THREADS: Final = import_module("threadpoolctl")
# Raised whenever the program would make another model of the same inputs.
RECIPE: Final = 4
RAREST: Final = (0, 1, 1, 2)
PENALTY: Final = 0.25


class UnknownLabelError(Exception):
    """A training text has a label that is neither an item of the catalogue nor NONE."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"标签 {label} 不在事项目录中，请改正或换目录。 / "
            f"Label {label} is not in the catalogue; correct it or give another catalogue."
        )


@dataclass(frozen=True)
class Material:
    """Texts to learn from, the first `own` of them real ones; the others are catalogue words."""

    texts: list[str]
    labels: Longs
    own: int
    urgency: Floats


@dataclass(frozen=True)
class Scorer:
    """What gives a text its scores: for each item and for none of these, and for urgency."""

    vocabulary: Vocabulary
    items: Floats
    alarm: Alarm


def train(examples: Sequence[Example], topics: Topics) -> Model:
    """Raises UnknownLabelError. Takes about a minute for 10,000 texts."""
    with THREADS.threadpool_limits(limits=1):
        return trained(examples, topics)


def trained(examples: Sequence[Example], topics: Topics) -> Model:
    material = material_of(examples, topics)
    classes = len(topics.topics) + 1
    vocabulary = vocabulary_of(material.texts, RAREST)
    features = vocabulary.features(material.texts)
    similarity = kernel(features, features)
    folds = all_folds(material, similarity)
    dual, alone = fitted(similarity, PENALTY, targets(material.labels, classes), folds)
    weights, scores = blended(features, material.labels, primal(features, dual), alone, folds)
    own = np.arange(material.own)
    urgent = fitted_alarm(features[own], material.urgency[own], folds[own])
    rows = np.flatnonzero([example.is_sample for example in examples])
    held_out = HeldOut(
        scores=np.column_stack([scores[rows], urgent.held_out[rows]]),
        labels=material.labels[rows],
        urgency=material.urgency[rows],
        known=np.diff(features.indptr)[rows].astype(np.int64),
        cues=np.array([cues(material.texts[row]) for row in rows]),
    )
    scorer = Scorer(vocabulary, weights, urgent.alarm)
    return assembled(topics, scorer, held_out, inputs_sha256(examples, topics))


def material_of(examples: Sequence[Example], topics: Topics) -> Material:
    numbers = {topic.item: place for place, topic in enumerate(topics.topics)}
    numbers[NONE_LABEL] = len(numbers)
    texts = [example.text for example in examples]
    labels: list[int] = []
    for example in examples:
        if example.label not in numbers:
            raise UnknownLabelError(example.label)
        labels.append(numbers[example.label])
    for topic in topics.topics:
        texts += topic.words
        labels += [numbers[topic.item]] * len(topic.words)
    urgency = np.zeros(len(texts), dtype=np.float32)
    for place, example in enumerate(examples):
        if example.is_urgent is not None:
            urgency[place] = 1.0 if example.is_urgent else -1.0
    return Material(texts, np.array(labels, dtype=np.int64), len(examples), urgency)


def all_folds(material: Material, similarity: Sparse) -> Longs:
    """Folds of the real texts; -1 for the catalogue's words, which every fold may learn from."""
    groups = near_duplicates(similarity[: material.own][:, : material.own])
    folds = np.full(len(material.texts), -1, dtype=np.int64)
    folds[: material.own] = folds_of(material.labels[: material.own], groups)
    return folds


def assembled(topics: Topics, scorer: Scorer, held_out: HeldOut, sha256: str) -> Model:
    calibration, trial = tried(held_out)
    chance, urgent = urgency_of(held_out, calibration)
    thresholds = thresholds_of(trial, best_balanced(chance, urgent))
    steps, sizes = quantised(np.column_stack([scorer.items, scorer.alarm.weights]))
    return Model(
        items=tuple(topic.item for topic in topics.topics),
        categories=tuple(topic.category for topic in topics.topics),
        catalogue_version=topics.version,
        inputs_sha256=sha256,
        vocabulary=scorer.vocabulary,
        quantised=steps,
        steps=sizes,
        calibration=calibration.with_bias(scorer.alarm.bias),
        thresholds=thresholds,
        metrics={
            **metrics_of(trial, thresholds, topics),
            **urgency_metrics(chance, urgent, thresholds),
        },
    )


def inputs_sha256(examples: Sequence[Example], topics: Topics) -> str:
    """Of all that the model depends on, so a model can be found by what it was made of."""
    rows = [[one.text, one.label, one.is_urgent, one.is_sample] for one in examples]
    names = [[topic.item, topic.category, *topic.words] for topic in topics.topics]
    material = json.dumps([RECIPE, topics.version, names, rows], ensure_ascii=True)
    return hashlib.sha256(material.encode()).hexdigest()
