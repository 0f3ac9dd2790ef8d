"""What may be done with one appeal's personal data: read it for a purpose, or erase it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias, assert_never

from libs.common.contracts.intake_vault import PersonalDataErased, VaultDisclosed, VaultEvent
from libs.common.contracts.intake_words import Confidentiality, ErasureReason
from libs.common.decider import Decider
from libs.common.ids import AppealId
from services.intake.domain.access import Reader, VaultRules, erased, view_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadVault:
    appeal_id: AppealId
    rules: VaultRules
    reader: Reader
    confidentiality: Confidentiality
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseVault:
    appeal_id: AppealId
    reason: ErasureReason
    legal_basis: str
    subject: str | None
    now: datetime


VaultCommand: TypeAlias = ReadVault | EraseVault


@dataclass(frozen=True, slots=True)
class VaultState:
    is_erased: bool = False


def decide(state: VaultState, command: VaultCommand) -> Sequence[VaultEvent]:
    match command:
        case ReadVault():
            return (disclosed(state, command),)
        case EraseVault():
            return erase(state, command)
        case _:
            assert_never(command)


def disclosed(state: VaultState, command: ReadVault) -> VaultDisclosed:
    view = view_of(command.rules, command.reader, command.confidentiality)
    if state.is_erased:
        raise erased()
    return VaultDisclosed(
        appeal_id=command.appeal_id,
        purpose=command.reader.purpose,
        fields=view.shown,
        withheld=view.withheld,
        confidentiality=command.confidentiality,
        note=command.note,
    )


def erase(state: VaultState, command: EraseVault) -> Sequence[VaultEvent]:
    """Once: what a restored backup brings back is taken away without being told of again."""
    if state.is_erased:
        return ()
    return (
        PersonalDataErased(
            appeal_id=command.appeal_id,
            reason=command.reason,
            legal_basis=command.legal_basis,
            subject=command.subject,
            erased_at=command.now,
        ),
    )


def evolve(state: VaultState, event: VaultEvent) -> VaultState:
    return VaultState(is_erased=state.is_erased or isinstance(event, PersonalDataErased))


VAULT: Final[Decider[VaultCommand, VaultState, VaultEvent]] = Decider(
    initial=VaultState(), decide=decide, evolve=evolve
)
