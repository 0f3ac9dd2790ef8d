"""Whether what comes in, or what is said of it, is no longer what it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import log
from typing import Final

# The last week beside the four weeks before it.
LATELY: Final = timedelta(days=7)
BEFORE: Final = timedelta(days=28)
# Below this many appeals on either side a share says more of chance than of drift.
FEWEST: Final = 100
SMOOTHING: Final = 0.5

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Judged appeals by item and by tenth of confidence, and approved returns."""

    items: Counts
    confidences: Counts
    judged: int
    returns: int


@dataclass(frozen=True, slots=True)
class Drift:
    """Each figure is None while there is too little to tell.

    A population stability index below 0.1 is calm, above 0.25 a reason to look.
    """

    item_psi: float | None
    confidence_psi: float | None
    return_rate: float | None


def drift_of(before: Traffic, lately: Traffic) -> Drift:
    enough = min(before.judged, lately.judged) >= FEWEST
    return Drift(
        item_psi=stability_index(before.items, lately.items) if enough else None,
        confidence_psi=(
            stability_index(before.confidences, lately.confidences) if enough else None
        ),
        return_rate=lately.returns / lately.judged if lately.judged >= FEWEST else None,
    )


def stability_index(before: Counts, lately: Counts) -> float:
    """Population stability index; what only one side has is smoothed, so it stays finite."""
    names = before.keys() | lately.keys()
    totals = [sum(side.values()) + SMOOTHING * len(names) for side in (before, lately)]
    return sum(
        (new - old) * log(new / old)
        for name in names
        for old, new in [
            (
                (before.get(name, 0) + SMOOTHING) / totals[0],
                (lately.get(name, 0) + SMOOTHING) / totals[1],
            )
        ]
    )
