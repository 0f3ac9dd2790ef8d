"""Phones, identity cards and bank cards: what is made of many digits."""

import re
from collections.abc import Iterator
from typing import Final

from services.intake.domain.identity import is_id_card, normalise_phone, passes_luhn
from services.intake.domain.masking.name_words import words
from services.intake.domain.masking.spans import Kind, Span, is_amount, names_a_thing, scan

GAP: Final = r"[ \t\u00a0\-‐‑–—.·()（）]{0,3}"
ENOUGH_DIGITS: Final = re.compile(rf"[0-9](?:{GAP}[0-9]){{6}}")

CHINA: Final = rf"(?:(?:\+|00)?\(?86\)?{GAP})?"
TOGETHER: Final = rf"1[3-9][0-9](?:{GAP}[0-9]){{8}}"
APART: Final = r"1[ \-.]{1,2}[3-9](?:[ \-.]{1,2}[0-9]){9}"
MOBILE: Final = re.compile(rf"(?<![0-9]){CHINA}0?(?:{TOGETHER}|{APART})(?![0-9])")
AREA: Final = r"(?:10|2[0-9]|[3-9][0-9]{2})"
LANDLINE: Final = re.compile(
    rf"(?<![0-9])(?:{CHINA}[(（]?0{AREA}[)）]?|(?:\+|00)86{GAP}[(（]?{AREA}[)）]?)"
    rf"{GAP}[2-9](?:{GAP}[0-9]){{6,7}}(?![0-9])(?:(?:-| ?转|分机)[0-9]{{1,6}}(?![0-9]))?"
)
LOCAL: Final = re.compile(
    "(?:电话|座机|固话|手机|传真|联系方式|联系号码|致电|拨打|[Tt]el|TEL|[Pp]hone)号?码?"
    r"[ :：是为]{0,3}([2-9][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9])"
)
# 一三八零零一三八零零零, also with 幺 as it is spoken.
SPOKEN_DIGITS: Final = "〇零幺一二两三四五六七八九"
SPOKEN: Final = re.compile(f"[幺一][三四五六七八九][{SPOKEN_DIGITS}]{{9}}(?![{SPOKEN_DIGITS}])")
SPOKEN_VALUES: Final = str.maketrans(SPOKEN_DIGITS, "0011223456789")

DATE_INSIDE: Final = re.compile(r"(?:19|20)[0-9]{2}-[01]?[0-9]-[0-3]?[0-9]")
# Letters before a number make it a parcel's or an order's, unless they say whose it is.
LETTERS: Final = re.compile("[A-Za-z]{1,12}$")
CONTACT_WORDS: Final = words(
    "tel phone mobile mob cell call vx wx v wechat weixin qq t p m ph no x id sj dh"
)

ID_CARD: Final = re.compile(r"(?<![0-9])[0-9](?:[ \-]?[0-9]){16}[ \-]?[0-9Xx](?![0-9])")
OLD_ID_CARD: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{15}(?![0-9A-Za-z])")
LABELLED_ID_CARD: Final = re.compile(
    r"身份证(?:号码?|件号)?[ :：是为]{0,3}([0-9]{14,17}[0-9Xx])(?![0-9])"
)
BANK_CARD: Final = re.compile(r"(?<![0-9])(?:[3-69]|2[2-7])(?:[ \-]?[0-9]){14,18}(?![0-9])")
LABELLED_BANK_CARD: Final = re.compile(
    r"(?:卡号|银行卡|储蓄卡|信用卡|工资卡|账号|帐号|账户|帐户)(?:号码?)?[ :：是为]{0,3}"
    r"([0-9](?:[ \-]?[0-9]){14,18})(?![0-9])"
)
CARD_DIGITS: Final = range(16, 20)
GAPS: Final = re.compile("[ -]+")
NO_DIGIT: Final = re.compile("[^0-9]+")


def find_numbers(text: str) -> Iterator[Span]:
    """In order of preference: an identity card may hold what looks like a phone."""
    if ENOUGH_DIGITS.search(text):
        yield from scan(LABELLED_ID_CARD, text, lambda match: labelled(match, Kind.DOCUMENT))
        yield from scan(ID_CARD, text, read_id_card)
        yield from scan(OLD_ID_CARD, text, read_id_card)
        yield from scan(LABELLED_BANK_CARD, text, lambda match: labelled(match, Kind.BANK_CARD))
        yield from scan(BANK_CARD, text, read_bank_card)
        yield from scan(LANDLINE, text, read_phone)
        yield from scan(MOBILE, text, read_phone)
        yield from scan(LOCAL, text, lambda match: labelled(match, Kind.PHONE))
    yield from scan(SPOKEN, text, read_spoken)


def labelled(match: re.Match[str], kind: Kind) -> Span:
    return Span(match.start(1), match.end(1), kind, GAPS.sub("", match[1]).upper())


def read_id_card(match: re.Match[str]) -> Span | None:
    compact = GAPS.sub("", match[0]).upper()
    if not is_id_card(compact) or names_a_thing(match.string, match.start()):
        return None
    return Span(match.start(), match.end(), Kind.DOCUMENT, compact)


def read_bank_card(match: re.Match[str]) -> Span | None:
    """The longest beginning of 16 to 19 digits that passes the check and ends where one may."""
    if names_a_thing(match.string, match.start()):
        return None
    ends = [match.start() + at + 1 for at, sign in enumerate(match[0]) if sign.isdigit()]
    digits = NO_DIGIT.sub("", match[0])
    for length in reversed(CARD_DIGITS):
        if length > len(digits) or not passes_luhn(digits[:length]):
            continue
        end = ends[length - 1]
        if not match.string[end : end + 1].isdigit():
            return Span(match.start(), end, Kind.BANK_CARD, digits[:length])
    return None


def read_phone(match: re.Match[str]) -> Span | None:
    text, start, end = match.string, match.start(), match.end()
    if is_amount(text, start, end) or DATE_INSIDE.search(match[0]):
        return None
    letters = LETTERS.search(text, max(0, start - 12), start)
    if letters and letters[0].lower() not in CONTACT_WORDS:
        return None
    if names_a_thing(text, start):
        return None
    return Span(start, end, Kind.PHONE, normalise_phone(match[0]))


def read_spoken(match: re.Match[str]) -> Span | None:
    # Not a look-behind: a pattern that begins with one is searched three times slower.
    if match.start() and match.string[match.start() - 1] in SPOKEN_DIGITS:
        return None
    return Span(match.start(), match.end(), Kind.PHONE, match[0].translate(SPOKEN_VALUES))
