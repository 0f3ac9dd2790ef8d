from dataclasses import replace

import numpy as np
import pytest

from services.classifier.adapters.calibration import best_balanced
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.model import Model
from services.classifier.domain.explanation import reasons_of
from services.classifier.domain.ranking import CERTAIN, Doubt, Thresholds, doubt_of

THRESHOLDS = Thresholds(confidence=9_000, none_of_these=5_000, urgency=5_000)


def test_a_clear_text_gets_its_item_with_words_of_the_text_as_reasons(
    classifier: Classifier,
) -> None:
    [ranking] = classifier.classify(["园区门口路灯不亮好几天了"])
    assert (ranking.item, ranking.category) == ("PUB-10", "PUB")
    assert "路灯不亮" in "".join(reason.words for reason in ranking.reasons)
    assert all(reason.words in "园区门口路灯不亮好几天了" for reason in ranking.reasons)


def test_the_first_candidate_is_the_item_and_bears_the_confidence(classifier: Classifier) -> None:
    [ranking] = classifier.classify(["公司缺工，想招聘工人"])
    first = ranking.candidates[0]
    assert (first.item, first.basis_points) == (ranking.item, ranking.confidence)
    figures = [candidate.basis_points for candidate in ranking.candidates]
    assert figures == sorted(figures, reverse=True)
    assert len(figures) == 3
    assert sum(figures) <= CERTAIN


def test_neighbours_in_a_batch_do_not_change_an_answer(classifier: Classifier) -> None:
    texts = ["厂里突然停电", "", "银行贷款利率", "路灯不亮", "缺工" * 500]
    together = classifier.classify(texts)
    assert together == [classifier.classify([text])[0] for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "我",
        "\0\0",
        "13800000000",
        "😀😀😀",
        "Good morning, please tell me about loans for small firms",
        "<div><span></span></div>",
        "\ud800",
        "Здравствуйте, помогите",
    ],
)
def test_what_can_not_be_read_goes_to_a_person(classifier: Classifier, text: str) -> None:
    [ranking] = classifier.classify([text])
    assert ranking.doubt is Doubt.NOTHING_TO_READ
    assert (ranking.confidence, ranking.is_urgent) == (0, False)


def test_a_text_of_a_hundred_thousand_characters_is_answered(classifier: Classifier) -> None:
    [ranking] = classifier.classify(["突然停电，" + "事情经过很长。" * 14_300])
    assert 0 <= ranking.confidence <= CERTAIN


def test_a_greeting_is_none_of_these(classifier: Classifier) -> None:
    [ranking] = classifier.classify(["各位领导新年快乐"])
    assert ranking.doubt in {Doubt.NONE_OF_THESE, Doubt.NOTHING_TO_READ}


def test_urgency_follows_the_cry_and_not_the_item(classifier: Classifier) -> None:
    quiet, loud = classifier.classify(["关于限电的申请要多久", "限电，停产了，很急"])
    assert loud.urgency > quiet.urgency
    assert not quiet.is_urgent


def test_every_threshold_counts_from_its_own_value_on() -> None:
    sure = {"confidence": 9_000, "none_of_these": 4_999}
    assert doubt_of(**sure, thresholds=THRESHOLDS, is_readable=True) is None
    below = {**sure, "confidence": 8_999}
    assert doubt_of(**below, thresholds=THRESHOLDS, is_readable=True) is Doubt.LOW_CONFIDENCE
    none = {**sure, "none_of_these": 5_000}
    assert doubt_of(**none, thresholds=THRESHOLDS, is_readable=True) is Doubt.NONE_OF_THESE
    assert doubt_of(**sure, thresholds=THRESHOLDS, is_readable=False) is Doubt.NOTHING_TO_READ


def test_overlapping_ngrams_become_one_stretch_of_words() -> None:
    strong = [("应收", 0.2), ("收账", 0.1), ("账款", 0.2), ("拖", 0.9)]
    [reason] = reasons_of("国企拖着应收账款", strong, total=1.0)
    assert (reason.words, reason.basis_points) == ("应收账款", 5_000)


def test_a_stricter_threshold_sends_more_to_people(classifier: Classifier) -> None:
    text = "公司想问银行贷款利率的事"
    strict = replace(classifier.model.thresholds, confidence=CERTAIN + 1)
    doubting = Classifier(replace(classifier.model, thresholds=strict))
    assert doubting.classify([text])[0].doubt is not None


def test_the_best_balanced_threshold_keeps_misses_and_false_alarms_low() -> None:
    chance = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    wanted = np.array([True, False, True, False, False])
    assert best_balanced(chance, wanted) == 0.7
    assert best_balanced(chance, np.zeros(5, dtype=np.bool_)) == 1.0


def test_a_short_text_is_trusted_less_than_a_long_one_with_the_same_scores(model: Model) -> None:
    first, second = np.full(2, 0.6, np.float32), np.full(2, 0.1, np.float32)
    curve = np.array([0.0, 1.0, 0.0, 0.5])
    calibration = replace(model.calibration, curve=curve)
    short, long = calibration.confidence(first, second, np.array([5, 500]))
    assert short < long
