"""Whom the submission itself names: found in its text wherever they stand."""

from dataclasses import dataclass, field
from typing import Final

from services.intake.domain.identity import half_width, normalise_phone
from services.intake.domain.masking.name_words import words

# What people write into a contact's name and what is no name.
ROLES: Final = words(
    "联系人 负责人 经办人 老板 经理 总经理 店长 厂长 主管 前台 客服 人事 行政 财务 会计 "
    "文员 业主 员工 公司 企业 本人 匿名 保密 个人 群众 市民 来电人 先生 女士 小姐 老师 师傅 "
    "不详 未知 不愿透露"
)
HONORIFICS: Final = ("先生", "女士", "小姐", "老师", "师傅", "经理", "主任", "老板")
COMPANY_ENDINGS: Final = (
    "公司",
    "厂",
    "店",
    "部",
    "中心",
    "集团",
    "工作室",
    "事务所",
    "商行",
    "局",
)
LONGEST_NAME: Final = 40
SHORTEST_NAME: Final = 2
SHORTEST_LATIN_NAME: Final = 4
SHORTEST_PHONE: Final = 7


@dataclass(frozen=True, slots=True)
class KnownPersons:
    """`enterprise` is public and stays readable, even where it holds a person's name."""

    names: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    enterprise: str | None = None

    @classmethod
    def of_contact(
        cls, name: str | None, phone: str | None, enterprise: str | None
    ) -> "KnownPersons":
        return cls(
            names=() if name is None else personal_names(name),
            phones=() if phone is None else spellings(phone),
            enterprise=enterprise,
        )


def personal_names(name: str) -> tuple[str, ...]:
    """Nothing where the field holds a role, a company or a surname alone."""
    bare = name.strip()
    for honorific in HONORIFICS:
        bare = bare.removesuffix(honorific)
    shortest = SHORTEST_LATIN_NAME if bare.isascii() else SHORTEST_NAME
    if bare in ROLES or bare.endswith(COMPANY_ENDINGS):
        return ()
    return (bare,) if shortest <= len(bare) <= LONGEST_NAME else ()


def spellings(phone: str) -> tuple[str, ...]:
    """As written and as dialled; too short a number would be found in prices and dates."""
    candidates = {half_width(phone).strip(), normalise_phone(phone)}
    return tuple(
        sorted(
            (
                candidate
                for candidate in candidates
                if sum(sign.isdigit() for sign in candidate) >= SHORTEST_PHONE
            ),
            key=len,
            reverse=True,
        )
    )
