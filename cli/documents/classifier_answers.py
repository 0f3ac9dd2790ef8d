"""The answers of the classifier's routes, as models: the service builds them as plain JSON."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from cli.documents.answers import AnswerModel
from libs.common.contracts.classifier import Judgement, LikenessGround, ReviewReason
from libs.common.contracts.values import Sha256Hex, Urgency, Version


class Waiting(AnswerModel):
    """How many wait for one reason, and since when the first of them does."""

    waiting: int
    oldest: datetime


class ReviewRow(AnswerModel):
    """One appeal in review; `version` is what an action's `expected_version` means."""

    appeal_id: UUID
    version: int
    reason: ReviewReason
    round: int
    excluded: list[str]
    note: str | None
    proposed: str | None
    urgency: Urgency
    enterprise_id: UUID | None
    sub_district: str | None
    accepted_at: datetime
    waiting_since: datetime
    title: str
    text: str
    judgement: Judgement | None


class ReviewQueue(AnswerModel):
    """`next` goes into `after` for the page that follows; null on the last."""

    reasons: dict[ReviewReason, Waiting]
    reviews: list[ReviewRow] = Field(max_length=500)
    next: str | None


class DuplicateRow(AnswerModel):
    """`similarity` is of the two masked texts, in basis points; nothing merges by itself."""

    appeal_id: UUID
    other: UUID
    similarity: int
    ground: LikenessGround
    suspected_at: datetime
    title: str
    text: str
    state: str
    accepted_at: datetime
    item: str | None
    other_title: str
    other_text: str
    other_state: str
    other_accepted_at: datetime
    other_item: str | None


class Duplicates(AnswerModel):
    duplicates: list[DuplicateRow] = Field(max_length=500)


class ModelFacts(AnswerModel):
    version: Version
    sha256: Sha256Hex


class Models(AnswerModel):
    """`history` holds the data of every proposal and activation, with its type."""

    in_use: ModelFacts
    built_in: ModelFacts
    history: list[dict[str, object]]


class ModelKept(AnswerModel):
    version: Version
    sha256: Sha256Hex
    bytes: int


class SystemActionTaken(AnswerModel):
    """`version` is that of the model's stream after it, null where nothing was to be done."""

    subject: str
    events: list["WrittenType"]
    version: int | None


class WrittenType(AnswerModel):
    id: UUID
    type: str


class SystemActionRepeated(AnswerModel):
    subject: str
    events: list[str]
    repeated: bool
