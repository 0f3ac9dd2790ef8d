"""Histories that the router's own rules allow: the dossier sees the state that the router is in."""

from datetime import timedelta
from random import Random
from typing import Final

from libs.calendar.load import load_calendar
from services.dossier.domain.ledger.segments import account_of
from services.dossier.domain.ledger.turns import turns_of
from services.dossier.domain.life.life import identity_of
from services.dossier.domain.moves import moved
from services.dossier.domain.rates.marking import marked
from services.dossier.domain.rates.marks import LANES, OUTCOMES
from services.dossier.domain.states import ClassifierState, IntakeState, Owners, RouterState
from services.router.domain.standing import stage_of
from tests.support.records import handover
from tests.unit.dossier.story import APPEAL, Story
from tests.unit.router.reference import Memory
from tests.unit.router.rules import RULES
from tests.unit.router.test_against_the_table import (
    OPENINGS,
    STEPS_A_HISTORY,
    History,
)

HISTORIES: Final = 400
CALENDAR: Final = load_calendar()
BEFORE: Final = Owners(IntakeState.ACCEPTED, ClassifierState.CLASSIFIED)


def played(dice: Random, seen: set[str]) -> tuple[History, Story]:
    """A history, and the same one as the dossier hears it; `seen` takes each state on the way."""
    history, story = History(handover(), Memory(RULES.calendar, is_urgent=False)), Story(APPEAL)
    opening = [(command,) for command in dice.choice(OPENINGS).split()]
    for step in (*opening, *(None,) * STEPS_A_HISTORY):
        told = len(history.events)
        if step is None:
            history.step(dice.randbytes(4))
        else:
            history.open(step)
        for event in history.events[told:]:
            story.say(history.now, event)
        check_state(history)
        seen.add(history.m.state)
    return history, story


def check_state(history: History) -> None:
    if history.m.state == "nowhere":
        return
    owners = BEFORE
    for event in history.events:
        owners = moved(owners, event)
    assert owners.router is RouterState(stage_of(history.state.at).upper())
    assert owners.overall.value in {state.value for state in owners if state is not None}


def test_the_overall_state_follows_the_router_through_its_own_histories() -> None:
    dice = Random(7)  # noqa: S311 - no secret
    seen: set[str] = set()
    for _ in range(HISTORIES):
        played(dice, seen)
    # `accepted` is passed through within one decision: a review is asked for at once.
    assert {state.value.lower() for state in RouterState} - {"accepted"} <= seen


def test_in_every_such_history_the_ledger_adds_up_and_one_outcome_is_true() -> None:
    dice = Random(11)  # noqa: S311 - no secret
    for _ in range(HISTORIES // 2):
        history, story = played(dice, set())
        until = history.now + timedelta(hours=30)
        life = story.life(until)
        found = account_of(CALENDAR, turns_of(life.happenings, until), until)
        assert sum(one.working_seconds for one in found.segments) == found.working_seconds
        assert sum(one.calendar_seconds for one in found.segments) == found.calendar_seconds
        marks = marked(life, identity_of(life), CALENDAR).marks
        assert len(marks & set(OUTCOMES)) == len(marks & set(LANES)) == 1
