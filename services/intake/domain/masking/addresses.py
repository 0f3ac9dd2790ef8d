"""Where people live: the part of an address that singles out a home.

Streets, sub-districts and the sites of firms stay readable: the appeal is routed by them.
"""

import re
from collections.abc import Iterator
from typing import Final

from services.intake.domain.masking.spans import Kind, Span, scan

COUNT: Final = "[0-9A-Za-z一二三四五六七八九十]{1,4}"
ROOM: Final = "[0-9A-Za-z]{2,6}(?:室|房间?|号房|号室|号)"
HOME: Final = re.compile(
    rf"{COUNT}(?:号楼|栋|幢|座)(?:{COUNT}(?:单元|门|梯))?(?:{COUNT}(?:楼|层))?(?:{ROOM}|[0-9]{{3,4}}(?![0-9年月日元万人个台米平度]))"
    rf"|{COUNT}单元(?:{COUNT}(?:楼|层))?(?:{ROOM}|[0-9]{{3,4}}(?![0-9年月日元万人个台米平度]))"
    rf"|{COUNT}(?:巷|弄|坊|里|胡同){COUNT}号(?:楼|之[0-9一二三四])?(?:{ROOM}|[0-9]{{3,4}}(?![0-9年月日元万人个台米平度]))?"
)
LIVING: Final = re.compile(
    "(?:家住|家在|住在|住址|现住|租住|居住在|居住于|家庭地址|家庭住址|户籍地址|我住|家里在)"
    r"[^，。；、,;!！?？\n〔〕]{0,25}?"
    rf"((?:{COUNT}(?:栋|幢|座|巷|弄|坊|排|区))?[0-9]{{1,5}}(?:号楼|号院|号)(?:{ROOM})?)"
)
# Before or after it, one of these says that a firm is there.
WORKPLACE: Final = re.compile(
    "工业|园区|产业|科技园|科技楼|科技城|大厦|厂|写字楼|创业|商务|商场|广场|基地|公司|物流|孵化|软件园|门店|办公|车间|仓|店面|商铺|档口|市场"
)
BEFORE: Final = 14
AFTER: Final = 6
HINTS: Final = re.compile("单元|[栋幢座楼巷弄坊住里]|胡同|家里|家庭|户籍")


def find_addresses(text: str) -> Iterator[Span]:
    if not HINTS.search(text):
        return
    yield from scan(HOME, text, lambda match: read_home(match, 0))
    yield from scan(LIVING, text, lambda match: read_home(match, 1))


def read_home(match: re.Match[str], group: int) -> Span | None:
    start, end = match.span(group)
    before = match.string[max(0, start - BEFORE) : start]
    # Only what belongs to the same phrase can say whose place it is.
    before = re.split("[，。；,;!！?？\n]", before)[-1]
    after = re.split("[，。；,;!！?？\n]", match.string[end : end + AFTER])[0]
    if WORKPLACE.search(before) or WORKPLACE.match(after.lstrip("的")):
        return None
    return Span(start, end, Kind.ADDRESS, match[group].upper())
