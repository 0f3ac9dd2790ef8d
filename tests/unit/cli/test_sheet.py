from datetime import datetime, timedelta

import pytest

from cli.demo.sheet import SHIPPED, read_sheet
from libs.calendar.days import SHANGHAI

NOW = datetime(2027, 3, 9, 10, 45, tzinfo=SHANGHAI)


def test_the_newest_row_falls_into_the_day_before_the_last_full_hour() -> None:
    sheet = read_sheet(SHIPPED, NOW, rows=None, redate=True)
    newest = max(one.occurred_at for one in sheet.submissions)
    last_full_hour = NOW.replace(minute=0)
    assert last_full_hour - timedelta(days=1) < newest <= last_full_hour


@pytest.mark.parametrize("years", [-1, 0, 40])
def test_the_same_rows_are_refused_whenever_the_file_is_read(years: int) -> None:
    now = NOW.replace(year=NOW.year + years)
    sheet = read_sheet(SHIPPED, now, rows=None, redate=True)
    assert (sheet.rows, len(sheet.submissions)) == (449, 430)
    assert {row.number for row in sheet.refused} >= {115, 365}


def test_moving_keeps_the_hour_of_the_day_and_the_distance_between_rows() -> None:
    moved = read_sheet(SHIPPED, NOW, rows=40, redate=True)
    as_written = read_sheet(SHIPPED, NOW, rows=40, redate=False)
    assert as_written.days == 0
    assert moved.days != 0
    distances = {
        one.occurred_at - other.occurred_at
        for one, other in zip(moved.submissions, as_written.submissions, strict=True)
    }
    assert distances == {timedelta(days=moved.days)}


def test_only_the_first_rows_are_read_when_that_is_asked_for() -> None:
    assert read_sheet(SHIPPED, NOW, rows=25, redate=True).rows == 25
