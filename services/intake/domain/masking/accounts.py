"""E-mail addresses, plates, passports and permits, WeChat and QQ names."""

import re
from collections.abc import Iterator
from typing import Final

from services.intake.domain.masking.spans import Kind, Span, is_amount, names_a_thing, scan

LOCAL_PART: Final = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
DOMAIN: Final = re.compile(r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}")
LOCAL_REACH: Final = 64

# GA 36-2018: province, issuing office, then five signs, or six for new-energy vehicles.
PLATE: Final = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
    r"[A-HJ-NP-Za-hj-np-z][ ·•.\-]{0,2}"
    r"(?:[0-9]{5}[A-HJ-Ka-hj-k]|[A-HJ-Ka-hj-k][A-HJ-NP-Za-hj-np-z0-9][0-9]{4}"
    r"|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])(?![A-Za-z0-9])"
)
FEWEST_PLATE_DIGITS: Final = 2
LONGEST_PREFIX_RUN: Final = 2

PERMIT: Final = re.compile(
    "(?<![A-Za-z0-9])(?:[EeGgDdSsPp][0-9]{8}|[Ee][A-HJ-NP-Za-hj-np-z][0-9]{7}"
    "|[HhMm][0-9]{8}(?:[0-9]{2})?|[CcWwLl][0-9]{8}|[CcWw][A-HJ-NP-Za-hj-np-z][0-9]{7})"
    "(?![A-Za-z0-9])"
)
PERMIT_HINT: Final = re.compile("[0-9]{6}")
HONG_KONG_CARD: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9]{6}[(（][0-9Aa][)）]")
LABELLED_PERMIT: Final = re.compile(
    "(?:护照|通行证|台胞证|回乡证|居留证|居住证|军官证|证件)(?:号码?)?[ :：是为]{0,3}"
    r"((?=[A-Za-z]{0,3}[0-9])[A-Za-z0-9]{7,18})(?![A-Za-z0-9])"
)

SOCIAL_LABEL: Final = (
    "(?:微信|威信|薇信|[Vv]信|加[Vv]|[Vv][Xx]|[Ww][Xx]|[Ww]e[Cc]hat|[Qq]{2}|扣扣|企鹅号?)"
)
# Letters alone are a name only after a sign that says so: "微信 wechat pay" is none.
SOCIAL_HINT: Final = re.compile("[信VvWwQq扣企]")
SOCIAL: Final = re.compile(
    rf"{SOCIAL_LABEL}(?:(?:号码?|[Ii][Dd]|[:：]|是|为|加| ){{0,4}}"
    r"((?=[A-Za-z_\-]{0,19}[0-9_])[A-Za-z][A-Za-z0-9_\-]{5,19}|[1-9][0-9]{4,10})"
    r"|(?:号码?|[Ii][Dd])?[ ]?(?:[:：]|是|为)[ ]?([A-Za-z][A-Za-z0-9_\-]{5,19}))"
    r"(?![A-Za-z0-9_\-])"
)


def find_accounts(text: str) -> Iterator[Span]:
    if SOCIAL_HINT.search(text):
        yield from scan(SOCIAL, text, read_social)
    yield from scan(PLATE, text, read_plate)
    if not PERMIT_HINT.search(text):
        return
    yield from scan(LABELLED_PERMIT, text, lambda match: read_permit(match, 1))
    yield from scan(PERMIT, text, lambda match: read_permit(match, 0))
    yield from scan(HONG_KONG_CARD, text, lambda match: read_permit(match, 0))


def find_emails(text: str) -> Iterator[Span]:
    """Outward from each @: a search for the local part would begin at every letter before it."""
    at = text.find("@")
    while at >= 0:
        local = LOCAL_PART.search(text, max(0, at - LOCAL_REACH), at)
        domain = DOMAIN.match(text, at + 1)
        if local and domain:
            yield Span(
                local.start(), domain.end(), Kind.EMAIL, text[local.start() : domain.end()].lower()
            )
        at = text.find("@", at + 1)


def read_social(match: re.Match[str]) -> Span | None:
    group = 1 if match[1] else 2
    start, end = match.span(group)
    if is_amount(match.string, start, end):
        return None
    return Span(start, end, Kind.ACCOUNT, match[group].lower())


def read_plate(match: re.Match[str]) -> Span | None:
    compact = re.sub(r"[ ·•.\-]", "", match[0]).upper()
    if sum(sign.isdigit() for sign in compact) < FEWEST_PLATE_DIGITS:
        return None
    return Span(match.start(), match.end(), Kind.PLATE, compact)


def read_permit(match: re.Match[str], group: int) -> Span | None:
    if names_a_thing(match.string, match.start(group)):
        return None
    return Span(match.start(group), match.end(group), Kind.DOCUMENT, match[group].upper())
