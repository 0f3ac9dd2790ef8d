import pytest

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassifierEvent,
    DuplicateSuspected,
    Likeness,
    ReviewLeft,
    ReviewReason,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)
from libs.common.errors import PoisonError
from libs.common.ids import ItemCode
from services.classifier.domain.commands import (
    AskForReview,
    ClassifierCommand,
    Classify,
    LeaveReview,
    RecordJudgement,
    Withdraw,
)
from services.classifier.domain.decide import classification
from services.classifier.domain.reviewing import Items
from tests.support.records import NOON, appeal, classified, handover, judgement

APPEAL = appeal(1)
CLASSIFICATION = classification(Items("2026.1", {}))


def record(doubt: ReviewReason | None = None) -> RecordJudgement:
    return RecordJudgement(
        appeal_id=APPEAL,
        handover=handover(),
        category="PUB",
        judgement=judgement(),
        doubt=doubt,
    )


def test_what_the_model_is_sure_of_is_classified() -> None:
    (event,) = CLASSIFICATION.decide(CLASSIFICATION.initial, record())
    assert event == classified(1)


@pytest.mark.parametrize("doubt", ["low_confidence", "none_of_these", "nothing_to_read"])
def test_what_the_model_doubts_goes_to_people_with_the_reason(doubt: ReviewReason) -> None:
    (event,) = CLASSIFICATION.decide(CLASSIFICATION.initial, record(doubt))
    assert isinstance(event, ReviewRequired)
    assert event.reason == doubt
    assert event.judgement == judgement()


@pytest.mark.parametrize(
    "before",
    [
        classified(1),
        ReviewRequired(
            appeal_id=APPEAL,
            reason="low_confidence",
            judgement=judgement(),
            handover=handover(),
        ),
    ],
)
def test_an_appeal_is_judged_only_once(before: ClassifierEvent) -> None:
    state = CLASSIFICATION.replay([before])
    assert CLASSIFICATION.decide(state, record()) == ()


def test_an_unread_text_is_never_classified() -> None:
    unread = Classify(appeal_id=APPEAL, title="t", text="t", handover=handover())
    with pytest.raises(PoisonError):
        CLASSIFICATION.decide(CLASSIFICATION.initial, unread)


def test_the_event_names_its_item_by_the_first_candidate() -> None:
    (event,) = CLASSIFICATION.decide(CLASSIFICATION.initial, record())
    assert isinstance(event, AppealClassified)
    assert event.item == event.judgement.candidates[0].item


ITEMS = Items("2026.1", {ItemCode("PUB-01"): "PUB", ItemCode("PUB-02"): "PUB"})
REVIEWING = classification(ITEMS)
IN_REVIEW = ReviewRequired(
    appeal_id=APPEAL, reason="low_confidence", judgement=judgement(), handover=handover()
)
LEAVE = LeaveReview(appeal_id=APPEAL, because="merged")
WITHDRAW = Withdraw(appeal_id=APPEAL, withdrawn_at=NOON, reason=None)
ASK = AskForReview(appeal_id=APPEAL, reason="returned", handover=handover())


def after(*events: ClassifierEvent, command: ClassifierCommand) -> list[str]:
    state = REVIEWING.replay(events)
    return [type(event).__name__ for event in REVIEWING.decide(state, command)]


def confirmed() -> ClassifierEvent:
    return ClassificationConfirmed(
        appeal_id=APPEAL,
        item=ItemCode("PUB-01"),
        category="PUB",
        proposed=ItemCode("PUB-01"),
        catalogue_version="2026.1",
        handover=handover(),
    )


@pytest.mark.parametrize(
    ("before", "leave", "withdraw", "ask"),
    [
        ((), [], ["WithdrawnBeforeDispatch"], ["ReviewRequired"]),
        ((IN_REVIEW,), ["ReviewLeft"], ["WithdrawnBeforeDispatch"], []),
        ((classified(1),), [], [], ["ReviewRequired"]),
        ((IN_REVIEW, confirmed()), [], [], ["ReviewRequired"]),
        ((IN_REVIEW, ReviewLeft(appeal_id=APPEAL, because="merged")), [], [], ["ReviewRequired"]),
        (
            (WithdrawnBeforeDispatch(appeal_id=APPEAL, withdrawn_at=NOON, reason=None),),
            [],
            [],
            [],
        ),
    ],
)
def test_a_heard_fact_is_taken_in_every_state_and_never_refused(
    before: tuple[ClassifierEvent, ...], leave: list[str], withdraw: list[str], ask: list[str]
) -> None:
    assert after(*before, command=LEAVE) == leave
    assert after(*before, command=WITHDRAW) == withdraw
    assert after(*before, command=ASK) == ask


def test_each_review_is_counted() -> None:
    state = REVIEWING.replay([IN_REVIEW, confirmed()])
    (event,) = REVIEWING.decide(state, ASK)
    assert isinstance(event, ReviewRequired)
    assert (event.round, event.judgement) == (2, judgement())


def test_a_suggestion_does_not_end_a_review() -> None:
    likeness = Likeness(
        appeal_id=appeal(2),
        similarity=9_000,
        ground="same_enterprise",
        item=ItemCode("PUB-01"),
        accepted_at=NOON,
    )
    suspected = DuplicateSuspected(appeal_id=APPEAL, likenesses=(likeness,))
    state = REVIEWING.replay([IN_REVIEW, suspected])
    assert state.version == 2
    assert after(IN_REVIEW, suspected, command=LEAVE) == ["ReviewLeft"]
