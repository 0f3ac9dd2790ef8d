"""When two appeals are perhaps one matter: enough to suggest it to a person, never to merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from libs.common.contracts.classifier import Likeness, LikenessGround
from libs.common.ids import AppealId, ItemCode

# Cosine of the texts in basis points from which on it is suggested; see docs/review.md.
SAME_FIRM_AND_ITEM: Final = 1_500
SAME_FIRM: Final = 4_500
SAME_PLACE_AND_ITEM: Final = 2_600
MOST: Final = 5
WINDOW: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is known of one appeal; the place is the sub-district."""

    appeal_id: UUID
    accepted_at: datetime
    item: str
    enterprise_id: UUID | None
    sub_district: str | None
    text: str


def ground_of(one: Matter, other: Matter) -> LikenessGround | None:
    """Why the two are compared at all. The firm says more than the place."""
    if one.enterprise_id is not None and one.enterprise_id == other.enterprise_id:
        return "same_enterprise"
    same_place = one.sub_district is not None and one.sub_district == other.sub_district
    return "same_place_and_item" if same_place and one.item == other.item else None


def is_alike(one: Matter, other: Matter, similarity: int) -> bool:
    """`similarity` is the cosine of the two texts, in basis points."""
    match ground_of(one, other):
        case "same_enterprise":
            least = SAME_FIRM_AND_ITEM if one.item == other.item else SAME_FIRM
        case "same_place_and_item":
            least = SAME_PLACE_AND_ITEM
        case None:
            return False
    return similarity >= least


def likenesses_of(one: Matter, others: Sequence[tuple[Matter, int]]) -> tuple[Likeness, ...]:
    """The likeliest earlier appeals, best first; at most five."""
    found = [
        Likeness(
            appeal_id=AppealId(other.appeal_id),
            similarity=similarity,
            ground=ground,
            item=ItemCode(other.item),
            accepted_at=other.accepted_at,
        )
        for other, similarity in others
        if (ground := ground_of(one, other)) is not None and is_alike(one, other, similarity)
    ]
    found.sort(key=lambda like: (-like.similarity, like.accepted_at, str(like.appeal_id)))
    return tuple(found[:MOST])
