"""Words that several services' events share."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

Urgency: TypeAlias = Literal["normal", "urgent"]
AppealKind: TypeAlias = Literal["request", "complaint", "inquiry", "suggestion"]
ClockName: TypeAlias = Literal[
    "accept",
    "supplement",
    "review",
    "sign",
    "return_window",
    "contact",
    "resolve",
    "interim",
    "ruling",
    "result_review",
    "callback",
    "rectify",
    "final_review",
    "milestone",
]
# 100 basis points are one percent: events hold no floats.
BasisPoints: TypeAlias = Annotated[int, Field(ge=0, le=10_000)]
Sha256Hex: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Version: TypeAlias = Annotated[str, Field(min_length=1, max_length=100)]
