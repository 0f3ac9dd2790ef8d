"""A line in both languages, and how it writes a moment and a name."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias

from libs.calendar.days import SHANGHAI


class Line(NamedTuple):
    zh: str
    en: str


# Codes of items, categories, departments and sub-districts to their names.
Names: TypeAlias = Mapping[str, Line]


def named(names: Names, code: str) -> Line:
    return names.get(code) or Line(code, code)


def local(time: datetime) -> str:
    """To the minute, in Asia/Shanghai."""
    return time.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
