"""Words and measures that several of the router's events share."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

Outcome: TypeAlias = Literal["solved", "partly", "explained", "unsolvable"]
# Where an appeal stands while the router holds it; the overall state of the same name.
Stage: TypeAlias = Literal[
    "accepted",
    "review_pending",
    "classified",
    "dispatched",
    "return_review",
    "arbitration",
    "in_progress",
    "info_pending",
    "on_ledger",
    "result_submitted",
    "callback_pending",
    "rework",
    "final_review",
    "merged",
    "closed",
    "withdrawn",
    "transferred_out",
]
ReturnReason: TypeAlias = Literal[
    "not_our_duty", "wrong_item", "wrong_place", "needs_another_lead", "other"
]
RejectionReason: TypeAlias = Literal[
    "off_topic", "no_contact", "missing_basis", "untrue", "incomplete"
]
# Texts are masked before they come here.
Words: TypeAlias = Annotated[str, Field(min_length=1, max_length=2_000)]
Basis: TypeAlias = Annotated[str, Field(min_length=1, max_length=1_000)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=10_000)]
Score: TypeAlias = Annotated[int, Field(ge=0, le=10)]
