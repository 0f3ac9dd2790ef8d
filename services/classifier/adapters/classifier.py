"""The classifier: texts in, rankings out; the same text gets the same answer in any batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.classifier.adapters.arrays import Doubles, Flags, Floats, Ints, Longs, Sparse, product
from services.classifier.adapters.calibration import (
    logistic,
    none_evidence,
    softmax,
    urgency_evidence,
)
from services.classifier.adapters.model import Model
from services.classifier.adapters.ngrams import BITS, folded, spelled
from services.classifier.domain.explanation import reasons_of
from services.classifier.domain.place import cues
from services.classifier.domain.ranking import (
    CERTAIN,
    Candidate,
    Ranking,
    Reason,
    doubt_of,
)

# With fewer known n-grams there is nothing to go by: a character or two, other scripts, digits.
FEWEST_KNOWN: Final = 6
STRONGEST: Final = 16
BEST: Final = 3
LAST_CHARACTER: Final = (1 << BITS) - 1
FIRST_CHINESE: Final = 0x3400


@dataclass(frozen=True)
class Scored:
    """The figures of one batch, a row a text."""

    order: Longs
    figures: Longs
    confidence: Longs
    margin: Longs
    none_of_these: Longs
    urgency: Longs
    readable: Flags


@dataclass(frozen=True)
class Classifier:
    model: Model

    def classify(self, texts: Sequence[str]) -> list[Ranking]:
        if not texts:
            return []
        features = self.model.vocabulary.features(texts)
        scored = self.scored(
            features,
            np.array([cues(text) for text in texts]),
        )
        spellings = spelled_out(texts)
        return [
            self.ranking(row, scored, features, spelling) for row, spelling in enumerate(spellings)
        ]

    def scores(self, texts: Sequence[str]) -> Floats:
        """The linear scores: a column an item, then none of these, then urgency."""
        return product(self.model.vocabulary.features(texts), self.model.weights)

    def scored(self, features: Sparse, places: Doubles) -> Scored:
        scores = product(features, self.model.weights)
        calibration, none = self.model.calibration, len(self.model.items)
        probabilities = softmax(scores[:, : none + 1], calibration.temperature)
        order = np.argsort(-probabilities[:, :none], axis=1, kind="stable")[:, :BEST]
        ranked = np.take_along_axis(probabilities, order, axis=1)
        rival = np.max(ranked[:, 1:], axis=1, initial=0.0)
        second = np.maximum(rival, probabilities[:, none])
        known = np.diff(features.indptr).astype(np.int64)
        confidence = calibration.confidence(ranked[:, 0], second, known)
        urgent = urgency_evidence(scores[:, -1])
        nothing = none_evidence(scores, known, places)
        return Scored(
            order=order,
            figures=candidate_figures(ranked, confidence),
            confidence=basis_points(confidence),
            margin=basis_points((ranked[:, 0] - rival).astype(np.float64)),
            none_of_these=basis_points(logistic(nothing, calibration.none_curve)),
            urgency=basis_points(logistic(urgent, calibration.urgency_curve)),
            readable=self.readable(features),
        )

    def readable(self, features: Sparse) -> Flags:
        """Whether enough Chinese is known: Latin letters and digits alone say too little."""
        chinese = self.is_chinese[features.indices].astype(np.int64)
        sums = np.concatenate([[0], np.cumsum(chinese)])
        counts = sums[features.indptr[1:]] - sums[features.indptr[:-1]]
        enough: Flags = np.greater_equal(counts, FEWEST_KNOWN)
        return enough

    @cached_property
    def is_chinese(self) -> Flags:
        last = self.model.vocabulary.keys & LAST_CHARACTER
        chinese: Flags = np.greater_equal(last, FIRST_CHINESE)
        return chinese

    def ranking(self, row: int, scored: Scored, features: Sparse, spelling: str) -> Ranking:
        winner = int(scored.order[row, 0])
        start, end = int(features.indptr[row]), int(features.indptr[row + 1])
        readable = bool(scored.readable[row])
        confidence = int(scored.confidence[row]) if readable else 0
        urgency = int(scored.urgency[row]) if readable else 0
        none_of_these, thresholds = int(scored.none_of_these[row]), self.model.thresholds
        return Ranking(
            item=self.model.items[winner],
            category=self.model.categories[winner],
            confidence=confidence,
            candidates=self.candidates(scored, row, confidence),
            margin=int(scored.margin[row]),
            none_of_these=none_of_these,
            reasons=self.reasons(
                features.indices[start:end], features.data[start:end], winner, spelling
            ),
            doubt=doubt_of(confidence, none_of_these, thresholds, is_readable=readable),
            is_urgent=readable and urgency >= thresholds.urgency,
            urgency=urgency,
        )

    def candidates(self, scored: Scored, row: int, most: int) -> tuple[Candidate, ...]:
        items: list[int] = scored.order[row].tolist()
        figures: list[int] = scored.figures[row].tolist()
        return tuple(
            Candidate(self.model.items[item], min(figure, most))
            for item, figure in zip(items, figures, strict=True)
        )

    def reasons(
        self, indices: Ints, values: Floats, winner: int, spelling: str
    ) -> tuple[Reason, ...]:
        gains = values * self.model.weights[indices, winner]
        total = float(gains[gains > 0].sum())
        strongest = np.argsort(-gains, kind="stable")[:STRONGEST]
        places: list[int] = strongest[gains[strongest] > 0].tolist()
        strong = [(self.names[int(indices[place])], float(gains[place])) for place in places]
        return reasons_of(spelling, strong, total)

    @cached_property
    def names(self) -> list[str]:
        """Each feature's n-gram as text."""
        keys: list[int] = self.model.vocabulary.keys.tolist()
        return [spelled(key) for key in keys]


def basis_points(values: Doubles) -> Longs:
    """Rounded down, so that a threshold is never reached by rounding."""
    return np.clip(np.floor(values * CERTAIN), 0, CERTAIN).astype(np.int64)


def candidate_figures(ranked: Floats, confidence: Doubles) -> Longs:
    """The winner's calibrated confidence, and the others' shares of what is left."""
    first = ranked[:, :1].astype(np.float64)
    left = (1 - confidence)[:, None] / np.maximum(1 - first, 1e-9)
    figures = ranked.astype(np.float64) * np.minimum(left, 1 / np.maximum(first, 1e-9))
    figures[:, 0] = confidence
    return basis_points(figures)


def spelled_out(texts: Sequence[str]) -> list[str]:
    """The texts as the n-grams see them, so that an n-gram is found where it was taken."""
    characters, rows = folded(texts)
    whole = characters.astype(np.uint32).tobytes().decode("utf-32-le", "replace")
    ends = np.searchsorted(rows, np.arange(1, len(texts) + 1)).tolist()
    starts = [0, *ends[:-1]]
    return [whole[start:end] for start, end in zip(starts, ends, strict=True)]
