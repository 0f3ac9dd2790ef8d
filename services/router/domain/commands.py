"""What may be asked of the router about one appeal."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from libs.common.contracts.classifier import Handover
from libs.common.contracts.envelope import Actor
from libs.common.contracts.router import Outcome
from libs.common.ids import AppealId, DepartmentCode, ItemCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """The classifier, or a person, has named the item."""

    appeal_id: AppealId
    item: ItemCode
    handover: Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked from outside, and when it arrived."""

    appeal_id: AppealId
    command_id: str
    actor: Actor
    now: datetime
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FromOutside:
    asked: Asked

    @property
    def appeal_id(self) -> AppealId:
        return self.asked.appeal_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SignDispatch(FromOutside):
    department: DepartmentCode


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitResult(FromOutside):
    department: DepartmentCode
    outcome: Outcome
    contacted_at: datetime
    public_reply: str
    legal_basis: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveResult(FromOutside): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(FromOutside):
    score: int


RouterCommand: TypeAlias = Dispatch | SignDispatch | SubmitResult | ApproveResult | Rate
