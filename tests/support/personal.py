"""Appeals full of invented personal data, and a search for it everywhere that it must not be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import asyncpg

from libs.common.contracts.topics import SERVICES, Topic
from libs.common.settings import KafkaSettings
from tests.support.intake import submission
from tests.support.published import read_records
from tests.unit.intake.generated import (
    full_width,
    grouped,
    with_id_check,
    with_luhn,
)

SEED: Final = 20261123
END: Final = ""
BYTES: Final = re.compile(r"\\+x((?:[0-9a-f]{2})+)")
# The two places that may hold what was sent; all else lies open to five services and auditors.
CLOSED: Final = ("intake.vault", "intake.dead_letters")
TABLES: Final = """
    SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = ANY($1::text[])
"""
TEXTS: Final = (
    "本人{name}，手机{phone}，身份证{card}，厂房停电三天，请尽快协调供电。",
    "联系人：{name}，电话：{spelled}。贷款审批拖延，还款账户{bank}，请银行说明。",
    "货车{plate}被扣，司机身份证号码为{card}，请交警部门核实，回复到{mail}。",
    "请把补贴打到卡号 {spaced}，户名{name}，邮箱 {mail}，联系 {phone}。",
    "（{phone}）车牌号{plate}，园区道路积水，员工{name}受伤，银行卡{bank}。",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Every value as it stands in a text; none belongs to anybody."""

    values: Mapping[str, str]

    @property
    def needles(self) -> Sequence[str]:
        return tuple(self.values.values())


def person(random: Random, number: int) -> Person:
    def digits(count: int) -> str:
        return "".join(random.choices("0123456789", k=count))

    phone = f"1{random.choice('3578')}{digits(9)}"
    bank = with_luhn(f"622202{digits(12)}")
    spellings = (grouped(phone, (3, 4, 4), "-"), grouped(phone, (3, 4, 4), " "), full_width(phone))
    # Of five signs at most two are letters, as on real plates; the new ones have six.
    plate = random.choice("ABCDEFGHJK") + digits(3) + random.choice("LMNPQ")
    new_plate = "D" + digits(5)
    return Person(
        {
            "name": random.choice("赵钱孙李周吴郑") + chr(0x5000 + number) + "澜",
            "phone": phone,
            "spelled": random.choice(spellings),
            "card": with_id_check(f"4403061985{random.randrange(10, 13)}1{digits(4)}"),
            "bank": bank,
            "spaced": grouped(with_luhn(f"621700{digits(12)}"), (4, 4, 4, 4, 3), " "),
            "mail": f"u{digits(7)}@mail.example",
            "plate": random.choice((f"粤B{plate}", f"粤B·{plate}", f"粤B{new_plate}")),
        }
    )


def persons(count: int) -> list[Person]:
    random = Random(SEED)  # noqa: S311 - invented, the same each time
    return [person(random, number) for number in range(count)]


def appeal_of(one: Person, number: int, more: str = "") -> tuple[dict[str, object], Sequence[str]]:
    """The submission, and the values of it that must be found in the vault alone.

    `more` stands at the end of the text; what it holds is not among the values.
    """
    values = one.values
    text = TEXTS[number % len(TEXTS)].format(**values) + more
    contact = {key: values[key] for key in ("name", "phone")} | {"email": values["mail"]}
    told = submission(f"PD{number:05}", text=text, title=f"来电{values['phone']}", contact=contact)
    needles = {values["name"], values["phone"], values["mail"]}
    needles |= {value for value in values.values() if value in text}
    return told, sorted(needles)


@dataclass(frozen=True, slots=True)
class Haystack:
    """One place and what stands in it; bytes of the database are read as the text that they are."""

    place: str
    content: str

    def found(self, needles: re.Pattern[str]) -> set[str]:
        """Which of the needles stand here, whatever stands around them."""
        here: set[str] = set()
        position = 0
        while match := needles.search(self.content, position):
            here.add(match[0])
            position = match.start() + 1
        return here


def any_of(needles: Iterable[str]) -> re.Pattern[str]:
    """One pattern for thousands of values, as a tree: what they begin with is looked at once.

    Where one value begins another, only the shorter is found.
    """
    tree: dict[str, Any] = {}
    for needle in needles:
        branch = tree
        for sign in needle:
            branch = branch.setdefault(sign, {})
        branch[END] = {}
    return re.compile(as_pattern(tree))


def as_pattern(tree: Mapping[str, Any]) -> str:
    if END in tree:
        return ""
    parts = [re.escape(sign) + as_pattern(rest) for sign, rest in sorted(tree.items())]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def readable(text: str) -> str:
    """PostgreSQL writes bytes as hexadecimal."""
    return BYTES.sub(lambda match: bytes.fromhex(match[1]).decode(errors="replace"), text)


async def tables(dsn: str) -> list[Haystack]:
    connection = await asyncpg.connect(dsn)
    try:
        names = [row[0] for row in await connection.fetch(TABLES, list(SERVICES))]
        return [
            Haystack(
                name,
                readable("\n".join([row[0] for row in await connection.fetch(rows_of(name))])),
            )
            for name in names
        ]
    finally:
        await connection.close()


def rows_of(table: str) -> str:
    return f"SELECT t::text FROM {table} t"  # noqa: S608 - a name that PostgreSQL gave


async def topics(kafka: KafkaSettings) -> list[Haystack]:
    """All but what producers fill themselves."""
    found: list[Haystack] = []
    for topic in Topic:
        if topic is Topic.SUBMISSIONS:
            continue
        parts: list[bytes] = []
        for record in await read_records(kafka, topic):
            parts += [record.key or b"", record.value or b""]
            parts += [value or b"" for _, value in record.headers]
        found.append(Haystack(topic, b"\n".join(parts).decode(errors="replace")))
    return found
