"""What the held-out folds tell: calibration, thresholds, and honest figures."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.classifier.adapters.arrays import Doubles, Flags, Floats, Longs
from services.classifier.adapters.calibration import (
    Calibration,
    calibration_error,
    evidence,
    fitted_curve,
    fitted_temperature,
    logistic,
    lowest_precise,
    none_evidence,
    softmax,
    urgency_evidence,
)
from services.classifier.adapters.model import Metrics
from services.classifier.adapters.topics import Topics
from services.classifier.domain.ranking import CERTAIN, Thresholds

# As promised: the training texts are harder than what other writers send, where this threshold
# was right in 99.5 of 100 (docs/classifier.md).
PRECISION: Final = 0.98
FALSE_ALARMS: Final = 0.018
NEVER: Final = -30.0


@dataclass(frozen=True)
class HeldOut:
    """What is known of the texts of all folds: scores of a model that never saw them, and labels.

    Columns of `scores`: the items, none of these, urgency. `urgency` is 1, -1, or 0 for unknown.
    """

    scores: Floats
    labels: Longs
    urgency: Floats
    known: Longs
    cues: Doubles


@dataclass(frozen=True)
class Trial:
    """What the model said of the texts that it had not seen, and what is right."""

    best: Longs
    labels: Longs
    confidence: Doubles
    none_of_these: Doubles
    in_top3: Flags
    is_item: Flags

    @property
    def right(self) -> Flags:
        same: Flags = np.equal(self.best, self.labels)
        return same


def tried(held_out: HeldOut) -> tuple[Calibration, Trial]:
    scores, labels = held_out.scores[:, :-1], held_out.labels
    none = scores.shape[1] - 1
    temperature = fitted_temperature(scores, labels)
    probabilities = softmax(scores, temperature)
    order = np.argsort(-probabilities[:, :none], axis=1, kind="stable")[:, :3]
    ranked = np.take_along_axis(probabilities, order, axis=1)
    first, second = ranked[:, 0], np.maximum(ranked[:, 1], probabilities[:, none])
    right = order[:, 0] == labels
    curve = fitted_curve(evidence(first, second, held_out.known), right)
    nothing = none_evidence(held_out.scores, held_out.known, held_out.cues)
    none_curve = none_curve_of(nothing, labels == none)
    calibration = Calibration(temperature, curve, none_curve, urgency_curve_of(held_out))
    trial = Trial(
        best=order[:, 0],
        labels=labels,
        confidence=calibration.confidence(first, second, held_out.known),
        none_of_these=logistic(nothing, none_curve),
        in_top3=(order == labels[:, None]).any(axis=1),
        is_item=labels != none,
    )
    return calibration, trial


def none_curve_of(features: Doubles, is_none: Flags) -> Doubles:
    """Without texts of that kind to learn from, nothing is ever said to be none of these."""
    if is_none.any():
        return fitted_curve(features, is_none)
    return never(features)


def urgency_curve_of(held_out: HeldOut) -> Doubles:
    """From the urgency score to a probability; never urgent where only one kind is labelled."""
    known = np.flatnonzero(held_out.urgency)
    urgent = held_out.urgency[known] > 0
    if urgent.all() or not urgent.any():
        return never(urgency_evidence(held_out.scores[:1, -1]))
    return fitted_curve(urgency_evidence(held_out.scores[known, -1]), urgent)


def never(features: Doubles) -> Doubles:
    """A curve that says no to everything."""
    curve = np.zeros(features.shape[1])
    curve[0] = NEVER
    return curve


def thresholds_of(trial: Trial, urgency: float) -> Thresholds:
    none = np.quantile(trial.none_of_these[trial.is_item], 1 - FALSE_ALARMS)
    open_to_all = trial.none_of_these < none
    confidence = lowest_precise(trial.confidence[open_to_all], trial.right[open_to_all], PRECISION)
    return Thresholds(
        confidence=int(np.floor(confidence * CERTAIN)),
        none_of_these=max(1, int(np.ceil(none * CERTAIN))),
        urgency=max(1, int(np.floor(urgency * CERTAIN))),
    )


def metrics_of(trial: Trial, thresholds: Thresholds, topics: Topics) -> Metrics:
    """Of five folds without near-duplicates across them; null where nothing was to measure."""
    categories = np.array([topic.category for topic in topics.topics] + [""])
    item, right = trial.is_item, trial.right
    none = np.floor(trial.none_of_these * CERTAIN) >= thresholds.none_of_these
    automatic = ~none & (np.floor(trial.confidence * CERTAIN) >= thresholds.confidence)
    same = categories[trial.best] == categories[trial.labels]
    return {
        "n": len(item),
        "item_top1": share(right[item]),
        "item_top3": share(trial.in_top3[item]),
        "category_top1": share(same[item]),
        "macro_f1": macro_f1(trial.best[item], trial.labels[item]),
        "ece": round(calibration_error(trial.confidence, right), 4),
        "auto_precision": share(right[automatic]),
        "auto_coverage": share(automatic[item]),
        "none_recall": share(none[~item]),
        "none_false_alarms": share(none[item]),
    }


def share(flags: Flags) -> float | None:
    return round(float(flags.mean()), 4) if len(flags) else None


def macro_f1(best: Longs, labels: Longs) -> float | None:
    """Mean over the labels that occur."""
    size = int(max(best.max(initial=0), labels.max(initial=0))) + 1
    hits = np.bincount(labels[best == labels], minlength=size)
    both = np.bincount(best, minlength=size) + np.bincount(labels, minlength=size)
    present = np.bincount(labels, minlength=size) > 0
    if not present.any():
        return None
    return round(float((2 * hits[present] / both[present]).mean()), 4)


def urgency_of(held_out: HeldOut, calibration: Calibration) -> tuple[Doubles, Flags]:
    """Of the texts whose urgency is known: how likely urgent, and whether they are."""
    known = np.flatnonzero(held_out.urgency)
    features = urgency_evidence(held_out.scores[known, -1])
    urgent: Flags = np.greater(held_out.urgency[known], 0)
    return logistic(features, calibration.urgency_curve), urgent


def urgency_metrics(chance: Doubles, urgent: Flags, thresholds: Thresholds) -> Metrics:
    said = np.floor(chance * CERTAIN) >= thresholds.urgency
    return {"urgency_precision": share(urgent[said]), "urgency_recall": share(said[urgent])}
