from typing import cast

import pytest

from libs.common.ids import ItemCode
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example
from services.classifier.adapters.judging import Judge, ModelInUse
from services.classifier.adapters.material import in_force
from services.classifier.domain.commands import Classify, LeaveReview, RecordJudgement
from services.classifier.domain.matters import LONGEST_WORDS, parts_of, words_of
from services.classifier.domain.reading import whole_text
from services.classifier.domain.succession import Succession
from tests.support.records import appeal, handover

POWER = "厂里遇到突然停电，找谁"
BOTH = "厂里遇到突然停电，找谁。另外我们公司想问银行贷款的事，利率太高"
TODAY = {"FIN-01": "FIN", "TAL-01": "TAL", "PUB-10": "PUB"}


def judged(
    classifier: Classifier, text: str, succession: Succession | None = None
) -> RecordJudgement:
    judge = Judge(ModelInUse(classifier), succession or Succession())
    command = Classify(appeal_id=appeal(1), title="", text=text, handover=handover())
    return cast("RecordJudgement", judge([command])[0])


def test_a_second_matter_is_named_with_the_words_it_begins_with(classifier: Classifier) -> None:
    judgement = judged(classifier, BOTH).judgement
    second = judgement.second_matter
    assert second is not None
    assert {second.item, judgement.candidates[0].item} == {"FIN-01", "PUB-02"}
    assert second.words in BOTH


def test_one_matter_told_at_length_has_no_second(classifier: Classifier) -> None:
    assert judged(classifier, POWER).judgement.second_matter is None
    again = f"{POWER}。另外上周也突然停电过，跳闸好几次"
    assert judged(classifier, again).judgement.second_matter is None


def test_what_needs_no_model_passes_through_in_its_place(classifier: Classifier) -> None:
    leave = LeaveReview(appeal_id=appeal(2), because="merged")
    judge = Judge(ModelInUse(classifier))
    unread = Classify(appeal_id=appeal(1), title="", text=POWER, handover=handover())
    first, second, third = judge([leave, unread, leave])
    assert (first, third) == (leave, leave)
    assert isinstance(second, RecordJudgement)


def test_a_merged_item_is_said_under_its_new_code(classifier: Classifier) -> None:
    merged = Succession("2026.2", {"PUB-02": ("PUB-30",)}, {**TODAY, "PUB-30": "PUB"})
    found = judged(classifier, POWER, merged)
    assert (found.judgement.candidates[0].item, found.category) == ("PUB-30", "PUB")
    assert (found.judgement.catalogue_version, found.doubt) == ("2026.2", None)


@pytest.mark.parametrize("successors", [{"PUB-02": ("PUB-30", "PUB-31")}, {"PUB-02": ()}, {}])
def test_a_divided_or_ended_item_is_for_a_person(
    classifier: Classifier, successors: dict[str, tuple[str, ...]]
) -> None:
    """The last one: the item is not in the catalogue in force at all."""
    found = judged(classifier, POWER, Succession("2026.2", successors, TODAY))
    assert found.doubt == "item_split"


def test_two_candidates_that_were_merged_stand_once(classifier: Classifier) -> None:
    items = ("PUB-02", "PUB-10", "FIN-01", "TAL-01")
    everything: dict[str, tuple[str, ...]] = dict.fromkeys(items, ("PUB-30",))
    found = judged(classifier, POWER, Succession("2026.2", everything, {"PUB-30": "PUB"}))
    assert [one.item for one in found.judgement.candidates] == ["PUB-30"]


def test_texts_of_a_divided_item_teach_nothing_and_those_of_a_merged_one_go_on() -> None:
    texts = [Example("一", "A-01"), Example("二", "B-01"), Example("三", "C-01")]
    successors = {
        ItemCode("A-01"): (ItemCode("A-02"), ItemCode("A-03")),
        ItemCode("B-01"): (ItemCode("C-01"),),
    }
    found = in_force(texts, successors)
    assert [(one.text, one.label) for one in found] == [("二", "C-01"), ("三", "C-01")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("停电三天了没人管。另外工人工资怎么算也想问", 2),
        ("停电三天了没人管，此外路灯也坏了很久了，还有一件事是宿舍漏水", 3),
        ("停电了。另外问", 0),
        ("另外我们想问一下停电的事", 0),
        ("停电三天了没人管", 0),
        ("", 0),
    ],
)
def test_a_text_is_parted_where_it_turns_to_another_request(text: str, parts: int) -> None:
    assert len(parts_of(text)) == parts
    assert all(part in text for part in parts_of(text))


def test_a_long_part_is_shown_by_its_beginning() -> None:
    assert len(words_of("长" * 500)) == LONGEST_WORDS


def test_a_title_that_the_text_repeats_is_read_once() -> None:
    assert whole_text("突然停电…", "突然停电，找谁") == "突然停电，找谁"
    assert whole_text("停电", "请派人来") == "停电\n请派人来"
