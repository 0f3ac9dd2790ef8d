"""Where a text holds which kind of personal data."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    PHONE = "电话"
    DOCUMENT = "证件"
    BANK_CARD = "银行卡"
    EMAIL = "邮箱"
    PLATE = "车牌"
    ACCOUNT = "账号"
    ADDRESS = "住址"
    NAME = "姓名"


@dataclass(frozen=True, slots=True)
class Span:
    """`value` is what two spellings of the same number or name have in common."""

    start: int
    end: int
    kind: Kind
    value: str = field(repr=False)


# A number after one of these words belongs to a paper or a parcel, not to a person.
THING_NUMBER: Final = re.compile(
    "(?:单|编|订单|合同|流水|发票|批次|备案|案|注册|文|证书|许可证|序列|项目|设备|执照)"
    "编?(?:号码?|码)[ :：是为#]{0,3}$"
)
LABEL_REACH: Final = 14
# An amount or a measure, not a number to call.
UNIT: Final = re.compile(
    r"(?:\.[0-9]{1,4})? ?(?:元|万|亿|块钱|美元|港元|人民币|股|吨|度电|%|％|㎡|平)"
)
CURRENCY: Final = "¥￥$€"


def names_a_thing(text: str, start: int) -> bool:
    return THING_NUMBER.search(text, max(0, start - LABEL_REACH), start) is not None


def is_amount(text: str, start: int, end: int) -> bool:
    return UNIT.match(text, end) is not None or (start > 0 and text[start - 1] in CURRENCY)


def scan(
    pattern: re.Pattern[str], text: str, read: Callable[[re.Match[str]], Span | None]
) -> Iterator[Span]:
    """Like `finditer`, but what turns out to be nothing hides no match that begins inside it.

    Linear as long as the pattern's matches are of bounded length.
    """
    position = 0
    while match := pattern.search(text, position):
        span = read(match)
        if span is None:
            position = match.start() + 1
        else:
            yield span
            position = span.end
