"""Events owned by the classifier service about an appeal; those about its model and the
catalogue stand in contracts/governance.py.
"""

from typing import ClassVar, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event, Part
from libs.common.contracts.values import AppealKind, BasisPoints, Urgency, Version
from libs.common.ids import AppealId, DepartmentCode, EnterpriseId, ItemCode

# `returned`: a department gave it back with good reason. `item_split`: the catalogue has divided
# the item, and only a person can say which part is meant. `never_classified`: it was answered at
# intake and now needs a department after all.
ReviewReason: TypeAlias = Literal[
    "low_confidence",
    "none_of_these",
    "nothing_to_read",
    "owner_not_found",
    "returned",
    "item_split",
    "never_classified",
]
LeftBecause: TypeAlias = Literal["merged", "transferred", "closed"]
LikenessGround: TypeAlias = Literal["same_enterprise", "same_place_and_item"]


class Candidate(Part):
    item: ItemCode
    confidence: BasisPoints


class Ground(Part):
    """Words of the masked text, and their share of all that spoke for the first candidate."""

    words: str = Field(max_length=100)
    share: BasisPoints


class SecondMatter(Part):
    """A request for something else in the same text; a person may want to part it."""

    item: ItemCode
    confidence: BasisPoints
    words: str = Field(max_length=100)


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
    second_matter: SecondMatter | None = None


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
    """转人工: the model doubts, or the router asks; a person decides.

    `round` counts the reviews of the appeal; `excluded` lists the departments that may not lead
    it any more. Without a judgement the model has never read it.
    """

    TYPE: ClassVar = "classifier.review-required.v1"

    appeal_id: AppealId
    reason: ReviewReason
    judgement: Judgement | None
    handover: Handover
    round: int = Field(default=1, ge=1, le=1_000)
    excluded: tuple[DepartmentCode, ...] = Field(default=(), max_length=100)
    note: str | None = Field(default=None, max_length=2_000)


class ClassificationConfirmed(Event):
    """人工定类: a person named the item; it becomes a training label.

    Always the event that ends a review; where the person named another item than the proposed
    one, ClassificationCorrected stands before it and says why.
    """

    TYPE: ClassVar = "classifier.classification-confirmed.v1"

    appeal_id: AppealId
    item: ItemCode
    category: str = Field(max_length=10)
    proposed: ItemCode
    catalogue_version: Version
    handover: Handover


class ClassificationCorrected(Event):
    """定类更正: the person named another item than the one proposed, and why.

    A facet: it moves nothing by itself, ClassificationConfirmed follows in the same decision.
    """

    TYPE: ClassVar = "classifier.classification-corrected.v1"

    appeal_id: AppealId
    item: ItemCode
    proposed: ItemCode
    reason: str = Field(min_length=1, max_length=500)
    model_version: Version
    catalogue_version: Version


class ReviewLeft(Event):
    """离开人工定类: merged, transferred or closed elsewhere, so nobody need name an item."""

    TYPE: ClassVar = "classifier.review-left.v1"

    appeal_id: AppealId
    because: LeftBecause


class WithdrawnBeforeDispatch(Event):
    """撤诉 while the classifier held the appeal; the router never sees it."""

    TYPE: ClassVar = "classifier.appeal-withdrawn.v1"

    appeal_id: AppealId
    withdrawn_at: AwareDatetime
    reason: str | None = Field(max_length=500)


class ReturnNoted(Event):
    """退单已记: the router granted a return, so the item that led there is in doubt."""

    TYPE: ClassVar = "classifier.return-noted.v1"

    appeal_id: AppealId
    department: DepartmentCode


class RulingNoted(Event):
    """裁定已记: the arbitration body named the item; it becomes a training label."""

    TYPE: ClassVar = "classifier.ruling-noted.v1"

    appeal_id: AppealId
    item: ItemCode


class Likeness(Part):
    """An earlier appeal of perhaps the same matter; `similarity` is of the two masked texts."""

    appeal_id: AppealId
    similarity: BasisPoints
    ground: LikenessGround
    item: ItemCode
    accepted_at: AwareDatetime


class DuplicateSuspected(Event):
    """疑似重复, for 并单: a suggestion to the dispatcher; nothing merges by itself."""

    TYPE: ClassVar = "classifier.duplicate-suspected.v1"

    appeal_id: AppealId
    likenesses: tuple[Likeness, ...] = Field(min_length=1, max_length=5)


class ReviewActionRefused(Event):
    """A review command that came over Kafka and that the rules forbid; the state is as it was."""

    TYPE: ClassVar = "classifier.action-refused.v1"

    appeal_id: AppealId
    command_id: str = Field(max_length=200)
    action: str = Field(max_length=100)
    code: str = Field(max_length=100)
    message_zh: str = Field(max_length=500)
    message_en: str = Field(max_length=500)


ClassifierEvent: TypeAlias = (
    AppealClassified
    | ReviewRequired
    | ClassificationConfirmed
    | ClassificationCorrected
    | ReviewLeft
    | WithdrawnBeforeDispatch
    | ReturnNoted
    | RulingNoted
    | DuplicateSuspected
    | ReviewActionRefused
)
