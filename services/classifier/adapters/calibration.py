"""From linear scores to probabilities that mean what they say, fitted on held-out folds."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from services.classifier.adapters.arrays import Doubles, Flags, Floats, Longs

TEMPERATURES: Final = tuple(2.0 * 1.08**step for step in range(45))
SMALLEST: Final = 1e-6
STEPS: Final = 50
RIDGE: Final = 1e-3


@dataclass(frozen=True)
class Calibration:
    """`temperature` sharpens the scores; the curves are logistic regressions on evidence."""

    temperature: float
    curve: Doubles
    none_curve: Doubles
    urgency_curve: Doubles

    def confidence(self, first: Floats, second: Floats, known: Longs) -> Doubles:
        """The probability that the first is right, from the two best and how much was read."""
        return logistic(evidence(first, second, known), self.curve)

    def with_bias(self, bias: float) -> "Calibration":
        """For urgency scores that lack the bias which those of the held-out texts had."""
        urgency_curve, none_curve = self.urgency_curve.copy(), self.none_curve.copy()
        urgency_curve[0] += bias * urgency_curve[1]
        none_curve[0] += bias * none_curve[1]
        return replace(self, urgency_curve=urgency_curve, none_curve=none_curve)


def logistic(features: Doubles, curve: Doubles) -> Doubles:
    odds: Doubles = np.clip(features @ curve, -30.0, 30.0)
    return 1.0 / (1.0 + np.exp(-odds))


def softmax(scores: Floats, temperature: float) -> Floats:
    sharp = scores * np.float32(temperature)
    sharp -= sharp.max(axis=1, keepdims=True)
    np.exp(sharp, out=sharp)
    sharp /= sharp.sum(axis=1, keepdims=True)
    return sharp


def evidence(first: Floats, second: Floats, known: Longs) -> Doubles:
    sure = np.clip(first.astype(np.float64), SMALLEST, 1 - SMALLEST)
    rival = np.clip(second.astype(np.float64), SMALLEST, 1)
    read = np.log1p(known.astype(np.float64))
    columns = [np.ones_like(sure), np.log(sure / (1 - sure)), np.log(sure / rival), read]
    return np.stack(columns, axis=1)


def none_evidence(scores: Floats, known: Longs, cues: Doubles) -> Doubles:
    """Of the scores of the items, of none, and of urgency: how alike each is, how much was read.

    A cry for help is short and speaks of no firm, as idle texts do; only its urgency tells them
    apart.
    """
    items = np.partition(scores[:, :-2].astype(np.float64), -2, axis=1)
    columns = [
        np.ones(len(scores)),
        scores[:, -1].astype(np.float64),
        scores[:, -2].astype(np.float64),
        items[:, -1],
        items[:, -2],
        np.log1p(known.astype(np.float64)),
    ]
    return np.column_stack([*columns, cues])


def urgency_evidence(scores: Floats) -> Doubles:
    return np.column_stack([np.ones(len(scores)), scores.astype(np.float64)])


def fitted_temperature(scores: Floats, labels: Longs) -> float:
    """The temperature under which the labels are most likely."""

    def surprise(temperature: float) -> float:
        sharp = scores.astype(np.float64) * temperature
        top = sharp.max(axis=1)
        norm: Doubles = top + np.log(np.exp(sharp - top[:, None]).sum(axis=1))
        return float((norm - sharp[np.arange(len(labels)), labels]).mean())

    return min(TEMPERATURES, key=surprise)


def fitted_curve(features: Doubles, outcomes: Flags) -> Doubles:
    """Logistic regression by Newton's method, lightly regularised."""
    curve = np.zeros(features.shape[1])
    wanted = outcomes.astype(np.float64)
    for _ in range(STEPS):
        given = logistic(features, curve)
        slope = features.T @ (wanted - given) - RIDGE * curve
        curvature = (features * (given * (1 - given))[:, None]).T @ features
        step = np.linalg.solve(curvature + RIDGE * np.eye(len(curve)), slope)
        curve = curve + step
        if float(np.abs(step).max()) < SMALLEST:
            break
    return curve


def lowest_precise(confidence: Doubles, outcomes: Flags, precision: float) -> float:
    """The lowest threshold above which at least `precision` of the answers are right; else 1."""
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum(outcomes[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= precision)
    return float(confidence[order[good[-1]]]) if len(good) else 1.0


def best_balanced(chance: Doubles, outcomes: Flags) -> float:
    """The threshold with the best F1; 1 where nothing is wanted."""
    order = np.argsort(-chance, kind="stable")
    hits = np.cumsum(outcomes[order])
    if not len(hits) or hits[-1] == 0:
        return 1.0
    balance = 2 * hits / (hits[-1] + np.arange(1, len(hits) + 1))
    return float(chance[order[int(np.argmax(balance))]])


def calibration_error(confidence: Doubles, outcomes: Flags, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    if len(confidence) == 0:
        return 0.0
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(place, confidence - outcomes.astype(np.float64), minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))
