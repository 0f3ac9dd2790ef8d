"""What follows from the model's judgement and from what people say of it. Pure."""

from collections.abc import Sequence
from functools import partial
from typing import assert_never

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassifierEvent,
    DuplicateSuspected,
    ReturnNoted,
    ReviewRequired,
    RulingNoted,
)
from libs.common.decider import Decider
from libs.common.errors import PoisonError
from services.classifier.domain.commands import (
    AskForReview,
    ClassifierCommand,
    Classify,
    ConfirmClassification,
    CorrectClassification,
    HeardFact,
    LeaveReview,
    NoteReturn,
    NoteRuling,
    RecordJudgement,
    SuspectDuplicate,
    Withdraw,
)
from services.classifier.domain.reviewing import (
    Items,
    ask_for_review,
    leave_review,
    name_item,
    withdraw,
)
from services.classifier.domain.state import ClassifierState, NotJudged, evolve


def decide(
    items: Items, state: ClassifierState, command: ClassifierCommand
) -> Sequence[ClassifierEvent]:
    match command:
        case RecordJudgement():
            return record_judgement(state, command)
        case Classify():
            raise PoisonError("not_judged", "the model has not read this appeal")
        case SuspectDuplicate():
            return suspect_duplicate(command)
        case ConfirmClassification() | CorrectClassification():
            return name_item(items, state, command)
        case _:
            return hear(state, command)


def hear(state: ClassifierState, fact: HeardFact) -> Sequence[ClassifierEvent]:
    """A heard fact never fails because of state (rule 13)."""
    match fact:
        case AskForReview():
            return ask_for_review(state, fact)
        case LeaveReview():
            return leave_review(state, fact)
        case Withdraw():
            return withdraw(state, fact)
        case NoteReturn():
            return (ReturnNoted(appeal_id=fact.appeal_id, department=fact.department),)
        case NoteRuling():
            return (RulingNoted(appeal_id=fact.appeal_id, item=fact.item),)
        case _:
            assert_never(fact)


def record_judgement(
    state: ClassifierState, command: RecordJudgement
) -> tuple[ClassifierEvent, ...]:
    if not isinstance(state, NotJudged):
        return ()
    if command.doubt is not None:
        return (
            ReviewRequired(
                appeal_id=command.appeal_id,
                reason=command.doubt,
                judgement=command.judgement,
                handover=command.handover,
            ),
        )
    return (
        AppealClassified(
            appeal_id=command.appeal_id,
            item=command.judgement.candidates[0].item,
            category=command.category,
            judgement=command.judgement,
            handover=command.handover,
        ),
    )


def suspect_duplicate(command: SuspectDuplicate) -> tuple[ClassifierEvent, ...]:
    """A suggestion changes no state, so it is made in every one."""
    return (DuplicateSuspected(appeal_id=command.appeal_id, likenesses=tuple(command.likenesses)),)


def classification(items: Items) -> Decider[ClassifierCommand, ClassifierState, ClassifierEvent]:
    return Decider(initial=NotJudged(), decide=partial(decide, items), evolve=evolve)
