"""Whether an appeal has been judged, and by whom."""

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassifierEvent,
    ReviewRequired,
)


@dataclass(frozen=True, slots=True)
class NotJudged: ...


@dataclass(frozen=True, slots=True)
class AwaitingReview: ...


@dataclass(frozen=True, slots=True)
class Classified: ...


ClassifierState: TypeAlias = NotJudged | AwaitingReview | Classified


def evolve(state: ClassifierState, event: ClassifierEvent) -> ClassifierState:
    match event:
        case AppealClassified() | ClassificationConfirmed():
            return Classified()
        case ReviewRequired():
            return AwaitingReview()
        case _:
            assert_never(event)
