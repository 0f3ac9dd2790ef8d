"""Whether an appeal has come in."""

from dataclasses import dataclass
from typing import TypeAlias

from libs.common.contracts.intake import AppealAccepted, AppealSubmitted, IntakeEvent


@dataclass(frozen=True, slots=True)
class NotSubmitted: ...


@dataclass(frozen=True, slots=True)
class Submitted: ...


@dataclass(frozen=True, slots=True)
class Accepted: ...


IntakeState: TypeAlias = NotSubmitted | Submitted | Accepted


def evolve(state: IntakeState, event: IntakeEvent) -> IntakeState:
    match event:
        case AppealSubmitted():
            return Submitted()
        case AppealAccepted():
            return Accepted()
        case _:
            return state
