"""Rules that ship as data, or stand in a file of the deployment's own; checked before use."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from libs.common.contracts.intake_words import (
    Confidentiality,
    Purpose,
    RejectionCode,
    VaultField,
)
from libs.common.contracts.values import AppealKind, Version
from services.intake.domain.access import Role, RoleRule, VaultRules
from services.intake.domain.retention import RetentionRules, Schedule
from services.intake.domain.rules import (
    Decision,
    IntakeRules,
    Lacking,
    RejectionClass,
    ScreeningRule,
)

DATA: Final = files("services.intake") / "data"
STRICT: Final = ConfigDict(frozen=True, extra="forbid")
M = TypeVar("M", bound=BaseModel)


class RuleFileError(ValueError):
    """A rule file that can not be used; the text says where and why."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"规则文件 {name} 无效，请更正：{what}\nthe rule file {name} is not usable: {what}"
        )


class RuleModel(BaseModel):
    id: str = Field(min_length=1, max_length=100)
    decision: Decision
    channels: frozenset[str] = frozenset()
    producers: frozenset[str] = frozenset()
    kinds: frozenset[AppealKind] = frozenset()
    lacks: frozenset[Lacking] = frozenset()
    model_config = STRICT

    def rule(self) -> ScreeningRule:
        return ScreeningRule(**self.model_dump())


class ScreeningFile(BaseModel):
    version: Version
    rules: tuple[RuleModel, ...] = Field(min_length=1)
    model_config = STRICT

    @model_validator(mode="after")
    def last_rule_holds_for_all(self) -> "ScreeningFile":
        last = self.rules[-1]
        if last.channels or last.producers or last.kinds or last.lacks:
            message = "the last rule must have no condition"
            raise ValueError(message)
        return self


class ClassModel(BaseModel):
    name_zh: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    legal_path_zh: str = Field(min_length=1, max_length=500)
    legal_path_en: str = Field(min_length=1, max_length=500)
    model_config = STRICT


class RejectionsFile(BaseModel):
    version: Version
    classes: dict[RejectionCode, ClassModel]
    model_config = STRICT

    @model_validator(mode="after")
    def every_class_is_there(self) -> "RejectionsFile":
        if missing := set(get_args(RejectionCode)) - self.classes.keys():
            message = f"missing classes: {sorted(missing)}"
            raise ValueError(message)
        return self


class RoleModel(BaseModel):
    purposes: frozenset[Purpose]
    normal: frozenset[VaultField]
    confidential: frozenset[VaultField]
    whistleblower: frozenset[VaultField]
    model_config = STRICT


class VaultFile(BaseModel):
    version: Version
    roles: dict[Role, RoleModel]
    model_config = STRICT


class ScheduleModel(BaseModel):
    days_after_end: int = Field(ge=1, le=36_500)
    days_at_most: int = Field(ge=1, le=36_500)
    model_config = STRICT


class RetentionFile(BaseModel):
    version: Version
    legal_basis: str = Field(min_length=1, max_length=500)
    channels: dict[str, ScheduleModel]
    model_config = STRICT

    @model_validator(mode="after")
    def default_is_there(self) -> "RetentionFile":
        if "default" not in self.channels:
            message = "channels.default is missing"
            raise ValueError(message)
        return self


def load_rules(screening: Path | None = None) -> IntakeRules:
    """Raises RuleFileError."""
    screens = read(ScreeningFile, "screening.toml", screening)
    rejections = read(RejectionsFile, "rejections.toml")
    return IntakeRules(
        screening_version=screens.version,
        screening=[one.rule() for one in screens.rules],
        rejections_version=rejections.version,
        rejections={c: RejectionClass(**m.model_dump()) for c, m in rejections.classes.items()},
    )


def load_vault_rules(path: Path | None = None) -> VaultRules:
    """Raises RuleFileError."""
    found = read(VaultFile, "vault.toml", path)
    roles: dict[Role, RoleRule] = {}
    for role, model in found.roles.items():
        fields: dict[Confidentiality, frozenset[VaultField]] = {
            "normal": model.normal,
            "confidential": model.confidential,
            "whistleblower": model.whistleblower,
        }
        roles[role] = RoleRule(model.purposes, fields)
    return VaultRules(found.version, roles)


def load_retention(path: Path | None = None) -> RetentionRules:
    """Raises RuleFileError."""
    found = read(RetentionFile, "retention.toml", path)
    schedules = {
        name: Schedule(one.days_after_end, one.days_at_most) for name, one in found.channels.items()
    }
    return RetentionRules(found.version, found.legal_basis, schedules)


def read(model: type[M], name: str, path: Path | None = None) -> M:
    source = DATA / name if path is None else path
    try:
        entries: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
        return model.model_validate(entries)
    except (ValidationError, tomllib.TOMLDecodeError, OSError) as error:
        raise RuleFileError(name if path is None else path.name, str(error)) from error
