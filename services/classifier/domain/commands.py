"""What may be asked of the classifier about one appeal."""

from dataclasses import dataclass
from typing import TypeAlias

from libs.common.contracts.classifier import Handover, Judgement, ReviewReason
from libs.common.ids import AppealId


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


ClassifierCommand: TypeAlias = Classify | RecordJudgement
