"""Times as sheets hold them, all meant in Asia/Shanghai unless they say otherwise."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.adapters.importer.cells import SERIAL_ZERO, read_time

SHANGHAI_0915 = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-02 09:15",
        "2026-03-02T09:15:00",
        "2026-03-02T09:15:00+08:00",
        "2026-03-02T01:15:00Z",
        "2026/3/2 9:15",
        "2026.3.2 9:15:00",
        "2026年3月2日 9点15分",
        "2026年3月2日9时15分00秒",
        "2026年3月2日 星期一 上午9:15",
        "２０２６年３月２日　９：１５",
        "2026-03-02 09:15:00.000",
        "202603020915",
        "20260302091500",
        "46083.385416666664",
        "2026/3/2 9:15 AM",
    ],
)
def test_a_time_is_read_in_every_usual_spelling(cell: str) -> None:
    assert read_time(cell) == SHANGHAI_0915


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "2026-11-03 25:61",
        "昨天下午",
        "3/2/2026",
        "12",
        "123456",
        "2026",
        "",
        "09:15",
        "2026年13月1日",
    ],
)
def test_what_is_no_time_or_could_be_two_is_none(cell: str) -> None:
    assert read_time(cell) is None


@given(seconds=st.integers(20_000 * 86_400, 70_000 * 86_400))
def test_a_serial_number_of_a_sheet_means_its_second(seconds: int) -> None:
    assert read_time(f"{seconds / 86_400:.10f}") == SERIAL_ZERO + timedelta(seconds=seconds)


def test_the_afternoon_is_after_noon() -> None:
    assert read_time("2026年3月2日下午3点") == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert read_time("2026年3月2日 中午12:30") == datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
