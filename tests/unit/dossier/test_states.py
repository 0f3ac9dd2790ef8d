"""Every combination of what the owners say has exactly one overall state."""

from itertools import product
from typing import get_args

from libs.common.contracts.router import Stage
from services.dossier.domain.states import (
    STATE_ZH,
    ClassifierState,
    IntakeState,
    OverallState,
    Owners,
    RouterState,
)

COMBINATIONS = [
    Owners(*one)
    for one in product([None, *IntakeState], [None, *ClassifierState], [None, *RouterState])
]
# Written out from the table of domain.md and not taken from the code.
ENDS = {"NOT_ACCEPTED", "TRANSFERRED_OUT", "CLOSED", "WITHDRAWN"}


def in_plain_words(owners: Owners) -> str:
    """Rule 22, said once more without the code's own words."""
    intake, classifier, router = (one.value if one else None for one in owners)
    for word in (router, classifier, intake):
        if word in ENDS:
            return word
    if router in {"ACCEPTED", "REVIEW_PENDING"} and classifier is not None:
        return classifier
    if router is not None:
        return router
    if classifier is not None:
        return classifier
    return intake or "SUBMITTED"


def test_the_full_product_of_the_owners_states_maps_to_exactly_one_of_the_nineteen() -> None:
    assert len(COMBINATIONS) == 10 * 4 * 18
    for owners in COMBINATIONS:
        assert owners.overall in OverallState
        assert owners.overall == in_plain_words(owners), owners


def test_every_one_of_the_nineteen_states_can_be_said() -> None:
    assert {owners.overall for owners in COMBINATIONS} == set(OverallState)


def test_the_vocabulary_has_the_nineteen_states_and_a_chinese_word_for_each() -> None:
    assert len(OverallState) == 19
    assert set(STATE_ZH) == set(OverallState)
    assert len(set(STATE_ZH.values())) == 19


def test_whatever_the_owners_say_is_a_state_that_people_see() -> None:
    said = {*IntakeState, *ClassifierState, *RouterState}
    assert {one.value for one in said} == {one.value for one in OverallState}


def test_every_stage_that_router_can_name_is_a_word_of_router() -> None:
    assert {stage.upper() for stage in get_args(Stage)} == {one.value for one in RouterState}


def test_an_appeal_that_router_handed_back_stands_where_the_classifier_says() -> None:
    back = Owners(IntakeState.ACCEPTED, ClassifierState.REVIEW_PENDING, RouterState.ACCEPTED)
    assert back.overall is OverallState.REVIEW_PENDING
    named = back._replace(classifier=ClassifierState.CLASSIFIED)
    assert named.overall is OverallState.CLASSIFIED
    sent = named._replace(router=RouterState.DISPATCHED)
    assert sent.overall is OverallState.DISPATCHED


def test_an_answer_at_intake_that_is_not_accepted_is_an_accepted_appeal_again() -> None:
    answered = Owners(intake=IntakeState.CALLBACK_PENDING)
    assert answered.overall is OverallState.CALLBACK_PENDING
    anew = answered._replace(router=RouterState.ACCEPTED)
    assert anew.overall is OverallState.ACCEPTED


def test_only_router_can_reopen_what_router_closed() -> None:
    closed = Owners(IntakeState.ACCEPTED, ClassifierState.CLASSIFIED, RouterState.CLOSED)
    assert closed.overall is OverallState.CLOSED
    assert closed._replace(router=RouterState.REWORK).overall is OverallState.REWORK
