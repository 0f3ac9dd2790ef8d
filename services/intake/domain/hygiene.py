"""Text as events may hold it. The vault keeps what was sent, sign for sign."""

import re
import unicodedata
from typing import Final

# Line ends of every system, and Unicode's own, become one \n.
LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, then what is drawn as nothing or turns the direction of writing: it can hide a
# number from a reader and from the masking, or show a file name backwards.
UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
DIRTY: Final = re.compile(f"{LINE_ENDS.pattern}|{UNSEEN.pattern}")


def clean(text: str) -> str:
    """NFC, one kind of line end, nothing unseen. A second cleaning changes nothing.

    >>> clean("138\\u200b0013\\u202e8000\\r\\n")
    '13800138000\\n'
    """
    if DIRTY.search(text):
        text = UNSEEN.sub("", LINE_ENDS.sub("\n", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def is_blank(cleaned: str) -> bool:
    return not cleaned.strip()
