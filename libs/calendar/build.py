"""Writes `data/cn-2026.1.json`; run as `python -m libs.calendar.build > FILE`.

Official years come from chinesecalendar (MIT), which enters each notice of the State Council.
Later years are the estimate of `holidays`: statutory days without any make-up day.
"""

import sys
from collections.abc import Mapping
from datetime import date, time
from importlib.metadata import version
from typing import Final, Literal

import chinese_calendar  # type: ignore[import-untyped]  # it ships no types
import holidays

from libs.calendar.data_model import CalendarData, Hours, Year, encode_calendar
from libs.calendar.days import FESTIVALS

FIRST_YEAR: Final = 2004
LAST_OFFICIAL_YEAR: Final = 2026
LAST_YEAR: Final = 2028
WORKING_HOURS: Final = (
    Hours(opens=time(9), closes=time(12)),
    Hours(opens=time(14), closes=time(18)),
)


def estimated_name(text: str) -> str:
    if "除夕" in text:
        return "春节"
    # 国庆节 first: a day of both festivals is printed with the longer one's name.
    return next((name for name in ("国庆节", *FESTIVALS) if name in text), text)


def official_year(year: int) -> Year:
    off: Mapping[date, str] = chinese_calendar.holidays
    on: Mapping[date, str] = chinese_calendar.workdays
    zh = {english.casefold(): name for name, english in FESTIVALS.items()}
    days = {
        day: f"{mark} {zh[name.casefold()]}"
        for mark, marked in (("休", off), ("班", on))
        for day, name in marked.items()
        if day.year == year
    }
    source = f"国务院办公厅关于{year}年部分节假日安排的通知, chinesecalendar"
    return year_of(year, "official", f"{source} {version('chinesecalendar')}", days)


def estimated_year(year: int) -> Year:
    estimate = holidays.country_holidays("CN", years=year, language="zh_CN")
    days = {day: f"休 {estimated_name(name)}" for day, name in estimate.items()}
    source = f"estimate without make-up days, holidays {version('holidays')}"
    return year_of(year, "provisional", source, days)


def year_of(
    year: int, status: Literal["official", "provisional"], source: str, days: dict[date, str]
) -> Year:
    return Year(year=year, status=status, source=source, days=dict(sorted(days.items())))


def build() -> CalendarData:
    official = [official_year(year) for year in range(FIRST_YEAR, LAST_OFFICIAL_YEAR + 1)]
    estimates = [estimated_year(year) for year in range(LAST_OFFICIAL_YEAR + 1, LAST_YEAR + 1)]
    return CalendarData(
        version="cn-2026.1",
        region="CN",
        working_hours=WORKING_HOURS,
        years=(*official, *estimates),
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(encode_calendar(build()))
