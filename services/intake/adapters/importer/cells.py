"""What one cell says: times, words, numbers as text. All file times mean Asia/Shanghai."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.intake.domain.identity import half_width

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# Excel counts days from here; its wrong leap day of 1900 is behind every date in use.
SERIAL_ZERO: Final = datetime(1899, 12, 30, tzinfo=SHANGHAI)
SERIAL: Final = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]{1,15})?")
COMPACT: Final = re.compile(
    r"(20[0-9]{2}|19[0-9]{2})([01][0-9])([0-3][0-9])(?:([0-2][0-9])([0-5][0-9])([0-5][0-9])?)?"
)
DATE: Final = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
DAY_PART: Final = (
    r"(?:\s*(?:星期|周)[一二三四五六日天])?\s*T?\s*(上午|早上|凌晨|中午|下午|晚上|傍晚|AM|PM)?"
)
SECOND: Final = r"(?:(\d{1,2})(?:\.\d{1,9})?\s*秒?)?"
TIME: Final = rf"\s*(\d{{1,2}})\s*[:点时]\s*(?:(\d{{1,2}})\s*[:分]?\s*{SECOND})?\s*(AM|PM)?"
SPELLED: Final = re.compile(rf"{DATE}(?:{DAY_PART}{TIME})?")
AFTERNOON: Final = frozenset({"下午", "晚上", "傍晚", "PM"})
NOON_HOUR: Final = 12
SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}")


def is_rounded_number(cell: str) -> bool:
    """1.38E+10: the sheet has turned a number into a quantity, its last digits are lost."""
    return SCIENTIFIC.fullmatch(cell) is not None


def read_time(cell: str) -> datetime | None:
    """None for what is no time. An offset in the cell is believed; without one it is Shanghai."""
    text = half_width(cell).strip().upper()
    return from_iso(text) or from_serial(text) or from_digits(text) or from_words(text)


def from_iso(text: str) -> datetime | None:
    if "-" not in text or "年" in text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=SHANGHAI)


def from_serial(text: str) -> datetime | None:
    if not SERIAL.fullmatch(text):
        return None
    # Seconds are what a sheet shows; a serial number is never exact beyond them.
    return SERIAL_ZERO + timedelta(seconds=round(float(text) * 86_400))


def from_digits(text: str) -> datetime | None:
    match = COMPACT.fullmatch(text)
    return build(match.groups(default="0")) if match else None


def from_words(text: str) -> datetime | None:
    match = SPELLED.fullmatch(text)
    if match is None:
        return None
    year, month, day, part, hour, minute, second, suffix = match.groups(default="")
    afternoon = part in AFTERNOON or suffix == "PM"
    if afternoon and hour and int(hour) < NOON_HOUR:
        hour = str(int(hour) + NOON_HOUR)
    return build((year, month, day, hour or "0", minute or "0", second or "0"))


def build(parts: tuple[str, ...]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part) for part in parts)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return None
