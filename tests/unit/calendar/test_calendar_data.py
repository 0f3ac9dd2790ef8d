import json
from datetime import date
from importlib.resources import files
from typing import Any, Final

import pytest

from libs.calendar.build import build
from libs.calendar.data_model import decode_calendar, encode_calendar
from libs.calendar.days import DayKind
from libs.calendar.errors import CalendarDataError
from libs.calendar.load import load_calendar, read_calendar, working_calendar
from libs.calendar.notice import decode_notice, decode_notice_csv, with_notice

SHIPPED: Final = (files("libs.calendar") / "data" / "cn-2026.1.json").read_bytes()
# An invented notice: the dates are nobody's decision, only the shape is real.
DAYS_2027: Final = {
    "2026-12-31": "休 元旦",
    "2027-01-01": "休 元旦",
    "2027-01-03": "班 元旦",
    "2027-02-05": "休 春节",
    "2027-02-08": "休 春节",
    "2027-04-05": "休 清明节",
    "2027-05-03": "休 劳动节",
    "2027-06-09": "休 端午节",
    "2027-09-15": "休 中秋节",
    "2027-10-01": "休 国庆节",
}
NOTICE_2027: Final = json.dumps({"year": 2027, "source": "invented", "days": DAYS_2027}).encode()


def test_the_shipped_file_is_what_the_builder_writes() -> None:
    assert encode_calendar(build()) == SHIPPED


def test_the_digest_speaks_for_the_content_not_for_its_spelling() -> None:
    respelled = json.dumps(json.loads(SHIPPED)).encode()
    assert read_calendar(respelled).sha256 == load_calendar().sha256


def test_a_changed_day_changes_the_digest() -> None:
    changed = SHIPPED.replace(b"2026-10-10", b"2026-10-11")
    assert read_calendar(changed).sha256 != load_calendar().sha256


def broken(change: dict[str, Any]) -> bytes:
    hours = [{"opens": "09:00", "closes": "12:00"}]
    whole: dict[str, Any] = {"version": "cn-2026.9", "region": "CN", "working_hours": hours}
    whole["years"] = [year_2026()]
    return json.dumps(whole | change).encode()


def year_2026(status: str = "official", **days: str) -> dict[str, Any]:
    dated = {f"2026-{day[1:3]}-{day[3:]}": mark for day, mark in days.items()}
    return {"year": 2026, "status": status, "source": "test", "days": dated}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"years": [year_2026(d0105="班 元旦")]}, "2026-01-05 is a weekday"),
        ({"years": [year_2026(d0105="假 元旦")]}, "should match pattern"),
        ({"years": [year_2026() | {"days": {"2025-01-01": "休 元旦"}}]}, "does not belong"),
        ({"years": [year_2026(), year_2026()]}, "after 2026 comes 2027"),
        (
            {"years": [year_2026("provisional"), year_2026() | {"year": 2027}]},
            "can not be official",
        ),
        ({"working_hours": [{"opens": "12:00", "closes": "09:00"}]}, "must rise"),
        ({"years": []}, "at least 1 item"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_a_bad_calendar_file_is_refused_with_the_reason(
    change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(CalendarDataError, match=reason):
        decode_calendar(broken(change))


def test_a_notice_makes_its_year_official_and_may_take_days_of_december() -> None:
    notice = decode_notice(NOTICE_2027)
    calendar = working_calendar(with_notice(build(), notice, "cn-2027.1"))
    assert calendar.version == "cn-2027.1"
    assert calendar.confirmed_until == date(2027, 12, 31)
    assert calendar.day(date(2026, 12, 31)).kind is DayKind.HOLIDAY
    assert calendar.day(date(2027, 1, 3)).kind is DayKind.MAKE_UP
    assert calendar.is_working_day(date(2027, 2, 9))
    assert not load_calendar().is_working_day(date(2027, 2, 9))
    assert calendar.day(date(2028, 1, 4)).is_provisional


def test_a_newer_calendar_leaves_used_days_as_they_were() -> None:
    old = load_calendar()
    new = working_calendar(with_notice(build(), decode_notice(NOTICE_2027), "cn-2027.1"))
    # 31 December 2026 was a working day until the notice took it; it had been worked by then.
    spliced = old.continued_by(new, date(2027, 1, 1))
    assert spliced.version == "cn-2027.1"
    assert spliced.is_working_day(date(2026, 12, 31))
    assert not new.is_working_day(date(2026, 12, 31))
    assert spliced.is_working_day(date(2027, 1, 3))
    assert spliced.nth_working_day(date(2026, 12, 30), 2) == date(2027, 1, 3)


def test_a_notice_may_come_as_a_table() -> None:
    rows = [f"{day},{mark.replace(' ', ',')}" for day, mark in DAYS_2027.items()]
    table = "\n".join(["\ufeffdate,mark,festival", *rows])
    assert decode_notice_csv(table, 2027, "invented") == decode_notice(NOTICE_2027)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("day,mark\n", "first row"),
        ("date,mark,festival\n2027-01-01,休,元旦\n2027-01-01,班,元旦\n", "row 3.*twice"),
        ("date,mark,festival\n2027-13-01,休,元旦\n", "month"),
        ("date,mark,festival\n2027-01-01\n", "should match pattern"),
        ("date,mark,festival\n2027-01-01,休,元旦\n", "no day off for 春节"),
        ("date,mark,festival\n2028-01-01,休,元旦\n", "does not belong"),
    ],
)
def test_a_bad_notice_is_refused_with_the_reason(table: str, reason: str) -> None:
    with pytest.raises(CalendarDataError, match=reason):
        decode_notice_csv(table, 2027, "test")


def test_a_notice_may_not_leave_a_year_out() -> None:
    notice = decode_notice(NOTICE_2027)
    skipping = notice.model_copy(update={"year": 2031})
    with pytest.raises(CalendarDataError, match="no year 2030"):
        with_notice(build(), skipping, "cn-2031.1")


def test_a_new_version_needs_a_new_name() -> None:
    notice = decode_notice(NOTICE_2027)
    with pytest.raises(CalendarDataError, match="old version"):
        with_notice(build(), notice, "cn-2026.1")
