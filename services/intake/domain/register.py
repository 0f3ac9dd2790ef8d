"""The enterprise register: what is known of a firm, and which officer follows it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias, assert_never

from libs.common.contracts.envelope import ActorKind
from libs.common.contracts.intake_register import (
    EnterpriseRegistered,
    EnterpriseUpdated,
    OfficerAssigned,
    OfficerRelieved,
    RegisterEvent,
)
from libs.common.contracts.intake_words import OfficerId
from libs.common.decider import Decider
from libs.common.ids import EnterpriseId
from services.intake.domain import refusals

KEEPERS: Final[frozenset[ActorKind]] = frozenset({"seat", "supervisor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCommandBase:
    enterprise_id: EnterpriseId
    actor_kind: ActorKind
    now: datetime
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEnterprise(RegisterCommandBase):
    uscc: str
    enterprise_name: str
    sub_district: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEnterprise(RegisterCommandBase):
    enterprise_name: str
    sub_district: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignOfficer(RegisterCommandBase):
    officer_id: OfficerId
    officer_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelieveOfficer(RegisterCommandBase):
    officer_id: OfficerId
    reason: str


RegisterCommand: TypeAlias = RegisterEnterprise | UpdateEnterprise | AssignOfficer | RelieveOfficer


@dataclass(frozen=True, slots=True)
class Enterprise:
    """Not registered while `name` is None."""

    version: int = 0
    name: str | None = None
    sub_district: str | None = None
    officer_id: OfficerId | None = None
    officer_unit: str | None = None


def decide(state: Enterprise, command: RegisterCommand) -> Sequence[RegisterEvent]:
    if command.actor_kind not in KEEPERS:
        raise refusals.not_allowed(command.actor_kind)
    if command.expected_version not in (None, state.version):
        raise refusals.stale(command.expected_version or 0, state.version)
    if state.name is None and not isinstance(command, RegisterEnterprise):
        raise refusals.enterprise_unknown()
    # The table pairs each class with the function that takes it; no type can say so.
    decision: Any = DECISIONS[type(command)]
    events: Sequence[RegisterEvent] = decision(state, command)
    return events


def register(state: Enterprise, command: RegisterEnterprise) -> Sequence[RegisterEvent]:
    if state.name is not None:
        raise refusals.enterprise_known()
    return (
        EnterpriseRegistered(
            enterprise_id=command.enterprise_id,
            uscc=command.uscc,
            enterprise_name=command.enterprise_name,
            sub_district=command.sub_district,
        ),
    )


def update(state: Enterprise, command: UpdateEnterprise) -> Sequence[RegisterEvent]:
    if (state.name, state.sub_district) == (command.enterprise_name, command.sub_district):
        return ()
    return (
        EnterpriseUpdated(
            enterprise_id=command.enterprise_id,
            enterprise_name=command.enterprise_name,
            sub_district=command.sub_district,
        ),
    )


def assign(state: Enterprise, command: AssignOfficer) -> Sequence[RegisterEvent]:
    """One officer at a time: who follows to the end must be one person."""
    if (state.officer_id, state.officer_unit) == (command.officer_id, command.officer_unit):
        return ()
    if state.officer_id is not None:
        raise refusals.has_officer(state.officer_id)
    return (
        OfficerAssigned(
            enterprise_id=command.enterprise_id,
            officer_id=command.officer_id,
            officer_unit=command.officer_unit,
            assigned_at=command.now,
        ),
    )


def relieve(state: Enterprise, command: RelieveOfficer) -> Sequence[RegisterEvent]:
    if state.officer_id != command.officer_id:
        raise refusals.no_such_officer()
    return (
        OfficerRelieved(
            enterprise_id=command.enterprise_id,
            officer_id=command.officer_id,
            reason=command.reason,
            relieved_at=command.now,
        ),
    )


def evolve(state: Enterprise, event: RegisterEvent) -> Enterprise:
    version = state.version + 1
    match event:
        case EnterpriseRegistered() | EnterpriseUpdated():
            name, place = event.enterprise_name, event.sub_district
            return replace(state, version=version, name=name, sub_district=place)
        case OfficerAssigned():
            officer, unit = event.officer_id, event.officer_unit
            return replace(state, version=version, officer_id=officer, officer_unit=unit)
        case OfficerRelieved():
            return replace(state, version=version, officer_id=None, officer_unit=None)
        case _:
            assert_never(event)


DECISIONS: Final[Mapping[type[RegisterCommandBase], Callable[..., Sequence[RegisterEvent]]]] = {
    RegisterEnterprise: register,
    UpdateEnterprise: update,
    AssignOfficer: assign,
    RelieveOfficer: relieve,
}
REGISTER: Final[Decider[Any, Enterprise, RegisterEvent]] = Decider(
    initial=Enterprise(), decide=decide, evolve=evolve
)
