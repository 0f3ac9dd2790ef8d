"""Given events, when a command, then events or a refusal."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from libs.catalogue.load import load_catalogue
from libs.common.contracts.envelope import Actor
from libs.common.contracts.router import (
    ActionRefused,
    AppealDispatched,
    DispatchSigned,
    Outcome,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
    RouterEvent,
)
from libs.common.errors import RefusedError
from libs.common.ids import DepartmentCode, ItemCode
from services.router.adapters.routing import routing_table
from services.router.domain.commands import (
    ApproveResult,
    Asked,
    Dispatch,
    Rate,
    RouterCommand,
    SignDispatch,
    SubmitResult,
)
from services.router.domain.decide import router_decider
from tests.support.records import NOON, appeal, handover

ROUTER = router_decider(routing_table(load_catalogue(), version="test", fallback="qfb"))
APPEAL = appeal(1)
LEAD = DepartmentCode("gdj")
OTHER = DepartmentCode("scj")
DISPATCH = Dispatch(appeal_id=APPEAL, item=ItemCode("PUB-01"), handover=handover())
DISPATCHED = ROUTER.decide(ROUTER.initial, DISPATCH)[0]
SIGNED = DispatchSigned(appeal_id=APPEAL, department=LEAD)
SUBMITTED = ResultSubmitted(
    appeal_id=APPEAL,
    department=LEAD,
    submitted_at=NOON,
    outcome="solved",
    contacted_at=NOON - timedelta(hours=1),
    public_reply="已恢复供电",
    legal_basis=None,
)
APPROVED = ResultApproved(appeal_id=APPEAL, result_submitted_at=NOON)
RATED = RatedAcceptable(appeal_id=APPEAL, score=9)
STORY: Sequence[RouterEvent] = (DISPATCHED, SIGNED, SUBMITTED, APPROVED, RATED)


def asked(kind: str = "department", *, version: int | None = None) -> Asked:
    actor = Actor.model_validate({"kind": kind, "id": "a clerk", "unit": "gdj"})
    return Asked(
        appeal_id=APPEAL, command_id="c-1", actor=actor, now=NOON, expected_version=version
    )


def sign(department: DepartmentCode = LEAD, *, version: int | None = None) -> SignDispatch:
    return SignDispatch(asked=asked(version=version), department=department)


def submit(outcome: Outcome = "solved", department: DepartmentCode = LEAD) -> SubmitResult:
    return SubmitResult(
        asked=asked(),
        department=department,
        outcome=outcome,
        contacted_at=NOON - timedelta(hours=1),
        public_reply="已恢复供电",
        legal_basis=None,
    )


APPROVE = ApproveResult(asked=asked("supervisor"))


def rate(score: int = 9, kind: str = "firm") -> Rate:
    return Rate(asked=asked(kind), score=score)


def decide(given: Sequence[RouterEvent], command: RouterCommand) -> Sequence[RouterEvent]:
    return ROUTER.decide(ROUTER.replay(given), command)


def refusal(given: Sequence[RouterEvent], command: RouterCommand) -> str:
    with pytest.raises(RefusedError) as caught:
        decide(given, command)
    return caught.value.code


def test_a_classified_appeal_goes_to_the_lead_of_its_item() -> None:
    assert isinstance(DISPATCHED, AppealDispatched)
    assert (DISPATCHED.lead, DISPATCHED.item) == (LEAD, "PUB-01")
    assert DISPATCHED.accepted_at == DISPATCH.handover.accepted_at


def test_a_second_classification_does_not_dispatch_again() -> None:
    assert decide([DISPATCHED], DISPATCH) == ()


@pytest.mark.parametrize(
    ("step", "command"), [(1, sign()), (2, submit()), (3, APPROVE), (4, rate())]
)
def test_the_straight_way_leads_from_dispatch_to_close(step: int, command: RouterCommand) -> None:
    assert decide(STORY[:step], command) == (STORY[step],)


COMMANDS: Mapping[str, RouterCommand] = {
    "sign": sign(),
    "submit": submit(),
    "approve": APPROVE,
    "rate": rate(),
}
ALLOWED = {("sign", 1), ("submit", 2), ("approve", 3), ("rate", 4)}
FORBIDDEN = [
    (name, step) for name in COMMANDS for step in range(1, 6) if (name, step) not in ALLOWED
]


@pytest.mark.parametrize(("name", "step"), FORBIDDEN)
def test_whatever_the_state_does_not_allow_is_refused(name: str, step: int) -> None:
    assert refusal(STORY[:step], COMMANDS[name]) == "illegal_in_state"


@pytest.mark.parametrize("command", COMMANDS.values())
def test_nothing_can_be_asked_of_an_appeal_that_is_not_there(command: RouterCommand) -> None:
    assert refusal((), command) == "unknown_appeal"


def test_only_the_lead_signs_and_reports() -> None:
    assert refusal(STORY[:1], sign(OTHER)) == "not_the_lead"
    assert refusal(STORY[:2], submit(department=OTHER)) == "not_the_lead"


def test_unsolvable_without_a_legal_basis_is_refused() -> None:
    assert refusal(STORY[:2], submit("unsolvable")) == "missing_basis"


def test_a_low_score_does_not_close_the_appeal() -> None:
    assert refusal(STORY[:4], rate(7)) == "score_too_low"


def test_a_department_can_not_rate_itself() -> None:
    assert refusal(STORY[:4], rate(kind="department")) == "not_the_firm"


def test_who_saw_an_older_version_is_told_to_look_again() -> None:
    assert refusal(STORY[:1], sign(version=0)) == "stale_version"
    assert decide(STORY[:1], sign(version=1)) == (SIGNED,)


def test_a_refusal_told_as_an_event_moves_the_version_and_not_the_state() -> None:
    told = ActionRefused(
        appeal_id=APPEAL, command_id="c", action="Rate", code="x", message_zh="否", message_en="no"
    )
    assert decide([DISPATCHED, told], sign(version=2)) == (SIGNED,)
