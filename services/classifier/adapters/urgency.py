"""Urgency: a logistic regression of its own over the same n-grams as the items."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np

from services.classifier.adapters.arrays import Floats, Longs, Sparse

LINEAR: Final = import_module("sklearn.linear_model")
# A weak penalty: few texts are urgent, and stronger ones missed more on the held-out folds.
STRENGTH: Final = 30.0
STEPS: Final = 300
# The items' weights are below 1. All columns of a feature share one 8-bit step, so this one
# must not be longer than they are.
SMALLER: Final = np.float32(0.05)


@dataclass(frozen=True)
class Alarm:
    """A text's score is its features times `weights`, plus `bias`."""

    weights: Floats
    bias: float


@dataclass(frozen=True)
class FittedAlarm:
    """`held_out` has for each text the score, bias and all, of a model that never saw its fold."""

    alarm: Alarm
    held_out: Floats


def fitted_alarm(features: Sparse, urgency: Floats, folds: Longs) -> FittedAlarm:
    """`urgency` is 1, -1, or 0 for unknown; where only one kind is known all is 0."""
    known = np.flatnonzero(urgency)
    held_out = np.zeros(len(urgency), dtype=np.float32)
    for fold in np.unique(folds):
        rest = learned(features, urgency, known[folds[known] != fold])
        rows = np.flatnonzero(folds == fold)
        held_out[rows] = features[rows] @ rest.weights + rest.bias
    return FittedAlarm(learned(features, urgency, known), held_out)


def learned(features: Sparse, urgency: Floats, rows: Longs) -> Alarm:
    urgent = urgency[rows] > 0
    if urgent.all() or not urgent.any():
        return Alarm(np.zeros(features.shape[1], dtype=np.float32), 0.0)
    model: Any = LINEAR.LogisticRegression(C=STRENGTH, max_iter=STEPS, class_weight="balanced")
    model.fit(features[rows], urgent)
    weights: Floats = model.coef_[0].astype(np.float32) * SMALLER
    return Alarm(weights, float(model.intercept_[0] * SMALLER))
