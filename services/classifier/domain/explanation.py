"""Strong n-grams, put together to the words of the text in which they stand."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.classifier.domain.ranking import CERTAIN, Reason
from services.classifier.domain.text import SEPARATOR

MOST_REASONS: Final = 5
LONGEST_WORDS: Final = 12


def reasons_of(text: str, strong: Sequence[tuple[str, float]], total: float) -> tuple[Reason, ...]:
    """The strongest stretches of a folded text; `total` is the weight of all that spoke for it.

    Overlapping n-grams become one stretch, so a clerk reads words and not fragments.
    A stretch holds only characters of trained n-grams: what was never trained is not shown.
    """
    weights = [0.0] * len(text)
    for gram, weight in strong:
        start = text.find(gram)
        if start >= 0 and len(gram) > 1:
            for place in range(start, start + len(gram)):
                weights[place] += weight / len(gram)
    found: dict[str, float] = {}
    for words, weight in stretches(text, weights):
        found[words] = max(found.get(words, 0.0), weight)
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_REASONS]
    return tuple(
        Reason(words=words, basis_points=min(CERTAIN, round(CERTAIN * weight / total)))
        for words, weight in best
        if total > 0
    )


def stretches(text: str, weights: Sequence[float]) -> Iterator[tuple[str, float]]:
    start = 0
    for place in range(len(text) + 1):
        inside = place < len(text) and weights[place] > 0 and text[place] != SEPARATOR
        if inside and place - start < LONGEST_WORDS:
            continue
        if place > start:
            yield text[start:place], sum(weights[start:place])
        start = place if inside else place + 1
