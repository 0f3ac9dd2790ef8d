"""Whether an appeal has been judged, by whom, and whether a person still has to look."""

from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassifierEvent,
    Handover,
    Judgement,
    ReviewLeft,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)

J = TypeVar("J", bound="Judged")


@dataclass(frozen=True, slots=True)
class NotJudged:
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`judgement` is None where the model has never read it; `round` counts reviews so far."""

    version: int
    handover: Handover
    judgement: Judgement | None
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingReview(Judged): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified(Judged): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftReview(Judged): ...


@dataclass(frozen=True, slots=True)
class Withdrawn:
    version: int


ClassifierState: TypeAlias = NotJudged | AwaitingReview | Classified | LeftReview | Withdrawn


def evolve(state: ClassifierState, event: ClassifierEvent) -> ClassifierState:
    """History is not judged again: an event that is stored has happened."""
    version = state.version + 1
    match event:
        case AppealClassified():
            return Classified(
                version=version, handover=event.handover, judgement=event.judgement, round=0
            )
        case ReviewRequired():
            return AwaitingReview(
                version=version,
                handover=event.handover,
                judgement=event.judgement,
                round=event.round,
            )
        case WithdrawnBeforeDispatch():
            return Withdrawn(version)
        case ClassificationConfirmed() if isinstance(state, Judged):
            return moved(Classified, state)
        case ReviewLeft() if isinstance(state, Judged):
            return moved(LeftReview, state)
        case _:
            return replace(state, version=version)


def moved(to: type[J], state: Judged) -> J:
    return to(
        version=state.version + 1,
        handover=state.handover,
        judgement=state.judgement,
        round=state.round,
    )
