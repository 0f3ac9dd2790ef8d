import pytest

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassifierEvent,
    ReviewReason,
    ReviewRequired,
)
from libs.common.errors import PoisonError
from services.classifier.domain.commands import Classify, RecordJudgement
from services.classifier.domain.decide import classification
from services.classifier.domain.reviewing import Items
from tests.support.records import appeal, classified, handover, judgement

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
