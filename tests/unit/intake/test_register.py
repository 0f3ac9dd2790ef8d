"""One officer follows a firm at a time, and its history can be told."""

from typing import Any

import pytest

from libs.common.contracts.envelope import ActorKind
from libs.common.contracts.intake_register import RegisterEvent
from libs.common.errors import RefusedError
from services.intake.domain.register import (
    REGISTER,
    AssignOfficer,
    Enterprise,
    RegisterCommand,
    RegisterEnterprise,
    RelieveOfficer,
    UpdateEnterprise,
)
from tests.unit.intake.life import FIRM, NOW, USCC


def about(kind: ActorKind = "seat") -> dict[str, Any]:
    return {"enterprise_id": FIRM, "actor_kind": kind, "now": NOW}


def officer(officer_id: str) -> AssignOfficer:
    return AssignOfficer(officer_id=officer_id, officer_unit="gxj", **about())


KNOWN = RegisterEnterprise(uscc=USCC, enterprise_name="示例公司", sub_district="FH", **about())
RELIEVE = RelieveOfficer(officer_id="gd-1", reason="调岗", **about())


def after(*asked: RegisterCommand) -> Enterprise:
    state = REGISTER.initial
    for command in asked:
        for event in REGISTER.decide(state, command):
            state = REGISTER.evolve(state, event)
    return state


def decided(state: Enterprise, command: RegisterCommand) -> list[RegisterEvent]:
    return list(REGISTER.decide(state, command))


def test_a_second_officer_must_wait_until_the_first_is_relieved() -> None:
    followed = after(KNOWN, officer("gd-1"))
    with pytest.raises(RefusedError, match="gd-1 follows"):
        decided(followed, officer("gd-2"))
    assert after(KNOWN, officer("gd-1"), RELIEVE, officer("gd-2")).officer_id == "gd-2"


def test_the_same_assignment_again_says_nothing() -> None:
    assert decided(after(KNOWN, officer("gd-1")), officer("gd-1")) == []


def test_only_who_follows_can_be_relieved() -> None:
    with pytest.raises(RefusedError, match="does not follow"):
        decided(after(KNOWN), RELIEVE)


def test_nobody_follows_an_enterprise_that_is_not_registered() -> None:
    with pytest.raises(RefusedError, match="not registered"):
        decided(after(), officer("gd-1"))


def test_an_enterprise_is_registered_once_and_then_updated() -> None:
    with pytest.raises(RefusedError, match="registered already"):
        decided(after(KNOWN), KNOWN)
    same = UpdateEnterprise(enterprise_name="示例公司", sub_district="FH", **about())
    assert decided(after(KNOWN), same) == []
    moved = UpdateEnterprise(enterprise_name="示例公司", sub_district="XX", **about())
    assert after(KNOWN, moved).sub_district == "XX"


@pytest.mark.parametrize("kind", ["officer", "firm", "department"])
def test_only_seats_and_supervisors_keep_the_register(kind: ActorKind) -> None:
    command = AssignOfficer(officer_id="gd-1", officer_unit="gxj", **about(kind))
    with pytest.raises(RefusedError, match="may not do this"):
        decided(after(KNOWN), command)


def test_a_stale_command_is_refused() -> None:
    command = AssignOfficer(officer_id="gd-1", officer_unit="gxj", expected_version=0, **about())
    with pytest.raises(RefusedError, match="it is 1 now"):
        decided(after(KNOWN), command)
