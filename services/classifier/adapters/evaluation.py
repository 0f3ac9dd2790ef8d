"""How good a classifier is on labelled texts: figures, confusions, and calibration."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.classifier.adapters.calibration import calibration_error
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example
from services.classifier.domain.ranking import CERTAIN, NONE_LABEL, Doubt, Ranking

BATCH: Final = 500
DIGITS: Final = 4

Figures = dict[str, int | float | None]


@dataclass(frozen=True)
class Answers:
    """Labelled texts, what the classifier said of each, and how long it took in all."""

    examples: Sequence[Example]
    rankings: Sequence[Ranking]
    seconds: float
    categories: Mapping[str, str]

    def is_category(self, example: Example, ranking: Ranking) -> bool:
        return self.categories.get(example.label) == ranking.category


def answers_of(classifier: Classifier, examples: Sequence[Example]) -> Answers:
    classifier.classify(["热身"])
    texts = [example.text for example in examples]
    started = time.perf_counter()
    rankings = [
        ranking
        for start in range(0, len(texts), BATCH)
        for ranking in classifier.classify(texts[start : start + BATCH])
    ]
    seconds = time.perf_counter() - started
    categories = dict(zip(classifier.model.items, classifier.model.categories, strict=True))
    return Answers(examples, rankings, seconds, categories)


def figures_of(answers: Answers) -> Figures:
    """Shares from 0 to 1; null where the file has nothing to measure them on.

    `n` counts all texts, `n_items` those that have an item; thresholds are the model's own.
    """
    pairs = list(zip(answers.examples, answers.rankings, strict=True))
    items = [(example, ranking) for example, ranking in pairs if example.label != NONE_LABEL]
    none = [ranking for example, ranking in pairs if example.label == NONE_LABEL]
    automatic = [(example, ranking) for example, ranking in pairs if ranking.doubt is None]
    return {
        "n": len(pairs),
        "n_items": len(items),
        "item_top1": share([ranking.item == example.label for example, ranking in items]),
        "item_top3": share([is_in_top3(example, ranking) for example, ranking in items]),
        "category_top1": share(
            [answers.is_category(example, ranking) for example, ranking in items]
        ),
        "ece": error_of(items),
        "auto_precision": share([ranking.item == example.label for example, ranking in automatic]),
        "auto_coverage": share([ranking.doubt is None for _, ranking in items]),
        "none_recall": share([is_none(ranking) for ranking in none]),
        "none_false_alarms": share([is_none(ranking) for _, ranking in items]),
        **urgency_figures(pairs),
        "texts_per_second": round(len(pairs) / answers.seconds) if answers.seconds else None,
    }


def urgency_figures(pairs: Sequence[tuple[Example, Ranking]]) -> Figures:
    known = [(example, ranking) for example, ranking in pairs if example.is_urgent is not None]
    said = [bool(example.is_urgent) for example, ranking in known if ranking.is_urgent]
    urgent = [ranking.is_urgent for example, ranking in known if example.is_urgent]
    return {"urgency_precision": share(said), "urgency_recall": share(urgent)}


def is_in_top3(example: Example, ranking: Ranking) -> bool:
    return example.label in {candidate.item for candidate in ranking.candidates}


def is_none(ranking: Ranking) -> bool:
    return ranking.doubt in {Doubt.NONE_OF_THESE, Doubt.NOTHING_TO_READ}


def share(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), DIGITS) if flags else None


def error_of(items: Sequence[tuple[Example, Ranking]]) -> float | None:
    if not items:
        return None
    confidence = np.array([ranking.confidence / CERTAIN for _, ranking in items])
    right = np.array([ranking.item == example.label for example, ranking in items])
    return round(calibration_error(confidence, right), DIGITS)


def by_item(answers: Answers) -> list[tuple[str, int, float | None, float | None]]:
    """For each label: its texts, the share of them found, and the share right of such answers."""
    pairs = list(zip(answers.examples, answers.rankings, strict=True))
    texts = Counter(example.label for example, _ in pairs)
    given = Counter(ranking.item for _, ranking in pairs)
    right = Counter(ranking.item for example, ranking in pairs if ranking.item == example.label)
    return [
        (label, count, ratio(right[label], count), ratio(right[label], given[label]))
        for label, count in sorted(texts.items())
        if label != NONE_LABEL
    ]


def ratio(part: int, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None


def confusions(answers: Answers, most: int) -> list[tuple[str, str, int]]:
    """The commonest wrong answers: label, answer, how often."""
    wrong = Counter(
        (example.label, ranking.item)
        for example, ranking in zip(answers.examples, answers.rankings, strict=True)
        if example.label not in {ranking.item, NONE_LABEL}
    )
    ordered = sorted(wrong.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(label, answer, count) for (label, answer), count in ordered[:most]]


def reliability(answers: Answers) -> list[tuple[int, int, float | None]]:
    """For each tenth of confidence: its lower end in percent, texts, and the share right."""
    tenths: list[list[bool]] = [[] for _ in range(10)]
    for example, ranking in zip(answers.examples, answers.rankings, strict=True):
        place = min(ranking.confidence * 10 // CERTAIN, 9)
        tenths[place].append(ranking.item == example.label)
    return [(10 * place, len(tenth), share(tenth)) for place, tenth in enumerate(tenths)]
