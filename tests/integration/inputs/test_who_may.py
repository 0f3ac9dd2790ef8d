"""Who may send, how much and how often; and what one sender's trouble means for the others."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from tests.support.intake import (
    DEPARTMENT,
    OTHER_PRODUCER,
    PER_MINUTE_OF_THE_SLOW,
    PRODUCER,
    SLOW_PRODUCER,
    Intake,
    key_of,
    sent,
    submission,
)

TEN_MB = 10_000_000
PRIVATE = "13800001234"


def check_bilingual(answer: httpx.Response, code: str) -> None:
    body = answer.json()
    assert body["code"] == code
    assert body["message_zh"]
    assert body["message_en"]
    assert PRIVATE not in answer.text


@pytest.mark.parametrize("header", [None, "", "Bearer", f"Bearer {PRIVATE}", "Basic a2V5", "键"])
async def test_without_a_known_key_nothing_is_read(intake: Intake, header: str | None) -> None:
    headers = [] if header is None else [(b"authorization", header.encode())]
    body = json.dumps(submission("a")).encode()
    answer = await intake.http.post("/v1/appeals", content=body, headers=headers)
    assert answer.status_code == 401
    check_bilingual(answer, "unauthorized")
    assert await intake.accepted() == []


async def test_a_key_of_another_role_may_not_submit(intake: Intake) -> None:
    answer = await intake.submit(submission("a"), DEPARTMENT)
    assert answer.status_code == 403
    check_bilingual(answer, "forbidden")
    assert await intake.accepted() == []


async def test_too_many_requests_are_told_when_to_come_again_and_others_are_not_hurt(
    intake: Intake,
) -> None:
    statuses = [
        (await intake.submit(submission(f"s{n}"), SLOW_PRODUCER)).status_code
        for n in range(PER_MINUTE_OF_THE_SLOW + 2)
    ]
    assert statuses == [202] * PER_MINUTE_OF_THE_SLOW + [429] * 2
    answer = await intake.submit(submission("again"), SLOW_PRODUCER)
    check_bilingual(answer, "too_many")
    assert int(answer.headers["retry-after"]) > 0
    assert (await intake.submit(submission("o"), OTHER_PRODUCER)).status_code == 202


async def test_nobody_learns_of_another_producers_appeal(intake: Intake) -> None:
    appeal_id = (await intake.submit(submission("a"))).json()["appeal_id"]
    for unit, wanted, status in (
        (PRODUCER, appeal_id, 200),
        (OTHER_PRODUCER, appeal_id, 404),
        (PRODUCER, str(UUID(int=7)), 404),
    ):
        answer = await intake.http.get(
            f"/v1/appeals/{wanted}", headers={"authorization": f"Bearer {key_of(unit)}"}
        )
        assert (unit, answer.status_code) == (unit, status)
        if status == 404:
            check_bilingual(answer, "unknown_appeal")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/appeals/no-id", 404, "not_found"),
        ("GET", f"/v1/nothing/{PRIVATE}", 404, "not_found"),
        ("PUT", "/v1/appeals", 405, "not_allowed"),
        ("DELETE", "/v1/appeals", 405, "not_allowed"),
    ],
)
async def test_a_wrong_address_or_method_is_told_in_both_languages(
    intake: Intake, method: str, path: str, status: int, code: str
) -> None:
    answer = await intake.http.request(method, path)
    assert answer.status_code == status
    check_bilingual(answer, code)


async def test_a_body_of_ten_megabytes_is_refused_and_hurts_nobody(intake: Intake) -> None:
    large = (intake.post(b"[" + b" " * TEN_MB) for _ in range(3))
    small = (intake.submit(submission(f"n{n}"), OTHER_PRODUCER) for n in range(5))
    answers = await asyncio.gather(*large, *small)
    assert [answer.status_code for answer in answers] == [413] * 3 + [202] * 5
    for answer in answers[:3]:
        check_bilingual(answer, "too_large")


async def test_a_body_that_does_not_say_its_size_is_cut_off_at_the_limit(intake: Intake) -> None:
    answer = await intake.http.post(
        "/v1/appeals",
        content=chunks(),
        headers={"authorization": f"Bearer {key_of(PRODUCER)}"},
    )
    assert answer.status_code == 413
    check_bilingual(answer, "too_large")


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(40):
        yield b" " * 100_000


async def test_more_than_five_hundred_at_once_are_refused_whole(intake: Intake) -> None:
    answer = await intake.submit([submission(f"n{n}") for n in range(501)])
    assert answer.status_code == 413
    check_bilingual(answer, "too_many")
    assert await intake.accepted() == []


async def test_a_repeat_gets_the_first_answer_and_other_content_is_refused_by_field(
    intake: Intake,
) -> None:
    first = await intake.submit(submission("a"))
    again = await intake.submit(submission("a"))
    other = await intake.submit(
        submission("a", text=f"另一段文字，电话 {PRIVATE}", urgency="urgent")
    )
    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 409)
    assert again.json() == {**first.json(), "repeated": True}
    check_bilingual(other, "content_differs")
    assert "text, urgency" in other.json()["message_en"]
    third = await intake.submit(submission("a"))
    assert third.json() == again.json()


async def test_repeats_inside_one_array_are_answered_like_any_other(intake: Intake) -> None:
    answer = await intake.submit(
        [submission("a"), submission("a"), submission("a", text="别的"), submission("b")]
    )
    assert [one["status_code"] for one in answer.json()["results"]] == [202, 200, 409, 202]
    assert await intake.accepted() == ["a", "b"]


async def test_many_at_the_same_moment_with_one_number_make_one_appeal(intake: Intake) -> None:
    answers = await asyncio.gather(*(intake.submit(submission("a")) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [202]
    assert len({answer.json()["appeal_id"] for answer in answers}) == 1
    assert await intake.accepted() == ["a"]


async def test_an_idempotency_key_stands_in_for_a_number(intake: Intake) -> None:
    value = {name: field for name, field in submission("-").items() if name != "source_id"}
    body = json.dumps(value).encode()
    answers = [await intake.post(body, headers={"idempotency-key": "k-1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 200]
    for bad in ("x" * 500, "a\tb"):
        refused = await intake.post(body, headers={"idempotency-key": bad})
        assert refused.status_code == 422
    assert (await intake.post(body)).status_code == 422
    assert await intake.accepted() == ["key:k-1"]


async def test_http_and_kafka_at_the_same_moment_make_one_appeal_and_park_nothing(
    intake: Intake,
) -> None:
    for number in range(10):
        value = submission(f"n{number}")
        await asyncio.gather(
            intake.submit(value), intake.take(sent(value, number)), intake.submit(value)
        )
    assert await intake.accepted() == [f"n{number}" for number in range(10)]
    assert await intake.parked() == []
