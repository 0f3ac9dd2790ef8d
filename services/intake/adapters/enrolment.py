"""What is asked of the enterprise register, as commands for its streams."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, assert_never
from uuid import UUID

from libs.common.contracts import register_actions as actions
from libs.common.contracts.register_actions import RegisterAction
from libs.common.errors import RefusedError
from libs.common.fingerprints import fingerprints
from libs.common.ids import EnterpriseId, enterprise_id_of, named_id
from libs.common.subscription import Request
from services.intake.adapters.actions import blank, checked_uscc, masked, public_name
from services.intake.domain import register
from services.intake.domain.masking import KnownPersons
from services.intake.domain.register import RegisterCommand
from services.intake.domain.submission import find_sub_district

NOBODY: Final = KnownPersons()


@dataclass(frozen=True, slots=True)
class Enrolment:
    fingerprint_key: bytes = field(repr=False)
    sub_districts: Mapping[str, str]
    partition_of: Callable[[str], int]

    def request(self, action: RegisterAction, now: datetime) -> Request[RegisterCommand]:
        """Key and stream are the enterprise's own. Raises RefusedError."""
        command = self.command_of(action, now)
        key = str(command.enterprise_id)
        cause = named_id(f"register-action:{action.command_id}")
        return Request(
            command=command,
            stream_id=stream_of(command.enterprise_id),
            partition=self.partition_of(key),
            key=key,
            subject=key,
            causation_id=cause,
            correlation_id=command.enterprise_id,
            actor=action.actor,
            command_id=f"register:{action.command_id}",
            fingerprints=fingerprints(self.fingerprint_key, action.model_dump(mode="json")),
        )

    def command_of(self, action: RegisterAction, now: datetime) -> RegisterCommand:
        about: dict[str, Any] = {
            "actor_kind": action.actor.kind,
            "now": now,
            "expected_version": action.expected_version,
        }
        match action:
            case actions.RegisterEnterpriseAction():
                uscc = checked_uscc(action.uscc)
                return register.RegisterEnterprise(
                    enterprise_id=enterprise_id_of(uscc),
                    uscc=uscc,
                    enterprise_name=name_of(action.enterprise_name),
                    sub_district=self.place_of(action.sub_district),
                    **about,
                )
            case actions.UpdateEnterpriseAction():
                return register.UpdateEnterprise(
                    enterprise_id=action.enterprise_id,
                    enterprise_name=name_of(action.enterprise_name),
                    sub_district=self.place_of(action.sub_district),
                    **about,
                )
            case _:
                return officer_command(action, about)

    def place_of(self, word: str | None) -> str | None:
        if word is None or not word.strip():
            return None
        code = find_sub_district(word, self.sub_districts)
        if code is None:
            raise RefusedError(
                "sub_district",
                "街道不在本区街道名单中，请填写名单中的名称或代码。",
                "this is not a sub-district of this district; use a name or code of the list.",
            )
        return code


def officer_command(
    action: actions.AssignOfficerAction | actions.RelieveOfficerAction, about: dict[str, Any]
) -> RegisterCommand:
    officer: dict[str, Any] = {
        "enterprise_id": action.enterprise_id,
        "officer_id": action.officer_id,
    }
    match action:
        case actions.AssignOfficerAction():
            return register.AssignOfficer(officer_unit=action.officer_unit, **officer, **about)
        case actions.RelieveOfficerAction():
            reason = str(masked("reason", action.reason, NOBODY))
            return register.RelieveOfficer(reason=reason, **officer, **about)
        case _:
            assert_never(action)


def name_of(written: str) -> str:
    name = public_name(written)
    if name is None:
        raise blank("enterprise_name")
    return name


def stream_of(enterprise_id: UUID | EnterpriseId) -> str:
    return f"intake-enterprise-{enterprise_id}"
