"""What a person may decide about an appeal's item, and when a person is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from libs.common.contracts.classifier import (
    ClassificationConfirmed,
    ClassificationCorrected,
    ClassifierEvent,
    Judgement,
    ReviewLeft,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)
from libs.common.ids import ItemCode
from services.classifier.domain import refusals
from services.classifier.domain.commands import (
    AskForReview,
    ConfirmClassification,
    CorrectClassification,
    LeaveReview,
    ReviewCommand,
    Withdraw,
)
from services.classifier.domain.state import (
    AwaitingReview,
    ClassifierState,
    Judged,
    NotJudged,
    Withdrawn,
)

# A telephone, identity or card number, or an e-mail address: no event may hold one.
TELLTALE: Final = re.compile(r"\d(?:[ -]?\d){6}|\S@\S")


@dataclass(frozen=True, slots=True)
class Items:
    """The catalogue in force: the category of each item that a person may name."""

    version: str
    categories: Mapping[ItemCode, str]


def ask_for_review(state: ClassifierState, command: AskForReview) -> tuple[ClassifierEvent, ...]:
    """A heard fact: repeated while in review, or of a withdrawn appeal, it leads to nothing."""
    if isinstance(state, AwaitingReview | Withdrawn):
        return ()
    known = state if isinstance(state, Judged) else None
    return (
        ReviewRequired(
            appeal_id=command.appeal_id,
            reason=command.reason,
            judgement=known.judgement if known else None,
            handover=command.handover,
            round=known.round + 1 if known else 1,
            excluded=command.excluded,
            note=command.note,
        ),
    )


def leave_review(state: ClassifierState, command: LeaveReview) -> tuple[ClassifierEvent, ...]:
    if not isinstance(state, AwaitingReview):
        return ()
    return (ReviewLeft(appeal_id=command.appeal_id, because=command.because),)


def withdraw(state: ClassifierState, command: Withdraw) -> tuple[ClassifierEvent, ...]:
    """Only the holder answers: before the model has spoken and in review that is us (rule 18)."""
    if not isinstance(state, NotJudged | AwaitingReview):
        return ()
    return (
        WithdrawnBeforeDispatch(
            appeal_id=command.appeal_id,
            withdrawn_at=command.withdrawn_at,
            reason=command.reason,
        ),
    )


def name_item(
    items: Items, state: ClassifierState, command: ReviewCommand
) -> tuple[ClassifierEvent, ...]:
    review = in_review(state, command)
    if command.item not in items.categories:
        raise refusals.unknown_item(command.item, items.version)
    # Where the model has never read it, whatever the person names is the proposal.
    proposed = review.judgement.candidates[0].item if review.judgement else command.item
    confirmed = ClassificationConfirmed(
        appeal_id=command.appeal_id,
        item=command.item,
        category=items.categories[command.item],
        proposed=proposed,
        catalogue_version=items.version,
        handover=review.handover,
    )
    if isinstance(command, ConfirmClassification):
        if command.item != proposed:
            raise refusals.not_the_proposal(proposed)
        return (confirmed,)
    return (corrected(items, review.judgement, command), confirmed)


def in_review(state: ClassifierState, command: ReviewCommand) -> AwaitingReview:
    if isinstance(state, NotJudged):
        raise refusals.unknown_appeal()
    expected = command.asked.expected_version
    if expected is not None and expected != state.version:
        raise refusals.stale(expected, state.version)
    if not isinstance(state, AwaitingReview):
        raise refusals.not_in_review()
    return state


def corrected(
    items: Items, judgement: Judgement | None, command: CorrectClassification
) -> ClassificationCorrected:
    if judgement is None or command.item == judgement.candidates[0].item:
        raise refusals.nothing_to_correct(command.item)
    if TELLTALE.search(command.reason):
        raise refusals.personal_data()
    return ClassificationCorrected(
        appeal_id=command.appeal_id,
        item=command.item,
        proposed=judgement.candidates[0].item,
        reason=command.reason,
        model_version=judgement.model_version,
        catalogue_version=items.version,
    )
