"""A line in both languages, and how it writes a moment."""

from datetime import datetime
from typing import NamedTuple

from libs.calendar.days import SHANGHAI


class Line(NamedTuple):
    zh: str
    en: str


def local(time: datetime) -> str:
    """To the minute, in Asia/Shanghai."""
    return time.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
