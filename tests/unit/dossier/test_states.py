"""Every combination of what the owners say has exactly one overall state."""

from itertools import product

import pytest

from services.dossier.domain.states import (
    STATE_ZH,
    TERMINAL,
    ClassifierState,
    IntakeState,
    OverallState,
    RouterState,
    overall_state,
)

COMBINATIONS = list(product([None, *IntakeState], [None, *ClassifierState], [None, *RouterState]))


@pytest.mark.parametrize(("intake", "classifier", "router"), COMBINATIONS)
def test_what_the_latest_owner_says_is_the_overall_state(
    intake: IntakeState | None, classifier: ClassifierState | None, router: RouterState | None
) -> None:
    state = overall_state(intake, classifier, router)
    assert state in OverallState
    if classifier is ClassifierState.WITHDRAWN and router is not RouterState.CLOSED:
        assert state is OverallState.WITHDRAWN
    else:
        assert state == (router or classifier or intake or "SUBMITTED")


def test_the_vocabulary_has_the_nineteen_states_and_a_chinese_word_for_each() -> None:
    assert len(OverallState) == 19
    assert set(STATE_ZH) == set(OverallState)
    assert len(set(STATE_ZH.values())) == 19


def test_a_closed_appeal_is_closed_whatever_else_is_said() -> None:
    for intake, classifier, router in COMBINATIONS:
        if router is RouterState.CLOSED:
            assert overall_state(intake, classifier, router) in TERMINAL
