"""Names of persons: those the submission gives, and those that a label or a title announces."""

import re
from collections.abc import Iterator
from typing import Final

from services.intake.domain.masking.acting import find_acting
from services.intake.domain.masking.name_words import (
    COMPOUND_SURNAMES,
    NO_GIVEN_NAME,
    NOT_NAMES,
    PLAIN_SURNAMES,
    SURNAMES,
    WORD_ENDINGS,
)
from services.intake.domain.masking.persons import KnownPersons
from services.intake.domain.masking.spans import Kind, Span

HAN: Final = re.compile("[㐀-鿿]+")
POLITE: Final = frozenset(["先生", "女士", "小姐", "太太", "同志"])
# One flat alternation: only then does the engine skip to a first sign quickly.
TITLES: Final = re.compile(
    "先生|女士|小姐|太太|同志|经理|主任|科长|局长|书记|院长|校长|所长|队长|处长|厂长|店长|站长|会长|行长|律师|医生"
    "|警官|工程师|会计|老板|董事长|主管|老师|师傅|大姐|大哥|阿姨"
    r"|总(?=[，。、；！？,.;!?\s(（)）〔]|电话|手机|联系|$)"
)
# After these a name is certain.
STRONG: Final = re.compile(
    "(?:我叫|我的名字[叫是]|名叫|姓名|联系人|经办人|法定代表人|法人代表|收件人|户主|当事人)"
    "(?:姓名)?[ :：是为叫]{0,3}"
)
# After these a name may come: only what ends like one is taken.
WEAK: Final = re.compile(
    "(?:负责人|法人|业主|房东|老板|员工|职工|工人|同事|爱人|老公|老婆|丈夫|妻子|儿子|女儿|父亲|母亲|客户|股东|经理|店长|厂长|主管"
    "|会计|财务|司机|代理人|投诉人|申请人|反映人|来电人|委托人|被申请人|业务员|业务经理|包工头|中介|人事|出纳|家长|本人|我是|这边是|他叫|她叫|名字)"
    "(?:姓名)?(?:[:：是叫]| 名叫)?"
)
SURNAME_ONLY: Final = re.compile("姓(?P<name>[㐀-鿿]{1,2})")
LATIN_NAME: Final = re.compile("[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15}){0,2}(?![A-Za-z])")
DOTTED_NAME: Final = re.compile("[㐀-鿿]{1,8}·[㐀-鿿]{1,8}")
# What follows a name in a sentence.
NEXT_WORD: Final = re.compile(
    "[^㐀-鿿]|$|电话|手机|联系|身份|先生|女士|小姐|老师|微信|邮箱|住址|[的说在是和与及称于到去也已因要想住向让被把从对今同跟都有为来反拖欠未曾不没给签还]"
)
ALONE: Final = re.compile("[㐀-鿿]{2,3}(?![㐀-鿿])")
LOOK_BACK: Final = 4


def find_names(text: str, known: KnownPersons) -> Iterator[Span]:
    found = [
        *find_known(text, known),
        *find_labelled(text),
        *find_titled(text),
        *find_acting(text),
    ]
    yield from found
    # Who has been introduced is named again without a label.
    introduced = {span.value for span in found if len(span.value) > 1}
    for name in sorted(introduced - set(known.names)):
        yield from occurrences(text, name)
    for match in SURNAME_ONLY.finditer(text):
        name = match["name"][:2] if match["name"][:2] in COMPOUND_SURNAMES else match["name"][:1]
        if name in SURNAMES or name in COMPOUND_SURNAMES:
            start = match.start("name")
            yield Span(start, start + len(name), Kind.NAME, name)


def find_known(text: str, known: KnownPersons) -> Iterator[Span]:
    for name in sorted(known.names, key=len, reverse=True):
        yield from occurrences(text, name)


def occurrences(text: str, name: str) -> Iterator[Span]:
    start = text.find(name)
    while start >= 0:
        yield Span(start, start + len(name), Kind.NAME, name)
        start = text.find(name, start + len(name))


def find_labelled(text: str) -> Iterator[Span]:
    for pattern, certain in ((STRONG, True), (WEAK, False)):
        for match in pattern.finditer(text):
            end = end_of_name(text, match.end(), certain=certain)
            if end is not None:
                yield Span(match.end(), end, Kind.NAME, text[match.end() : end])


def end_of_name(text: str, start: int, *, certain: bool) -> int | None:
    """Where the name that begins at `start` ends; None where none begins or a title follows."""
    if certain and (other := LATIN_NAME.match(text, start) or DOTTED_NAME.match(text, start)):
        return other.end()
    surname = 2 if text[start : start + 2] in COMPOUND_SURNAMES else 1
    if TITLES.match(text, start + surname):
        return None
    lengths = [
        length
        for length in (surname + 2, surname + 1)
        if is_name(text, start, start + length, SURNAMES)
    ]
    for length in lengths:
        if NEXT_WORD.match(text, start + length):
            return start + length
    if not certain:
        return None
    if lengths:
        return start + lengths[0]
    # An uncommon surname: what stands alone between such a label and a sign of no word.
    alone = ALONE.match(text, start)
    return alone.end() if alone and NO_GIVEN_NAME.isdisjoint(alone[0]) else None


def is_name(text: str, start: int, end: int, surnames: frozenset[str]) -> bool:
    """By its signs alone: a surname, then signs of a given name; no word, no end of a word."""
    surname = 2 if text[start : start + 2] in COMPOUND_SURNAMES else 1
    if start < 0 or end > len(text) or (surname == 1 and text[start] not in surnames):
        return False
    if text[start : start + 2] in NOT_NAMES or text[max(0, start - 1) : start + 1] in WORD_ENDINGS:
        return False
    given = text[start + surname : end]
    return not given or (HAN.fullmatch(given) is not None and NO_GIVEN_NAME.isdisjoint(given))


def find_titled(text: str) -> Iterator[Span]:
    for match in TITLES.finditer(text):
        start = start_of_name(text, match)
        if start is not None:
            yield Span(start, match.start(), Kind.NAME, text[start : match.start()])


def start_of_name(text: str, title: re.Match[str]) -> int | None:
    """The longest name that ends where the title begins; before 经理 only a plain surname."""
    end = title.start()
    surnames = SURNAMES if title[0] in POLITE else PLAIN_SURNAMES
    for start in range(max(0, end - LOOK_BACK), end):
        compound = text[start : start + 2] in COMPOUND_SURNAMES
        begins = compound or (end - start < LOOK_BACK and text[start] in surnames)
        if begins and is_name(text, start, end, surnames):
            return start
    return None
