"""A seat's whole day over HTTP and Kafka, on the real database."""

import json
from datetime import datetime, timedelta
from typing import Final

from libs.common.clock import system_clock
from libs.common.contracts.sla import LimitPassed
from libs.common.contracts.topics import Topic
from libs.common.ids import AppealId
from libs.common.runtime.signatures import ID, SIGNATURE, TIMESTAMP, UNIT, signature_of
from tests.integration.intake.desk import Desk
from tests.support.intake import FIRE_BRIGADE, FIRM, PRODUCER, SECRET, SIGNER, USCC, submission
from tests.support.records import fact

PHONE: Final = "13800138000"


async def test_a_letter_waits_for_a_seat_and_another_channel_does_not(desk: Desk) -> None:
    answer = await desk.intake.submit(submission("h"))
    assert answer.json()["status"] == "accepted"
    answer = await desk.intake.submit(submission("l", channel="letter"))
    assert answer.json()["status"] == "submitted"
    waiting = (await desk.get("/v1/intake/desk", "rx")).json()["appeals"]
    assert [one["source_id"] for one in waiting] == ["l"]
    letter = waiting[0]["appeal_id"]
    await desk.does("accept-appeal", letter, urgency="urgent")
    assert await desk.stage(letter) == "accepted"
    assert (await desk.last(f"intake-{letter}"))["data"]["urgency"] == "urgent"
    assert (await desk.get("/v1/intake/desk", "rx")).json()["appeals"] == []


async def test_what_is_missing_is_asked_for_and_supplied_into_the_vault(desk: Desk) -> None:
    letter = await desk.letter("1", contact={"name": "章小满"})
    await desk.does("request-supplement", letter, missing=f"请电{PHONE}补合同")
    assert await desk.stage(letter) == "info_pending"
    text = f"章小满：合同在我处，电话{PHONE}。"
    await desk.does("supply-supplement", letter, "producer", text=text)
    await desk.does("accept-appeal", letter)
    rows = await desk.intake.database.fetch("SELECT body FROM intake.events")
    assert not any(PHONE.encode() in row["body"] for row in rows)
    assert not any("章小满".encode() in row["body"] for row in rows)
    accepted = await desk.last(f"intake-{letter}")
    assert "【补充】" in accepted["data"]["text"]
    kept = await desk.intake.database.fetch("SELECT raw FROM intake.vault_supplements")
    assert kept[0]["raw"].decode() == text


async def test_a_passed_supplement_limit_closes_and_another_clock_does_not(desk: Desk) -> None:
    letter = await desk.letter("1")
    await desk.does("request-supplement", letter, missing="合同")
    partition, key = await desk.place(letter)
    now = system_clock()
    for sequence, clock in enumerate(("accept", "supplement"), start=1):
        passed = LimitPassed.model_validate(
            {
                "appeal_id": letter,
                "clock": clock,
                "deadline_version": 1,
                "level": 2,
                "step_at": now,
                "notify_at": now,
                "due": now + timedelta(minutes=1),
                "addressee": "seat",
                "lead": None,
                "late": False,
            }
        )
        record = fact(
            passed,
            offset=sequence - 1,
            subject=AppealId(letter),
            key=key,
            partition=partition,
        )
        await desk.intake.take(record._replace(topic=Topic.SLA_EVENTS))
        expected = "info_pending" if clock == "accept" else "closed"
        assert await desk.stage(letter) == expected
    assert (await desk.types(letter))[-1] == "info-timed-out"


async def test_two_officers_reject_and_a_supervisor_overturns_once(desk: Desk) -> None:
    letter = await desk.letter("1")
    await desk.does("propose-rejection", letter, "seat:a", code="N2", ground="已立案")
    answer = await desk.act("confirm-rejection", letter, "seat:a")
    assert (answer.status_code, answer.json()["code"]) == (422, "same_person")
    await desk.does("confirm-rejection", letter, "seat:b")
    assert await desk.stage(letter) == "not_accepted"
    await desk.does("object-to-rejection", letter, "producer", ground="裁定不予立案")
    await desk.does("overturn-rejection", letter, "supervisor:c", reason="属实")
    assert await desk.stage(letter) == "submitted"
    await desk.does("accept-appeal", letter)
    assert await desk.types(letter) == [
        "appeal-submitted",
        "rejection-proposed",
        "appeal-rejected",
        "objection-raised",
        "rejection-overturned",
        "appeal-accepted",
    ]


async def test_only_the_called_receiver_can_take_an_emergency_over(desk: Desk) -> None:
    letter = await desk.letter("1")
    await desk.does("offer-emergency", letter, receiver="119", reason="车间冒烟")
    assert await desk.stage(letter) == "submitted"
    answer = await desk.act("acknowledge-emergency", letter, "department", receipt="x")
    assert answer.json()["code"] == "not_the_receiver"
    await desk.does(
        "acknowledge-emergency", letter, "department", unit=FIRE_BRIGADE, receipt="119-7"
    )
    assert await desk.stage(letter) == "transferred_out"


async def test_a_withdrawal_ends_what_intake_holds_and_is_forwarded_after(desk: Desk) -> None:
    letter = await desk.letter("1")
    await desk.does("request-withdrawal", letter, "producer", reason="已解决")
    assert await desk.stage(letter) == "withdrawn"
    other = await desk.letter("2")
    await desk.does("accept-appeal", other)
    await desk.does("request-withdrawal", other, "producer", reason="已解决")
    assert await desk.types(other) == [
        "appeal-submitted",
        "appeal-accepted",
        "withdrawal-forwarded",
    ]


async def test_a_link_writes_under_both_keys_at_once(desk: Desk) -> None:
    letter = await desk.letter("1")
    answer = await desk.act("link-enterprise", letter, uscc=USCC, enterprise_name="示例公司")
    types = [event["type"] for event in answer.json()["events"]]
    assert types == ["intake.appeal-linked.v1", "intake.appeal-adopted.v1"]
    adopted = await desk.last(f"intake-adopted-{letter}")
    assert adopted["partitionkey"] == adopted["data"]["enterprise_id"] == str(FIRM)
    assert adopted["data"]["chain_key"] == str(letter)
    assert (await desk.last(f"intake-{letter}"))["partitionkey"] == str(letter)
    # Now the firm itself may act for it.
    await desk.does("request-withdrawal", letter, "firm", reason="已解决")
    other = "91440300MA5FTM5T0F"
    again = await desk.act("link-enterprise", letter, uscc=other)
    assert again.json()["code"] == "already_linked"


async def test_a_repeat_gets_the_first_answer_and_other_content_is_refused(desk: Desk) -> None:
    letter = await desk.letter("1")
    action = desk.action("accept-appeal", letter)
    first = await desk.post("/v1/intake/actions", action, "rx")
    again = await desk.post("/v1/intake/actions", action, "rx")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["repeated"] is True
    other = await desk.post("/v1/intake/actions", {**action, "urgency": "urgent"}, "rx")
    assert (other.status_code, other.json()["code"]) == (409, "content_differs")


async def test_a_stale_command_is_told_what_has_changed(desk: Desk) -> None:
    letter = await desk.letter("1")
    await desk.does("propose-rejection", letter, code="N1", ground="管辖外")
    answer = await desk.act("accept-appeal", letter, expected_version=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
    changes = answer.json()["changes"]
    assert [one["type"] for one in changes] == ["intake.rejection-proposed.v1"]
    assert await desk.stage(letter) == "submitted"


async def test_who_may_not_is_refused_and_nothing_is_written(desk: Desk) -> None:
    letter = await desk.letter("1")
    foreign = desk.action("accept-appeal", letter)
    assert (await desk.post("/v1/intake/actions", foreign, PRODUCER)).status_code == 403
    stolen = desk.action("request-withdrawal", letter, "producer", reason="x", unit="portal")
    assert (await desk.post("/v1/intake/actions", stolen, PRODUCER)).status_code == 403
    answer = await desk.post("/v1/intake/actions", stolen, "portal")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_appeal")
    unknown = await desk.act("accept-appeal", FIRM)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_appeal")
    assert await desk.types(letter) == ["appeal-submitted"]


async def test_the_topic_takes_the_same_actions_and_refuses_by_event(desk: Desk) -> None:
    letter = await desk.letter("1")
    partition, key = await desk.place(letter)
    accept = desk.action("accept-appeal", letter)
    await desk.by_kafka(accept, key, partition, 0)
    await desk.by_kafka(desk.action("accept-appeal", letter), key, partition, 1)
    # Another service's action, and bytes of nobody, are the router's to judge.
    await desk.by_kafka(desk.action("sign", letter), key, partition, 2)
    await desk.by_kafka({"x": 1}, key, partition, 3)
    supply = desk.action("supply-supplement", letter, "producer", text="电话13800138000")
    await desk.by_kafka(supply, key, partition, 4)
    assert await desk.types(letter) == ["appeal-submitted", "appeal-accepted", "action-refused"]
    refused = await desk.last(f"intake-{letter}")
    assert refused["data"]["code"] == "illegal_in_state"
    assert await desk.intake.parked() == [(4, "by_http_alone")]


async def test_a_unit_with_a_secret_must_sign_its_records(desk: Desk) -> None:
    letter = await desk.letter("1")
    partition, key = await desk.place(letter)
    action = desk.action("propose-rejection", letter, unit=SIGNER, code="N1", ground="管辖外")
    await desk.by_kafka(action, key, partition, 0)
    assert await desk.intake.parked() == [(0, "signature_headers")]
    at = int(datetime(2026, 1, 1).timestamp())  # noqa: DTZ001 - long ago, and of no matter here
    signature = signature_of(SECRET, "m", at, json.dumps(action).encode())
    headers = {ID: b"m", TIMESTAMP: str(at).encode(), SIGNATURE: signature.encode()}
    await desk.by_kafka(action, key, partition, 1, **headers, **{UNIT: SIGNER.encode()})
    assert (await desk.types(letter))[-1] == "rejection-proposed"


async def test_a_producer_may_sign_instead_of_sending_a_key(desk: Desk) -> None:
    body = json.dumps(submission("signed")).encode()
    at = int(system_clock().timestamp())
    headers = {
        ID: "m1",
        TIMESTAMP: str(at),
        SIGNATURE: signature_of(SECRET, "m1", at, body),
        UNIT: SIGNER,
    }
    http = desk.intake.http
    answer = await http.post("/v1/appeals", content=body, headers=headers)
    assert answer.status_code == 202
    # The very same message again is the very same appeal.
    again = await http.post("/v1/appeals", content=body, headers=headers)
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    spoilt = await http.post("/v1/appeals", content=body + b" ", headers=headers)
    assert (spoilt.status_code, spoilt.json()["code"]) == (401, "signature")
    old = {**headers, TIMESTAMP: str(at - 400)}
    late = await http.post("/v1/appeals", content=body, headers=old)
    assert (late.status_code, late.json()["code"]) == (401, "signature_time")
    path = f"/v1/appeals/{answer.json()['appeal_id']}"
    signed = {**headers, SIGNATURE: signature_of(SECRET, "m1", at, path.encode())}
    assert (await http.get(path, headers=signed)).status_code == 200
