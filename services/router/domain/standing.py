"""Where an appeal stands, as a union of small values; each holds what only it needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias, Union

from libs.common.contracts.router import Stage, StreamAddress
from libs.common.ids import DepartmentCode, ItemCode


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Not the router's, or not yet."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """It had no dispatch and needs one: intake accepts it anew, and the classifier names it."""


@dataclass(frozen=True, slots=True)
class ReviewPending:
    """A person at the classifier names the item."""


@dataclass(frozen=True, slots=True)
class Classified:
    """Handed back: the dispatcher names a lead, or asks for review."""

    item: ItemCode | None


@dataclass(frozen=True, slots=True)
class Dispatched: ...


@dataclass(frozen=True, slots=True)
class ReturnReview: ...


@dataclass(frozen=True, slots=True)
class Arbitration:
    provisional: DepartmentCode | None = None


@dataclass(frozen=True, slots=True)
class InProgress: ...


@dataclass(frozen=True, slots=True)
class InfoPending:
    since: datetime


@dataclass(frozen=True, slots=True)
class OnLedger: ...


@dataclass(frozen=True, slots=True)
class UnderReview:
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class AwaitingCallback:
    """`since` is None only where an older release approved the result."""

    since: datetime | None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Rework: ...


@dataclass(frozen=True, slots=True)
class FinalReview: ...


@dataclass(frozen=True, slots=True)
class Merged:
    """`since` and where it stood, which is where an unmerged appeal stands again."""

    master: StreamAddress
    since: datetime
    came_from: "Standing"


@dataclass(frozen=True, slots=True)
class Closed:
    """`at` is None only where an older release closed it."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Withdrawn: ...


@dataclass(frozen=True, slots=True)
class TransferredOut: ...


Standing: TypeAlias = Union[  # noqa: UP007 - it names itself
    Nowhere,
    Accepted,
    ReviewPending,
    Classified,
    Dispatched,
    ReturnReview,
    Arbitration,
    InProgress,
    InfoPending,
    OnLedger,
    UnderReview,
    AwaitingCallback,
    Rework,
    FinalReview,
    Merged,
    Closed,
    Withdrawn,
    TransferredOut,
]
STAGES: Final[dict[type[Standing], Stage]] = {
    # What is not, or not yet, the router's has at least been accepted.
    Nowhere: "accepted",
    Accepted: "accepted",
    ReviewPending: "review_pending",
    Classified: "classified",
    Dispatched: "dispatched",
    ReturnReview: "return_review",
    Arbitration: "arbitration",
    InProgress: "in_progress",
    InfoPending: "info_pending",
    OnLedger: "on_ledger",
    UnderReview: "result_submitted",
    AwaitingCallback: "callback_pending",
    Rework: "rework",
    FinalReview: "final_review",
    Merged: "merged",
    Closed: "closed",
    Withdrawn: "withdrawn",
    TransferredOut: "transferred_out",
}
ENDED: Final = (Closed, Withdrawn, TransferredOut)


def stage_of(standing: Standing) -> Stage:
    return STAGES[type(standing)]
