"""Strong n-grams, put together to the words of the text in which they stand."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.classifier.domain.ranking import CERTAIN, Reason

MOST_REASONS: Final = 5
LONGEST_WORDS: Final = 12


def reasons_of(text: str, strong: Sequence[tuple[str, float]], total: float) -> tuple[Reason, ...]:
    """The strongest stretches of a folded text; `total` is the weight of all that spoke for it.

    Overlapping n-grams become one stretch, so a clerk reads words and not fragments.
    A stretch holds only characters of trained n-grams: what was never trained is not shown.
    """
    spots = [
        (start, start + len(gram), weight)
        for gram, weight in strong
        if len(gram) > 1 and (start := text.find(gram)) >= 0
    ]
    found: dict[str, float] = {}
    for start, end, weight in stretches(sorted(spots)):
        found[text[start:end]] = max(found.get(text[start:end], 0.0), weight)
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_REASONS]
    return tuple(
        Reason(words=words, basis_points=min(CERTAIN, round(CERTAIN * weight / total)))
        for words, weight in best
        if total > 0
    )


def stretches(spots: Sequence[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """Joins spots, which come in order, that overlap, up to the longest words."""
    current: tuple[int, int, float] | None = None
    for start, end, weight in spots:
        if current is None:
            current = (start, end, weight)
        elif start < current[1] and end - current[0] <= LONGEST_WORDS:
            current = (current[0], max(end, current[1]), current[2] + weight)
        else:
            yield current
            current = (start, end, weight)
    if current is not None:
        yield current
