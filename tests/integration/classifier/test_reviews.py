"""What the model doubts waits for a person, who decides by HTTP or by the actions topic."""

from datetime import timedelta
from typing import Any

import pytest

from libs.common.contracts.intake import WithdrawalForwarded
from libs.common.contracts.router import AppealMerged, OwnerNotFound, RulingIssued
from libs.common.contracts.router.joining import StreamAddress
from libs.common.contracts.topics import Topic
from libs.common.ids import DepartmentCode, ItemCode
from tests.support.classifier import (
    DOUBTFUL,
    HOTLINE,
    SUPERVISION,
    SURE,
    Running,
    action_of,
    bearer,
    handover,
)
from tests.support.records import KEY, NOON, appeal


async def in_review(classifier: Running, number: int) -> dict[str, Any]:
    await classifier.accept(number, DOUBTFUL)
    rows = (await classifier.queue(appeal_id=str(appeal(number))))["reviews"]
    return {**rows[0]}


async def test_what_the_model_is_sure_of_does_not_wait(classifier: Running) -> None:
    await classifier.accept(1, SURE)
    assert await classifier.types(1) == ["appeal-classified.v1"]
    assert (await classifier.queue())["reviews"] == []


async def test_a_doubt_waits_with_its_reason_its_text_and_what_the_model_said(
    classifier: Running,
) -> None:
    row = await in_review(classifier, 1)
    assert (row["reason"], row["text"], row["round"]) == ("none_of_these", DOUBTFUL, 1)
    assert row["judgement"]["candidates"][0]["item"] == row["proposed"]
    body = await classifier.queue()
    assert body["reasons"]["none_of_these"]["waiting"] == 1


async def test_a_confirmed_item_classifies_and_leaves_the_queue(classifier: Running) -> None:
    row = await in_review(classifier, 1)
    answer = await classifier.act(1, "confirm-classification", row["proposed"])
    assert answer.status_code == 202
    assert await classifier.types(1) == ["review-required.v1", "classification-confirmed.v1"]
    [event] = await classifier.events("classification-confirmed.v1")
    assert event["actor"] == {"kind": "seat", "id": "li-001", "unit": HOTLINE}
    assert event["data"]["handover"]["accepted_at"] == "2026-03-02T04:00:00Z"
    assert (await classifier.queue())["reviews"] == []


async def test_a_correction_says_why_and_is_followed_by_the_confirmation(
    classifier: Running,
) -> None:
    row = await in_review(classifier, 1)
    item = "TAL-01" if row["proposed"] != "TAL-01" else "FIN-01"
    answer = await classifier.act(1, "correct-classification", item, reason="问的是招聘")
    assert answer.status_code == 202
    assert await classifier.types(1) == [
        "review-required.v1",
        "classification-corrected.v1",
        "classification-confirmed.v1",
    ]
    [label] = await classifier.database.fetch("SELECT * FROM classifier.labels")
    assert (label["item"], label["source"], label["by_unit"]) == (item, "corrected", HOTLINE)
    assert label["reason"] == "问的是招聘"


@pytest.mark.parametrize(
    ("action", "more", "status", "code"),
    [
        ("confirm-classification", {"expected_version": 7}, 409, "stale_version"),
        ("correct-classification", {"reason": "理由"}, 422, "nothing_to_correct"),
        ("correct-classification", {}, 422, "invalid"),
        ("close-review", {}, 422, "invalid"),
    ],
)
async def test_what_the_rules_forbid_changes_nothing_and_says_what_to_do(
    classifier: Running, action: str, more: dict[str, Any], status: int, code: str
) -> None:
    row = await in_review(classifier, 1)
    answer = await classifier.act(1, action, row["proposed"], **more)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert body["message_zh"] != body["message_en"]
    assert await classifier.types(1) == ["review-required.v1"]


async def test_a_reason_with_a_telephone_number_is_refused_and_not_repeated(
    classifier: Running,
) -> None:
    row = await in_review(classifier, 1)
    item = "TAL-01" if row["proposed"] != "TAL-01" else "FIN-01"
    answer = await classifier.act(1, "correct-classification", item, reason="联系 138 0000 1234")
    assert (answer.status_code, answer.json()["code"]) == (422, "personal_data")
    assert "1234" not in answer.text
    assert await classifier.types(1) == ["review-required.v1"]


async def test_an_item_that_is_not_in_the_catalogue_is_refused(classifier: Running) -> None:
    await in_review(classifier, 1)
    answer = await classifier.act(1, "confirm-classification", "XYZ-99")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_item")


async def test_what_is_classified_is_returned_and_not_corrected(classifier: Running) -> None:
    await classifier.accept(1, SURE)
    answer = await classifier.act(1, "correct-classification", "TAL-01", reason="理由")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_review")


async def test_an_appeal_that_nobody_knows_is_not_found(classifier: Running) -> None:
    answer = await classifier.act(9, "confirm-classification", "TAL-01")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_appeal")


async def test_only_a_dispatcher_sees_and_decides_reviews(classifier: Running) -> None:
    row = await in_review(classifier, 1)
    refused = await classifier.act(1, "confirm-classification", row["proposed"], unit=SUPERVISION)
    assert refused.status_code == 403
    answer = await classifier.http.get("/v1/reviews", headers=bearer("gxj"))
    assert answer.status_code == 403
    other = {"kind": "seat", "id": "x", "unit": "gxj"}
    answer = await classifier.act(1, "confirm-classification", row["proposed"], actor=other)
    assert answer.status_code == 403


async def test_the_same_command_twice_is_answered_alike_and_done_once(classifier: Running) -> None:
    row = await in_review(classifier, 1)
    for status in (202, 200):
        answer = await classifier.act(
            1, "confirm-classification", row["proposed"], command_id="one"
        )
        assert answer.status_code == status
    item = "TAL-01" if row["proposed"] != "TAL-01" else "FIN-01"
    other = await classifier.act(1, "confirm-classification", item, command_id="one")
    assert (other.status_code, other.json()["code"]) == (409, "content_differs")
    assert len(await classifier.types(1)) == 2


async def test_an_action_from_the_topic_does_the_same_and_a_refusal_is_an_event(
    classifier: Running,
) -> None:
    row = await in_review(classifier, 1)
    confirm = action_of(1, "confirm-classification", row["proposed"])
    await classifier.ask_by_kafka(confirm)
    await classifier.ask_by_kafka(action_of(1, "confirm-classification", row["proposed"]))
    assert await classifier.types(1) == [
        "review-required.v1",
        "classification-confirmed.v1",
        "action-refused.v1",
    ]
    [event] = await classifier.events("action-refused.v1")
    assert event["data"]["code"] == "not_in_review"


async def test_actions_of_other_services_and_broken_ones_are_passed_over(
    classifier: Running,
) -> None:
    for action in ({"action": "sign"}, {"action": 7}, {}, [1]):
        outcome = await classifier.ask_by_kafka(action)
        assert outcome.worked.parked == []


async def test_the_router_asks_again_and_the_department_stays_excluded(
    classifier: Running,
) -> None:
    await classifier.accept(1, SURE)
    asked = OwnerNotFound(
        appeal_id=appeal(1),
        reason="returned",
        item=ItemCode("PUB-02"),
        excluded=(DepartmentCode("gdj"),),
        note="不属供电",
        handover=handover(),
    )
    await classifier.hear(Topic.ROUTER_EVENTS, asked, appeal(1))
    await classifier.hear(Topic.ROUTER_EVENTS, asked, appeal(1))
    assert await classifier.types(1) == ["appeal-classified.v1", "review-required.v1"]
    [row] = (await classifier.queue(reason="returned"))["reviews"]
    assert (row["excluded"], row["note"], row["text"]) == (["gdj"], "不属供电", SURE)
    answer = await classifier.act(1, "confirm-classification", row["proposed"], expected_version=2)
    assert answer.status_code == 202


async def test_an_appeal_that_was_never_judged_can_be_reviewed_too(classifier: Running) -> None:
    asked = OwnerNotFound(
        appeal_id=appeal(1),
        reason="never_classified",
        item=None,
        excluded=(),
        note=None,
        handover=handover(),
    )
    await classifier.hear(Topic.ROUTER_EVENTS, asked, appeal(1))
    [row] = (await classifier.queue())["reviews"]
    assert (row["reason"], row["judgement"]) == ("never_classified", None)
    assert (await classifier.act(1, "confirm-classification", "TAL-01")).status_code == 202


async def test_a_merged_appeal_leaves_the_queue(classifier: Running) -> None:
    await in_review(classifier, 1)
    merged = AppealMerged(
        appeal_id=appeal(1),
        key=KEY,
        master=StreamAddress(appeal_id=appeal(2), key=KEY),
        similarity=None,
        reason="同一事项",
        merged_at=NOON,
        accepted_at=NOON,
        urgency="normal",
        resolve_due=None,
        merged_from="classified",
    )
    await classifier.hear(Topic.ROUTER_EVENTS, merged, appeal(1))
    assert await classifier.types(1) == ["review-required.v1", "review-left.v1"]
    assert (await classifier.queue())["reviews"] == []


async def test_a_withdrawal_in_review_is_answered_by_the_holder(classifier: Running) -> None:
    await in_review(classifier, 1)
    await classifier.accept(2, SURE)
    for number in (1, 2, 3):
        event = WithdrawalForwarded(appeal_id=appeal(number), reason="已解决", requested_at=NOON)
        await classifier.hear(Topic.INTAKE_EVENTS, event, appeal(number))
    assert await classifier.types(1) == ["review-required.v1", "appeal-withdrawn.v1"]
    assert await classifier.types(2) == ["appeal-classified.v1"]
    # It came before the acceptance: what is accepted after it is not judged any more.
    await classifier.accept(3, SURE)
    assert await classifier.types(3) == ["appeal-withdrawn.v1"]


async def test_a_ruling_becomes_a_label(classifier: Running) -> None:
    await classifier.accept(1, SURE)
    ruled = RulingIssued(
        appeal_id=appeal(1),
        lead=DepartmentCode("zjj"),
        co_handlers=(),
        item=ItemCode("PUB-10"),
        category="PUB",
        urgency="normal",
        reason="属道路设施",
        legal_basis="职责清单",
        ruled_at=NOON,
    )
    await classifier.hear(Topic.ROUTER_EVENTS, ruled, appeal(1))
    [label] = await classifier.database.fetch("SELECT * FROM classifier.labels")
    assert (label["item"], label["source"]) == ("PUB-10", "ruled")


async def test_the_queue_is_read_page_by_page_and_filtered(classifier: Running) -> None:
    for number in range(5):
        await classifier.accept(number, DOUBTFUL, at=NOON + timedelta(minutes=number))
    first = await classifier.queue(limit=2)
    second = await classifier.queue(limit=2, after=first["next"])
    third = await classifier.queue(limit=2, after=second["next"])
    seen = [row["appeal_id"] for page in (first, second, third) for row in page["reviews"]]
    assert seen == [str(appeal(number)) for number in range(5)]
    assert third["next"] is None
    assert (await classifier.queue(reason="returned"))["reviews"] == []
    assert len((await classifier.queue(item=first["reviews"][0]["proposed"][:3]))["reviews"]) == 5
    assert (await classifier.queue(waiting_hours=1))["reviews"] == []


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"limit": 0}, {"reason": "mood"}, {"item": "a b"}, {"colour": 1}]
)
async def test_a_question_that_makes_no_sense_is_refused(
    classifier: Running, query: dict[str, str | int]
) -> None:
    answer = await classifier.http.get("/v1/reviews", params=query, headers=bearer(HOTLINE))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
