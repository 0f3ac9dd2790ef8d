"""Who may see which field of the vault: need to know, as data. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from libs.common.contracts.intake_words import Confidentiality, Purpose, VaultField
from libs.common.errors import RefusedError

Role: TypeAlias = Literal["seat", "supervisor", "officer", "department", "callback"]
ALL_FIELDS: Final[tuple[VaultField, ...]] = (
    "text",
    "title",
    "supplements",
    "contact.name",
    "contact.phone",
    "contact.email",
)


@dataclass(frozen=True, slots=True)
class RoleRule:
    purposes: frozenset[Purpose]
    fields: Mapping[Confidentiality, frozenset[VaultField]]


@dataclass(frozen=True, slots=True)
class VaultRules:
    version: str
    roles: Mapping[Role, RoleRule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """`is_concerned` is true for the firm's own officer and the appeal's own lead."""

    role: Role
    purpose: Purpose
    wanted: Sequence[VaultField]
    is_concerned: bool


@dataclass(frozen=True, slots=True)
class View:
    """In the order of the contract; `withheld` was asked for and is not shown."""

    shown: tuple[VaultField, ...]
    withheld: tuple[VaultField, ...]


def view_of(rules: VaultRules, reader: Reader, confidentiality: Confidentiality) -> View:
    """Raises RefusedError for a purpose that the role does not have, or where nothing is left."""
    rule = rules.roles.get(reader.role)
    if rule is None or reader.purpose not in rule.purposes:
        raise no_such_purpose()
    if not reader.is_concerned:
        raise not_concerned()
    allowed = rule.fields[confidentiality]
    shown = in_order(allowed.intersection(reader.wanted))
    if not shown:
        raise nothing_to_show()
    return View(shown, in_order(set(reader.wanted) - allowed))


def in_order(fields: Collection[VaultField]) -> tuple[VaultField, ...]:
    return tuple(sorted(fields, key=ALL_FIELDS.index))


def no_such_purpose() -> RefusedError:
    return RefusedError(
        "purpose_not_allowed",
        "该身份不能以此用途查阅原文，请选择允许的用途，或由督查人员查阅。",
        "this role may not read the vault for this purpose; choose another, or ask a supervisor.",
    )


def not_concerned() -> RefusedError:
    return RefusedError(
        "not_concerned",
        "您不是本件的主办单位或该企业的挂点干部，不能查阅。",
        "you neither lead this appeal nor follow this firm.",
    )


def nothing_to_show() -> RefusedError:
    return RefusedError(
        "withheld",
        "按最小必要原则，该身份不能查看所请求的字段；保密件和举报件请由督查人员查阅。",
        "by need to know this role is shown none of these fields; for confidential appeals ask a "
        "supervisor.",
    )


def erased() -> RefusedError:
    return RefusedError(
        "erased",
        "该诉求的个人信息已依法删除，只有脱敏内容可查。",
        "the personal data of this appeal has been erased; only the masked text is left.",
    )
