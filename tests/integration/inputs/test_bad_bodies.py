"""Every bad submission is refused with its reason, by HTTP and by Kafka; its neighbours go on."""

import json
from typing import Any

from tests.integration.inputs.bad_bodies import BYTES, EVERY, PRIVATE, VALUES, Bad
from tests.support.intake import Intake, sent, submission

# An array may have 1 MB in all.
SMALL = tuple(bad for bad in VALUES if len(bad.body) < 50_000)


def check_problem(answer: dict[str, Any], bad: Bad) -> None:
    """What is wrong stands by name and in both languages, and no value of it."""
    assert answer["code"] == "refused", bad.what
    assert answer["message_zh"], bad.what
    assert answer["message_en"], bad.what
    problems: list[dict[str, str]] = answer["problems"]
    told = {(one["field"], one["code"]) for one in problems}
    assert (bad.field, bad.code) in told, bad.what
    assert all(one["message_zh"] and one["message_en"] for one in problems), bad.what
    assert PRIVATE not in json.dumps(answer, ensure_ascii=False), bad.what


async def test_by_http_each_is_refused_and_the_next_one_is_taken(intake: Intake) -> None:
    for number, bad in enumerate(EVERY):
        answer = await intake.post(bad.body)
        assert answer.status_code == 422, bad.what
        check_problem(answer.json(), bad)
        assert (await intake.submit(submission(f"good-{number:02}"))).status_code == 202, bad.what
    assert await intake.accepted() == [f"good-{number:02}" for number, _ in enumerate(EVERY)]


async def test_among_many_each_bad_one_is_refused_alone(intake: Intake) -> None:
    good = [json.dumps(submission(f"good-{n:02}")).encode() for n, _ in enumerate(SMALL)]
    mixed = [body for pair in zip(good, (bad.body for bad in SMALL), strict=True) for body in pair]
    answer = await intake.post(b"[" + b",".join(mixed) + b"]")
    results = answer.json()["results"]
    assert [one["status_code"] for one in results] == [202, 422] * len(SMALL)
    for bad, result in zip(SMALL, results[1::2], strict=True):
        check_problem(result, bad)
    assert await intake.accepted() == [f"good-{n:02}" for n, _ in enumerate(SMALL)]


async def test_among_records_of_kafka_each_bad_one_is_parked_alone(intake: Intake) -> None:
    records = [
        record
        for n, bad in enumerate(EVERY)
        for record in (sent(submission(f"good-{n:02}"), 2 * n), sent(bad.body, 2 * n + 1))
    ]
    await intake.take(*records)
    assert await intake.accepted() == [f"good-{n:02}" for n, _ in enumerate(EVERY)]
    parked = await intake.parked()
    assert [offset for offset, _ in parked] == [2 * n + 1 for n, _ in enumerate(EVERY)]
    first_reasons = {reason for _, reason in parked}
    assert first_reasons <= {f"refused_{bad.code}" for bad in EVERY}
    details = await intake.database.fetch("SELECT detail FROM intake.dead_letters")
    assert all(PRIVATE not in row["detail"] for row in details)
    # sent = accepted + parked: nothing is in both, nothing in neither.
    assert len(records) == len(EVERY) + len(parked)


async def test_a_spoilt_array_is_refused_whole(intake: Intake) -> None:
    good = json.dumps(submission("before")).encode()
    for bad in BYTES:
        answer = await intake.post(b"[" + good + b"," + bad.body + b"]")
        assert answer.status_code == 422, bad.what
        assert PRIVATE not in answer.text, bad.what
    assert await intake.accepted() == []


async def test_a_text_of_a_hundred_thousand_letters_is_taken(intake: Intake) -> None:
    answer = await intake.submit(submission("long", text="a" * 100_000))
    assert answer.status_code == 202


async def test_an_array_nested_deeply_is_refused_element_by_element(intake: Intake) -> None:
    for depth in (2, 260, 900):
        good = json.dumps(submission(f"beside-{depth}")).encode()
        answer = await intake.post(b"[" + good + b"," + b"[" * depth + b"]" * depth + b"]")
        statuses = [one["status_code"] for one in answer.json()["results"]]
        assert (depth, statuses) == (depth, [202, 422])


async def test_of_a_repeated_key_the_last_counts_in_event_and_vault_alike(intake: Intake) -> None:
    body = json.dumps(submission("twice", text="第一段文字")).encode()
    answer = await intake.post(body[:-1] + ', "text": "第二段文字"}'.encode())
    assert answer.status_code == 202
    rows = await intake.database.fetch(
        "SELECT convert_from(raw, 'UTF8') AS words FROM intake.vault "
        "UNION ALL SELECT convert_from(body, 'UTF8') FROM intake.events"
    )
    assert len(rows) == 3
    assert all("第二段文字" in row["words"] for row in rows)
    assert not any("第一段文字" in row["words"] for row in rows)
