"""What is refused at the edge, in both languages, and never with the value that was sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import to_json

from libs.common.contracts.inbound import Submission
from services.intake.domain.hygiene import clean
from services.intake.domain.problems import MESSAGES, Problem, problems_of
from services.intake.domain.submission import Prepared, prepare, sub_districts_by_word

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DISTRICTS = sub_districts_by_word([("SY", "石岩街道"), ("XX", "西乡街道")])
GOOD: dict[str, Any] = {
    "channel": "hotline",
    "source_id": "GD1",
    "occurred_at": "2026-11-03T09:15:20+08:00",
    "text": "厂房漏水，请协调维修。",
}
PRIVATE = "秘密13800001234"


def read(**changes: object) -> Submission:
    return Submission.model_validate_json(to_json(GOOD | changes))


def prepared(**changes: object) -> Prepared:
    outcome = prepare(read(**changes), NOW, DISTRICTS)
    assert isinstance(outcome, Prepared)
    return outcome


def problems(**changes: object) -> list[tuple[str, str]]:
    outcome = prepare(read(**changes), NOW, DISTRICTS)
    assert isinstance(outcome, tuple)
    return [(found.field, found.code) for found in outcome]


def wire_problems(body: bytes) -> tuple[Problem, ...]:
    with pytest.raises(ValidationError) as caught:
        Submission.model_validate_json(body)
    return problems_of(caught.value)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"text": None}, "text", "type"),
        ({"text": ""}, "text", "empty"),
        ({"text": "a\x00b"}, "text", "signs"),
        ({"text": "长" * 100_001}, "text", "too_long"),
        ({"source_id": 5}, "source_id", "type"),
        ({"source_id": "a\nb"}, "source_id", "signs"),
        ({"occurred_at": PRIVATE}, "occurred_at", "time"),
        ({"occurred_at": "2026-02-30T09:00:00+08:00"}, "occurred_at", "time"),
        ({"occurred_at": "2026-11-03T09:15:20"}, "occurred_at", "time_zone"),
        ({"urgency": PRIVATE}, "urgency", "value"),
        ({"kind": "投诉"}, "kind", "value"),
        ({"channel": PRIVATE}, "channel", "value"),
        ({"contact": {"phone": [PRIVATE]}}, "contact.phone", "type"),
        ({"enterprise": {PRIVATE: 1}}, "enterprise", "unknown_field"),
        ({PRIVATE: 1}, "", "unknown_field"),
    ],
)
def test_what_the_wire_model_refuses_is_named_without_its_value(
    changes: dict[str, object], field: str, code: str
) -> None:
    found = wire_problems(to_json(GOOD | changes))
    assert [(problem.field, problem.code) for problem in found] == [(field, code)]
    assert "13800001234" not in repr(found)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"text": "\\ud83d"}',
        '{"text": "投诉"}'.encode("gb18030"),
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_bytes_that_are_no_utf_8_json_are_told_as_such(body: bytes) -> None:
    assert {problem.code for problem in wire_problems(body)} <= {"json", "type"}


def test_a_lone_surrogate_made_in_python_is_refused_too() -> None:
    with pytest.raises(ValidationError) as caught:
        Submission.model_validate({**GOOD, "occurred_at": NOW, "text": "\ud83d"})
    assert [problem.code for problem in problems_of(caught.value)] == ["unicode"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": " \u200b\u3000\n"}, [("text", "empty")]),
        ({"occurred_at": "2026-11-23T16:06:00+08:00"}, [("occurred_at", "time_future")]),
        ({"occurred_at": "2006-11-01T00:00:00+08:00"}, [("occurred_at", "time_too_old")]),
        ({"enterprise": {"uscc": "91440306FABLE00361"}}, [("enterprise.uscc", "uscc_check_digit")]),
        ({"contact": {"phone": "12"}}, [("contact.phone", "phone")]),
        ({"contact": {"email": "a b@c"}}, [("contact.email", "email")]),
        ({"sub_district": "桃花岛街道"}, [("sub_district", "sub_district_unknown")]),
        ({"text": "长" * 100_000}, [("text", "text_too_large")]),
        (
            {"sub_district": "桃花岛", "contact": {"phone": "x"}},
            [("contact.phone", "phone"), ("sub_district", "sub_district_unknown")],
        ),
    ],
)
def test_all_broken_rules_are_told_at_once(
    changes: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert problems(**changes) == expected


def test_a_hundred_thousand_letters_fit_into_an_event() -> None:
    assert len(prepared(text="a" * 100_000).text) == 100_000


def test_five_minutes_of_clock_skew_are_forgiven() -> None:
    late = (NOW + timedelta(minutes=5)).isoformat()
    assert prepared(occurred_at=late).occurred_at == NOW + timedelta(minutes=5)


def test_every_problem_speaks_both_languages() -> None:
    for message_zh, message_en in MESSAGES.values():
        assert not message_zh.isascii()
        assert " " in message_en


def test_what_goes_into_the_event_is_normalised_and_masked() -> None:
    found = prepared(
        title="找章小满，13800001234",
        text="章小满的手机\u202e+86 138-0000-1234\r\n打不通",
        enterprise={"name": " 云雀示例五金店 13900001234", "uscc": "91440306fable0036x"},
        contact={"name": "章小满", "phone": "13800001234"},
        sub_district="石岩",
        urgency="urgent",
    )
    assert found.title == "找〔姓名1〕，〔电话1〕"
    assert found.text == "〔姓名1〕的手机〔电话1〕\n打不通"
    assert found.enterprise_name == "云雀示例五金店 〔电话1〕"
    assert (found.uscc, found.sub_district) == ("91440306FABLE0036X", "SY")
    assert found.mark_counts() == {"姓名": 1, "电话": 1}
    assert "13800001234" not in repr(found)
    assert "章小满" not in repr(found)


def test_without_a_title_the_first_masked_sentence_stands_in() -> None:
    assert prepared(text="我叫李禾，厂房漏水。请修").title == "我叫〔姓名1〕，厂房漏水"


def test_a_title_is_never_cut_inside_a_mark() -> None:
    title = prepared(text="漏" * 36 + "13800001234" + "水" * 40).title
    assert title == "漏" * 36 + "…"


@pytest.mark.parametrize(
    "word", ["石岩街道", "石岩", "石岩街道办", "石岩街道办事处", "SY", "sy", " ＳＹ "]
)
def test_a_sub_district_is_known_by_code_and_by_every_usual_name(word: str) -> None:
    assert prepared(sub_district=word).sub_district == "SY"


@given(text=st.text(max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("138\u200b0000\u202e1234\ufeff", "13800001234"),
        ("e\u0301", "é"),
        ("a\x07\x1b[31mb", "a[31mb"),
        ("\U00020bb7\U0002a6d6", "\U00020bb7\U0002a6d6"),
    ],
)
def test_what_is_unseen_is_taken_out_and_rare_signs_stay(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_no_number_hides_behind_unseen_signs() -> None:
    assert prepared(text="1\u200b3\u200b8\u200b0000\ufe0f1234").text == "〔电话1〕"
