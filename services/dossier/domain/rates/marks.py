"""What can be said of one appeal when rates are counted: the words that formulas are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

# How an appeal stands or ended: exactly one of these is true of each.
OutcomeMark: TypeAlias = Literal[
    "outcome_open",
    "outcome_solved",
    "outcome_partly",
    "outcome_explained",
    "outcome_unsolvable",
    "outcome_referred",
    "outcome_not_accepted",
    "outcome_withdrawn",
    "outcome_not_supplied",
    "outcome_merged",
]
# By which way an appeal went: exactly one of these is true of each.
LaneMark: TypeAlias = Literal["lane_on_site", "lane_at_intake", "lane_referred", "lane_none"]
OUTCOMES: Final[tuple[OutcomeMark, ...]] = get_args(OutcomeMark)
LANES: Final[tuple[LaneMark, ...]] = get_args(LaneMark)
Mark: TypeAlias = (
    OutcomeMark
    | LaneMark
    | Literal[
        "accepted",
        "excluded",
        "inquiry",
        "urgent",
        "closed",
        "contact_owed",
        "contacted_in_time",
        "result_reported",
        "result_judged",
        "resolve_decided",
        "resolved_in_time",
        "dispatched",
        "dispatched_once",
        "dispatch_settled",
        "classified_by_model",
        "classified",
        "signed_by_itself",
        "returned",
        "callback_ended",
        "rated",
        "satisfied",
        "reworked",
        "supervised",
    ]
)
Quantity: TypeAlias = Literal[
    "working_seconds_to_result",
    "calendar_seconds_to_result",
    "working_seconds_held",
    "score_hundredths",
]


@dataclass(frozen=True, slots=True)
class Marked:
    """One appeal as rates see it; `groups` says where it belongs, such as its lead unit."""

    marks: frozenset[Mark]
    quantities: Mapping[Quantity, int] = field(default_factory=dict[Quantity, int])
    groups: Mapping[str, str] = field(default_factory=dict[str, str])
