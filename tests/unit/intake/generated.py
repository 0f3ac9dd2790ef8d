"""Invented numbers of every kind that has a shape, as hypothesis strategies."""

from datetime import date

from hypothesis import strategies as st

from services.intake.domain.identity import ID_CARD_CHECKS, ID_CARD_WEIGHTS

PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
PLATE_SIGNS = PLATE_LETTERS + "0123456789"


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def with_luhn(body: str) -> str:
    total = 0
    for position, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 - position % 2)
        total += doubled // 10 + doubled % 10
    return body + str(-total % 10)


def with_id_check(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_CARD_WEIGHTS, strict=True))
    return body + ID_CARD_CHECKS[total % 11]


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "0" <= sign <= "9" else sign for sign in text)


def grouped(number: str, sizes: tuple[int, ...], gap: str) -> str:
    parts: list[str] = []
    for size in sizes:
        parts.append(number[:size])
        number = number[size:]
    return gap.join(parts)


def day_digits(day: date) -> str:
    return day.strftime("%Y%m%d")


def in_groups_of_four(number: str) -> str:
    return grouped(number, (4, 4, 4, len(number) - 12), " ")


def like_an_id_card(number: str) -> str:
    return grouped(number, (6, 8, 4), " ")


def first_nine(permit: str) -> str:
    return permit[:9]


def without_century(parts: tuple[str, str, str]) -> str:
    region, birthday, rest = parts
    return region + birthday[2:] + rest


MOBILES = st.tuples(st.just("1"), st.sampled_from("3456789"), digits(9)).map("".join)
CHINA_PREFIXES = st.sampled_from(["+86", "+86 ", "0086", "86-", "86", "(86)", "0"])
MOBILE_SPELLINGS = st.one_of(
    MOBILES,
    MOBILES.map(full_width),
    st.builds(
        grouped,
        MOBILES,
        st.sampled_from([(3, 4, 4), (4, 3, 4), (3, 3, 5), (5, 6), (3, 8)]),
        st.sampled_from([" ", "-", " - ", "·", "—"]),
    ),
    st.tuples(CHINA_PREFIXES, MOBILES).map("".join),
)
GAPS = st.sampled_from(["-", " ", "", "—"])
EXTENSIONS = st.sampled_from(["", "-801", "转8012"])
FIRST_DIGITS = st.sampled_from("2345678")
LANDLINES = st.one_of(
    st.tuples(
        st.sampled_from(["010", "021", "0755", "(0755)"]), GAPS, FIRST_DIGITS, digits(7), EXTENSIONS
    ).map("".join),
    st.tuples(st.sampled_from(["0570", "0660"]), GAPS, FIRST_DIGITS, digits(6), EXTENSIONS).map(
        "".join
    ),
)
BIRTHDAYS = st.dates(date(1940, 1, 1), date(2010, 12, 31)).map(day_digits)
OLD_BIRTHDAYS = st.dates(date(1940, 1, 1), date(1999, 12, 31)).map(day_digits)
REGIONS = st.sampled_from(["440306", "110101", "330802", "810000", "652301", "944156"])
ID_CARDS = st.tuples(REGIONS, BIRTHDAYS, digits(3)).map("".join).map(with_id_check)
ID_CARD_SPELLINGS = st.one_of(
    ID_CARDS,
    ID_CARDS.map(str.lower),
    ID_CARDS.map(full_width),
    ID_CARDS.map(like_an_id_card),
    st.tuples(st.just("440306"), OLD_BIRTHDAYS, digits(3)).map(without_century),
)
BANK_CARDS = (
    st.one_of(
        st.tuples(st.just("62"), st.one_of(digits(13), digits(14), digits(16))),
        st.tuples(st.sampled_from(["43", "52", "35"]), digits(13)),
    )
    .map("".join)
    .map(with_luhn)
)
BANK_CARD_SPELLINGS = st.one_of(
    BANK_CARDS, BANK_CARDS.map(full_width), BANK_CARDS.map(in_groups_of_four)
)
EMAILS = st.tuples(
    st.from_regex(r"[a-z][a-z0-9]{0,8}([._+-][a-z0-9]{1,6})?", fullmatch=True),
    st.sampled_from(["@example.cn", "@mail.example.com", "@EXAMPLE.com.cn", "@qq-example.net"]),
).map("".join)
OFFICES = st.sampled_from("ABCDEFGH")
PLATES = st.one_of(
    st.tuples(
        st.sampled_from("粤京沪浙川"),
        OFFICES,
        st.sampled_from(["", "·", " ", "-"]),
        st.sampled_from(PLATE_SIGNS),
        digits(4),
    ).map("".join),
    st.tuples(
        st.just("粤"), OFFICES, st.sampled_from("DF"), st.sampled_from(PLATE_SIGNS), digits(4)
    ).map("".join),
    st.tuples(st.just("粤B"), digits(5), st.just("D")).map("".join),
)
PERMITS = (
    st.tuples(st.sampled_from(["E", "G", "H", "M", "C", "EA"]), digits(8))
    .map("".join)
    .map(first_nine)
)
ACCOUNTS = st.one_of(
    st.tuples(st.just("微信号："), st.from_regex(r"[a-z][a-z0-9_]{5,10}[0-9]", fullmatch=True)).map(
        "".join
    ),
    st.tuples(st.just("QQ "), st.from_regex(r"[1-9][0-9]{6,8}", fullmatch=True)).map("".join),
)
# What a sentence has around a number: no sign that could be part of one.
WORDS = st.lists(
    st.sampled_from(
        [
            "请回复",
            "设备坏了",
            "，",
            "。",
            "\n",
            "每月",
            "2 台",
            "三条",
            "(加急)",
            "、",
            "；",
            "在3楼",
            " ",
        ]
    ),
    max_size=6,
).map("".join)
