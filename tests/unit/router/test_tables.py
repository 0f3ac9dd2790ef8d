"""The router's tables leave nothing out, and its numbers are those that clocks run by."""

from typing import get_args

import pytest

from libs.common.contracts.actions import ACTION, ROUTER_ACTIONS
from libs.common.contracts.intake_actions import INTAKE_ACTIONS
from libs.common.contracts.review_actions import CLASSIFIER_ACTIONS
from libs.common.contracts.router import (
    ROUTER_EVENTS,
    DispatchSigned,
    OrderIssued,
    OrderProgressed,
)
from libs.common.errors import RefusedError
from libs.common.ids import DepartmentCode
from services.router.domain.commands import Act, CountSettled, HeardCommand
from services.router.domain.decide import ASKED, HEARD
from services.router.domain.evolve import MOVES
from services.router.domain.refusals import WORDS, refused
from services.router.domain.roles import OPEN_TO
from services.router.domain.stage_after import ALWAYS
from services.sla.adapters.policy_files import load_policy
from tests.support.records import NOON, handover
from tests.unit.router.asking import APPEAL, KEY, act, command_of
from tests.unit.router.reference import Asked
from tests.unit.router.rules import ROUTER, RULES

SIGNED = (
    *ROUTER.decide(ROUTER.initial, command_of(Asked("named", NOON), 0, handover())),
    DispatchSigned(appeal_id=APPEAL, department=DepartmentCode("gdj")),
)

# They are for readers: nothing that the router decides later depends on them.
FOR_READERS = {
    "ActionRefused",
    "CatalogueChangeProposed",
    "ConfidentialitySet",
    "Corrected",
    "InterimReplied",
    "MergeDeclined",
    "MilestoneReported",
    "OrderItemSettled",
}


def test_every_action_has_somebody_who_may_ask_it_and_a_decision() -> None:
    assert set(OPEN_TO) == ROUTER_ACTIONS
    assert set(ASKED) == ROUTER_ACTIONS - {"issue-order"}


def test_no_two_services_take_an_action_of_the_same_name() -> None:
    assert not ROUTER_ACTIONS & INTAKE_ACTIONS
    assert not ROUTER_ACTIONS & CLASSIFIER_ACTIONS


def test_every_heard_command_has_a_decision() -> None:
    assert set(HEARD) == set(get_args(HeardCommand)) - {CountSettled}


def test_every_event_moves_something_or_is_for_readers() -> None:
    moving = {event.__name__ for event in MOVES} | {OrderIssued.__name__, OrderProgressed.__name__}
    assert {event.__name__ for event in ROUTER_EVENTS} == moving | FOR_READERS
    assert set(ALWAYS) <= set(MOVES)


def test_a_refusal_speaks_both_languages_and_fills_in_its_words() -> None:
    fields = dict.fromkeys(
        [
            "state",
            "action",
            "expected",
            "version",
            "kinds",
            "department",
            "departments",
            "lead",
            "until",
            "item",
            "rounds",
            "days",
            "times",
            "score",
            "field",
        ],
        "X",
    )
    for code in WORDS:
        told = refused(code, **fields)
        assert told.message_zh
        assert told.message_en
        assert "{" not in str(told)


def test_the_return_window_of_the_router_is_that_of_the_national_policy() -> None:
    policy = load_policy("national")
    window = RULES.protocol.return_window
    assert policy.rule("return_window", "normal").limit == window.normal
    assert policy.rule("return_window", "urgent").limit == window.urgent


def test_every_number_of_the_protocol_says_where_it_is_from() -> None:
    told = set(type(RULES.protocol).model_fields) - {"version", "sources"}
    assert set(RULES.protocol.sources) == told


TYPED = (
    ("企业联系人电话13800001234，已告知", True),
    ("身份证440306199001011234的当事人", True),
    ("证号44030619900101123x", True),
    ("邮箱 someone@example.com 已回复", True),
    ("工单GD20260302000117，金额1380000元", False),
    ("统一社会信用代码91440306MA5DEMX00H", False),
    ("二〇二六年三月二日已恢复供电", False),
)


@pytest.mark.parametrize(("text", "is_personal"), TYPED)
def test_what_plainly_names_a_person_does_not_enter_an_event(
    text: str,
    is_personal: bool,  # noqa: FBT001
) -> None:
    said = act(Asked("sign", NOON), 1).action.model_dump() | {"action": "reply-interim"}
    action = ACTION.validate_python({**said, "reply": text})
    state = ROUTER.replay(SIGNED)
    command = Act(action=action.model_copy(update={"expected_version": None}), key=KEY, now=NOON)
    if not is_personal:
        assert ROUTER.decide(state, command)
        return
    with pytest.raises(RefusedError) as caught:
        ROUTER.decide(state, command)
    assert caught.value.code == "personal_data"
    assert text not in str(caught.value)
