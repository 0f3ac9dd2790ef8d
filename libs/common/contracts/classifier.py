"""Events owned by the classifier service."""

from typing import ClassVar, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event, Part
from libs.common.contracts.values import AppealKind, BasisPoints, Urgency, Version
from libs.common.ids import AppealId, EnterpriseId, ItemCode

ReviewReason: TypeAlias = Literal[
    "low_confidence", "none_of_these", "nothing_to_read", "owner_not_found"
]


class Candidate(Part):
    item: ItemCode
    confidence: BasisPoints


class Ground(Part):
    """Words of the masked text, and their share of all that spoke for the first candidate."""

    words: str = Field(max_length=100)
    share: BasisPoints


class Judgement(Part):
    """What the model said and on what ground: enough to explain it without the model.

    `confidence` is the calibrated probability that the first candidate is right.
    """

    candidates: tuple[Candidate, ...] = Field(min_length=1, max_length=3)
    confidence: BasisPoints
    margin: BasisPoints
    none_of_these: BasisPoints
    urgency: BasisPoints
    reasons: tuple[Ground, ...] = Field(max_length=10)
    threshold: BasisPoints
    model_version: Version
    catalogue_version: Version


class Handover(Part):
    """What the next service needs of the acceptance, carried on so that it need not ask."""

    enterprise_id: EnterpriseId | None
    accepted_at: AwareDatetime
    channel: str = Field(max_length=50)
    kind: AppealKind
    urgency: Urgency
    sub_district: str | None = Field(max_length=10)


class AppealClassified(Event):
    """自动分类. Only above the threshold; the first candidate is the item."""

    TYPE: ClassVar = "classifier.appeal-classified.v1"

    appeal_id: AppealId
    item: ItemCode
    category: str = Field(max_length=10)
    judgement: Judgement
    handover: Handover


class ReviewRequired(Event):
    """转人工: the model doubts, so a person decides."""

    TYPE: ClassVar = "classifier.review-required.v1"

    appeal_id: AppealId
    reason: ReviewReason
    judgement: Judgement
    handover: Handover


class ClassificationConfirmed(Event):
    """人工定类: a person named the item; it becomes a training label."""

    TYPE: ClassVar = "classifier.classification-confirmed.v1"

    appeal_id: AppealId
    item: ItemCode
    category: str = Field(max_length=10)
    proposed: ItemCode
    catalogue_version: Version
    handover: Handover


ClassifierEvent: TypeAlias = AppealClassified | ReviewRequired | ClassificationConfirmed
