"""The answers of our HTTP routes, as models: the services build them as plain JSON."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.intake.domain.problems import Problem

Stage: TypeAlias = Literal[
    "submitted",
    "info_pending",
    "not_accepted",
    "transferred_out",
    "withdrawn",
    "accepted",
    "in_review",
    "classified",
    "dispatched",
    "in_progress",
    "result_submitted",
    "callback_pending",
    "closed",
]


class AnswerModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Refusal(AnswerModel):
    """What is wrong and what to do, Chinese and English; never a value that was sent."""

    code: str
    message_zh: str
    message_en: str


class RefusedSubmission(Refusal):
    """Every problem at once, each with the field that it is about."""

    problems: list[Problem]


class Ambiguous(Refusal):
    ids: list[str] = Field(max_length=10)


class Taken(AnswerModel):
    """`repeated` is true for the first answer given once more; `submitted` waits for a seat."""

    appeal_id: UUID
    status: Literal["accepted", "submitted"]
    repeated: bool


class OneOfMany(BaseModel):
    """What a single submission would have been answered, and its status."""

    status_code: Literal[200, 202, 409, 422]
    appeal_id: UUID | None = None
    status: Literal["accepted", "submitted"] | None = None
    repeated: bool | None = None
    code: str | None = None
    message_zh: str | None = None
    message_en: str | None = None
    problems: list[Problem] | None = None


class ManyTaken(AnswerModel):
    """In the order of the request."""

    results: list[OneOfMany]


class Progress(AnswerModel):
    """How far an appeal has come; what is not known yet is null."""

    appeal_id: UUID
    producer_id: str
    source_id: str
    stage: Stage
    accepted_at: datetime
    item: str | None
    category: str | None
    lead: str | None
    resolve_due: datetime | None
    escalations: int
    changed_at: datetime


class WrittenEvent(AnswerModel):
    id: UUID
    type: str


class ActionTaken(AnswerModel):
    """`version` is that of the owner's stream after it, null where nothing was to be done."""

    subject: UUID
    events: list[WrittenEvent]
    version: int | None


class ActionRepeated(AnswerModel):
    """The first answer once more: the types of what it wrote then."""

    subject: UUID
    events: list[str]
    repeated: Literal[True]


class Alive(AnswerModel):
    live: Literal[True]


class Ready(AnswerModel):
    """`ready` is true when all the others are."""

    ready: bool
    reading: bool
    sending: bool
    storing: bool
    not_stopping: bool
    nothing_held: bool
