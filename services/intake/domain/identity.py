"""Numbers that name an enterprise, a person or a line, checked without echoing them."""

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

USCC_LENGTH: Final = 18
OLD_LICENCE_LENGTH: Final = 15
# GB 32100-2015: 31 signs, without I, O, S, V and Z; the last one checks the 17 before it.
USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_VALUES: Final = {sign: value for value, sign in enumerate(USCC_ALPHABET)}
USCC_WEIGHTS: Final = tuple(pow(3, position, 31) for position in range(17))
USCC_SHAPE: Final = re.compile(r"[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}")

# GB 11643-1999: ISO 7064 MOD 11-2 over 17 digits.
ID_CARD_WEIGHTS: Final = tuple(pow(2, 17 - position, 11) for position in range(17))
ID_CARD_CHECKS: Final = "10X98765432"
PROVINCES: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
EARLIEST_BIRTH_YEAR: Final = 1900
LATEST_BIRTH_YEAR: Final = 2099

HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
PHONE_FILLERS: Final = re.compile(r"[\s()\-‐‑‒–—_.·]+")
MOBILE: Final = re.compile(r"1[3-9]\d{9}")
# 0 and the area code are optional: hotline sheets carry local numbers.
LANDLINE: Final = re.compile(r"(?:0(?:10|2\d|[3-9]\d{2}))?[2-9]\d{6,7}(?:转\d{1,6})?")
EXTENDED: Final = re.compile(r"(.{7,30}?) ?(?:-|转|分机|[Ee]xt\.?|[xX#]) ?(\d{1,6})")
SERVICE_LINE: Final = re.compile(r"[48]00\d{7}")
FOREIGN: Final = re.compile(r"(?:\+|00)[1-9]\d{6,14}")
CHINA_PREFIX: Final = re.compile(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))0?(?=\d)|^0(?=1[3-9]\d{9}$)")


class UsccFault(StrEnum):
    LENGTH = "uscc_length"
    OLD_NUMBER = "uscc_old_number"
    ALPHABET = "uscc_alphabet"
    SHAPE = "uscc_shape"
    CHECK_DIGIT = "uscc_check_digit"


def half_width(text: str) -> str:
    """Full-width letters, digits and signs become ASCII; the length stays the same."""
    return text.translate(HALF_WIDTH)


def normalise_uscc(value: str) -> str:
    return re.sub(r"[\s\-]+", "", half_width(value)).upper()


@lru_cache(maxsize=50_000)  # a firm that files once files again
def find_uscc_fault(normalised: str) -> UsccFault | None:
    """GB 32100-2015. Takes what `normalise_uscc` returns."""
    if len(normalised) == OLD_LICENCE_LENGTH and normalised.isascii() and normalised.isdigit():
        return UsccFault.OLD_NUMBER
    if len(normalised) != USCC_LENGTH:
        return UsccFault.LENGTH
    if any(sign not in USCC_VALUES for sign in normalised):
        return UsccFault.ALPHABET
    if not USCC_SHAPE.fullmatch(normalised):
        return UsccFault.SHAPE
    total = sum(
        USCC_VALUES[sign] * weight
        for sign, weight in zip(normalised[:17], USCC_WEIGHTS, strict=True)
    )
    right = USCC_ALPHABET[-total % 31]
    return None if normalised[17] == right else UsccFault.CHECK_DIGIT


def normalise_phone(value: str) -> str:
    """The digits as a Chinese line would dial them: without +86, spaces, brackets, dashes.

    An extension follows as 转801.
    """
    text = half_width(value).strip()
    if extended := EXTENDED.fullmatch(text):
        line = CHINA_PREFIX.sub("", PHONE_FILLERS.sub("", extended[1]))
        if LANDLINE.fullmatch(line):
            return f"{line}转{extended[2]}"
    return CHINA_PREFIX.sub("", PHONE_FILLERS.sub("", text))


def is_phone(normalised: str) -> bool:
    """A mobile, a landline with or without area code, a 400/800 line or a foreign number."""
    return any(shape.fullmatch(normalised) for shape in (MOBILE, LANDLINE, SERVICE_LINE, FOREIGN))


def is_id_card(number: str) -> bool:
    """18 signs with a real birth date and a right check sign, or the 15 digits of before 2013.

    Permanent residence cards of foreigners (since 2023) begin with 9 and the province.
    """
    if len(number) == OLD_LICENCE_LENGTH:
        return number[:2] in PROVINCES and is_birth_date("19" + number[6:12])
    province = number[1:3] if number[0] == "9" else number[:2]
    if province not in PROVINCES or not is_birth_date(number[6:14]):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(number[:17], ID_CARD_WEIGHTS, strict=True)
    )
    return number[17].upper() == ID_CARD_CHECKS[total % 11]


def is_birth_date(digits: str) -> bool:
    year = int(digits[:4])
    if not EARLIEST_BIRTH_YEAR <= year <= LATEST_BIRTH_YEAR:
        return False
    try:
        date(year, int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, the check of bank card numbers."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the sum of two digits
    return total % 10 == 0
