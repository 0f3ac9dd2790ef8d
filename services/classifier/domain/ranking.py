"""What the classifier says of a text: the item, how sure it is, and why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NONE_LABEL: Final = "NONE"
CERTAIN: Final = 10_000


class Doubt(StrEnum):
    """Why a person has to look; the values stand in events."""

    NOTHING_TO_READ = "nothing_to_read"
    NONE_OF_THESE = "none_of_these"
    LOW_CONFIDENCE = "low_confidence"


@dataclass(frozen=True, slots=True)
class Candidate:
    item: str
    basis_points: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of the text, and their share of all that spoke for the item, in basis points."""

    words: str
    basis_points: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """All figures are in basis points; `confidence` is the probability that `item` is right.

    `item` is the best item even where `doubt` says that a person has to decide.
    """

    item: str
    category: str
    confidence: int
    candidates: tuple[Candidate, ...]
    margin: int
    none_of_these: int
    reasons: tuple[Reason, ...]
    doubt: Doubt | None
    is_urgent: bool
    urgency: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """In basis points: what may go without a person, and when a text is none of the items."""

    confidence: int
    none_of_these: int
    urgency: int


def doubt_of(
    confidence: int, none_of_these: int, thresholds: Thresholds, *, is_readable: bool
) -> Doubt | None:
    if not is_readable:
        return Doubt.NOTHING_TO_READ
    if none_of_these >= thresholds.none_of_these:
        return Doubt.NONE_OF_THESE
    if confidence < thresholds.confidence:
        return Doubt.LOW_CONFIDENCE
    return None
