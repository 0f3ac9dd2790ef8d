"""Repeats of one matter are suggested after they were judged, once, and merge nothing."""

from datetime import timedelta
from uuid import UUID

from libs.common.clock import system_clock
from libs.common.execution.runner import Runner
from services.classifier.adapters.judging import ModelInUse
from services.classifier.app import appeal_service
from services.classifier.jobs import LikenessSearch
from tests.support.classifier import HOTLINE, Running, bearer
from tests.support.records import NOON, appeal

FIRM, OTHER_FIRM = UUID(int=71), UUID(int=72)
LAMP = "厂里遇到路灯不亮，找谁"
LAMP_AGAIN = "昨天反映过路灯不亮，没人理"
LOAN = "银行贷款利率太高，想换信用贷"


def search_of(classifier: Running) -> LikenessSearch:
    in_use: ModelInUse = classifier.watch.in_use
    runner = Runner(classifier.pool, appeal_service(in_use), system_clock, lambda _: None)
    return LikenessSearch(runner, in_use)


async def test_a_firm_that_asks_again_is_noticed_with_the_earlier_appeal(
    classifier: Running,
) -> None:
    await classifier.accept(1, LAMP, enterprise_id=FIRM)
    await classifier.accept(2, LAMP_AGAIN, enterprise_id=FIRM, at=NOON + timedelta(days=2))
    await classifier.accept(3, LOAN, enterprise_id=FIRM, at=NOON + timedelta(days=3))
    await search_of(classifier).tick()
    [event] = await classifier.events("duplicate-suspected.v1")
    assert event["subject"] == str(appeal(2))
    [like] = event["data"]["likenesses"]
    assert (like["appeal_id"], like["ground"]) == (str(appeal(1)), "same_enterprise")
    assert await classifier.types(1) == ["appeal-classified.v1"]


async def test_nothing_is_suggested_twice_however_often_it_looks(classifier: Running) -> None:
    search = search_of(classifier)
    await classifier.accept(1, LAMP, enterprise_id=FIRM)
    await search.tick()
    await classifier.accept(2, LAMP_AGAIN, enterprise_id=FIRM, at=NOON + timedelta(days=2))
    for _ in range(3):
        await search.tick()
    assert len(await classifier.events("duplicate-suspected.v1")) == 1


async def test_two_firms_of_one_place_with_the_same_words_are_noticed(
    classifier: Running,
) -> None:
    await classifier.accept(1, LAMP, enterprise_id=FIRM)
    later = NOON + timedelta(hours=1)
    await classifier.accept(2, LAMP, enterprise_id=OTHER_FIRM, at=later)
    await classifier.accept(3, LAMP, enterprise_id=OTHER_FIRM, at=later, sub_district="FH")
    await search_of(classifier).tick()
    events = await classifier.events("duplicate-suspected.v1")
    grounds = [(e["subject"], e["data"]["likenesses"][0]["ground"]) for e in events]
    assert grounds == [
        (str(appeal(2)), "same_place_and_item"),
        (str(appeal(3)), "same_enterprise"),
    ]


async def test_what_lies_months_back_is_left_alone(classifier: Running) -> None:
    await classifier.accept(1, LAMP, enterprise_id=FIRM)
    await classifier.accept(2, LAMP, enterprise_id=FIRM, at=NOON + timedelta(days=91))
    await search_of(classifier).tick()
    assert await classifier.events("duplicate-suspected.v1") == []


async def test_the_dispatcher_sees_both_texts(classifier: Running) -> None:
    await classifier.accept(1, LAMP, enterprise_id=FIRM)
    await classifier.accept(2, LAMP_AGAIN, enterprise_id=FIRM, at=NOON + timedelta(days=2))
    await search_of(classifier).tick()
    answer = await classifier.http.get("/v1/duplicates", headers=bearer(HOTLINE))
    [pair] = answer.json()["duplicates"]
    assert (pair["text"], pair["other_text"]) == (LAMP_AGAIN, LAMP)
    answer = await classifier.http.get("/v1/duplicates?least=x", headers=bearer(HOTLINE))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
