"""The router's tables leave nothing out, and its numbers are those that clocks run by."""

from typing import get_args

from libs.common.contracts.actions import ROUTER_ACTIONS
from libs.common.contracts.intake_actions import INTAKE_ACTIONS
from libs.common.contracts.review_actions import CLASSIFIER_ACTIONS
from libs.common.contracts.router import ROUTER_EVENTS, OrderIssued, OrderProgressed
from services.router.domain.commands import CountSettled, HeardCommand
from services.router.domain.decide import ASKED, HEARD
from services.router.domain.evolve import MOVES
from services.router.domain.refusals import WORDS, refused
from services.router.domain.roles import OPEN_TO
from services.router.domain.stage_after import ALWAYS
from services.sla.adapters.policy_files import load_policy
from tests.unit.router.rules import RULES

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
