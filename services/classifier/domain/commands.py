"""What may be asked of the classifier about one appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from libs.common.contracts.classifier import (
    Handover,
    Judgement,
    LeftBecause,
    Likeness,
    ReviewReason,
)
from libs.common.contracts.envelope import Actor
from libs.common.ids import AppealId, DepartmentCode, ItemCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Classify:
    """An accepted appeal, whose text the model has not yet read."""

    appeal_id: AppealId
    title: str
    text: str
    handover: Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordJudgement:
    """The model has read it; `doubt` says why a person must decide, if one must."""

    appeal_id: AppealId
    handover: Handover
    category: str
    judgement: Judgement
    doubt: ReviewReason | None
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForReview:
    """The router can not go on: the item has no owner, or its owner gave the appeal back."""

    appeal_id: AppealId
    reason: ReviewReason
    handover: Handover
    excluded: tuple[DepartmentCode, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveReview:
    appeal_id: AppealId
    because: LeftBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    appeal_id: AppealId
    withdrawn_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReturn:
    appeal_id: AppealId
    department: DepartmentCode


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRuling:
    appeal_id: AppealId
    item: ItemCode


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectDuplicate:
    """`likenesses` are sorted, the likeliest first; at least one."""

    appeal_id: AppealId
    likenesses: Sequence[Likeness]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked from outside. `expected_version` is of the classifier's stream; None is unsaid."""

    appeal_id: AppealId
    command_id: str
    actor: Actor
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FromOutside:
    asked: Asked
    item: ItemCode

    @property
    def appeal_id(self) -> AppealId:
        return self.asked.appeal_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmClassification(FromOutside):
    """A person agrees with the item that the model proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectClassification(FromOutside):
    """A person names another item than the proposed one."""

    reason: str


HeardFact: TypeAlias = AskForReview | LeaveReview | Withdraw | NoteReturn | NoteRuling
ReviewCommand: TypeAlias = ConfirmClassification | CorrectClassification
ClassifierCommand: TypeAlias = (
    Classify | RecordJudgement | HeardFact | SuspectDuplicate | ReviewCommand
)
