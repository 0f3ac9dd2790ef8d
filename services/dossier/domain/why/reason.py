"""Why something is as it is: a statement, and the numbers, rules and versions that it stands on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from services.dossier.domain.life.happenings import Happening
from services.dossier.domain.lines import Line, Names

Subject: TypeAlias = Literal["classification", "dispatch", "deadline", "escalation", "handling"]
SUBJECT: Final = {
    "classification": Line("为何这样分类", "why classified so"),
    "dispatch": Line("为何派给该单位", "why dispatched there"),
    "deadline": Line("为何是这个期限", "why this deadline"),
    "escalation": Line("为何催办督办", "why escalated"),
    "handling": Line("办理中的决定", "decisions on the way"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One number, rule or version, with what it is called."""

    zh: str
    en: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`said` is the entry that holds it: nothing here comes from anywhere else."""

    subject: Subject
    what: Line
    at: datetime
    said: Happening
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """How codes are called; a code that the catalogue does not know is shown as it is."""

    names: Names

    def of(self, code: str | None) -> str:
        if not code:
            return "-"
        line = self.names.get(code)
        return f"{line.zh} {code}" if line else code


def percent(basis_points: int) -> str:
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02}%"


def ground(zh: str, en: str, value: object) -> Ground:
    return Ground(zh=zh, en=en, value=str(value))
