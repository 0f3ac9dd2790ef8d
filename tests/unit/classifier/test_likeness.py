from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.classifier.adapters.likeness_scores import similarities
from services.classifier.adapters.model import Model
from services.classifier.adapters.sketch import BANDS, bands_of, keys_of
from services.classifier.domain.likeness import (
    SAME_FIRM,
    SAME_FIRM_AND_ITEM,
    SAME_PLACE_AND_ITEM,
    Matter,
    likenesses_of,
)
from tests.support.records import NOON

FIRM = UUID(int=7)
LONG = "园区三号门口路灯不亮，夜班员工下班很危险，请尽快修复"
ONE = Matter(
    appeal_id=UUID(int=1),
    accepted_at=NOON,
    item="PUB-10",
    enterprise_id=FIRM,
    sub_district="XX",
    text=LONG,
)
OTHER = replace(ONE, appeal_id=UUID(int=2), accepted_at=NOON - timedelta(days=3))
ELSEWHERE = replace(OTHER, enterprise_id=None)


@pytest.mark.parametrize(
    ("other", "least", "ground"),
    [
        (OTHER, SAME_FIRM_AND_ITEM, "same_enterprise"),
        (replace(OTHER, item="FIN-01"), SAME_FIRM, "same_enterprise"),
        (ELSEWHERE, SAME_PLACE_AND_ITEM, "same_place_and_item"),
    ],
)
def test_each_ground_asks_for_its_own_likeness(other: Matter, least: int, ground: str) -> None:
    [found] = likenesses_of(ONE, [(other, least)])
    assert (found.ground, found.similarity, found.appeal_id) == (ground, least, other.appeal_id)
    assert likenesses_of(ONE, [(other, least - 1)]) == ()


@pytest.mark.parametrize(
    "other",
    [
        replace(ELSEWHERE, sub_district="FH"),
        replace(ELSEWHERE, sub_district=None),
        replace(ELSEWHERE, item="FIN-01"),
    ],
)
def test_the_same_words_of_other_firms_elsewhere_are_no_repeat(other: Matter) -> None:
    assert likenesses_of(ONE, [(other, 10_000)]) == ()


def test_two_appeals_of_unknown_places_are_not_in_the_same_place() -> None:
    nowhere = replace(ONE, enterprise_id=None, sub_district=None)
    other = replace(ELSEWHERE, sub_district=None)
    assert likenesses_of(nowhere, [(other, 10_000)]) == ()


def test_the_five_likeliest_are_named_and_the_best_first() -> None:
    others = [(replace(OTHER, appeal_id=UUID(int=n)), 5_000 + n) for n in range(2, 9)]
    found = likenesses_of(ONE, others)
    assert [one.similarity for one in found] == [5_008, 5_007, 5_006, 5_005, 5_004]


def test_appeals_meet_under_the_firm_the_cell_and_the_text() -> None:
    both = set(keys_of(ONE)) & set(keys_of(OTHER))
    assert len(both) == 2 + BANDS
    assert len(set(keys_of(ONE)) & set(keys_of(ELSEWHERE))) == 1 + BANDS
    assert not set(keys_of(ONE)) & set(keys_of(replace(ELSEWHERE, sub_district="FH")))


def test_a_sketch_does_not_mind_order_and_says_nothing_of_a_short_text() -> None:
    first, second = LONG.split("，")[:2]
    turned = bands_of(f"{second}，{first}")
    assert turned == bands_of(f"{first}，{second}")
    assert bands_of("路灯") == []


def test_a_text_is_most_like_itself(model: Model) -> None:
    matters = {
        UUID(int=1): replace(ONE, text="园区门口路灯不亮"),
        UUID(int=2): replace(ONE, text="园区门口路灯不亮"),
        UUID(int=3): replace(ONE, text="银行贷款利率太高"),
    }
    pairs = [(UUID(int=1), UUID(int=2)), (UUID(int=1), UUID(int=3))]
    found = similarities(model.vocabulary, matters, matters, pairs)
    same, other = (similarity for _, similarity in found[UUID(int=1)])
    assert (same, other < 2_000) == (10_000, True)
