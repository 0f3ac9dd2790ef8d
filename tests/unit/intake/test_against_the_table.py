"""Intake's decider does what the table says, in every state, for everybody, in any order."""

from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.contracts.envelope import Actor
from libs.common.contracts.values import AppealKind
from libs.common.errors import RefusedError
from services.intake.domain import commands
from services.intake.domain.state import (
    Accepted,
    Ended,
    HandedOver,
    InfoPending,
    IntakeState,
    Rejected,
    Submitted,
)
from tests.unit.intake import reference
from tests.unit.intake.life import FIRM, INTAKE, OFFICER, OTHER_FIRM, after, ask, submit
from tests.unit.intake.reference import ANSWERS, RANK, STATES, WHERE, Asked, Model, step

HISTORIES: Final = 10_000
LONGEST: Final = 14
SEED: Final = 20261124
WORDS: Final[Mapping[type[IntakeState], str]] = {
    Submitted: reference.OPEN,
    InfoPending: reference.ASKED,
    Rejected: reference.REFUSED,
    HandedOver: reference.GIVEN,
    Accepted: reference.TAKEN,
    Ended: reference.OVER,
}
KINDS: Final = ("seat", "supervisor", "officer", "firm", "producer", "department")
PERSONS: Final = ("a", "b", "c", OFFICER)
UNITS: Final = {
    "firm": (str(FIRM), str(OTHER_FIRM)),
    "producer": ("hotline", "portal"),
    "department": ("119", "120"),
}
FIRMS: Final = {str(FIRM): FIRM, str(OTHER_FIRM): OTHER_FIRM}
REFUSALS: Final = {
    "not_allowed",
    "not_your_appeal",
    "illegal_in_state",
    "rounds_used",
    "already_open",
    "nothing_open",
    "same_person",
    "objection_used",
    "not_an_inquiry",
    "not_the_officer",
    "not_the_receiver",
    "already_linked",
    "only_supervisor_lifts",
}


def asked_at_random(random: Random) -> Asked:
    """The right kind of actor more often than not, or histories would end in refusals alone."""
    what = random.choice(list(ANSWERS))
    allowed = sorted(reference.WHO[what])
    kind = random.choice(allowed if random.random() < 0.85 else KINDS)
    units = UNITS.get(kind, ("qfb",))
    unit = units[0] if random.random() < 0.8 else units[-1]
    wish = random.choice(RANK)
    if what == "LinkEnterprise":
        wish = random.choice(list(FIRMS))
    return Asked(what, kind, random.choice(PERSONS), unit, wish)


def command_of(asked: Asked) -> commands.FromOutside:
    values: dict[str, Any] = {}
    if asked.what == "LinkEnterprise":
        values["enterprise_id"] = FIRMS[asked.wish]
    if asked.what == "ChangeConfidentiality":
        values["confidentiality"] = asked.wish
    kind = getattr(commands, asked.what)
    by = Actor.model_validate({"kind": asked.kind, "id": asked.person, "unit": asked.unit})
    return ask(kind, by, **values)


def told(state: IntakeState, command: commands.FromOutside) -> tuple[IntakeState, str]:
    """What the decider answers: a refusal's code, or the name of the one event, or nothing."""
    try:
        events = list(INTAKE.decide(state, command))
    except RefusedError as error:
        return state, error.code
    assert len(events) <= 1
    for event in events:
        state = INTAKE.evolve(state, event)
    return state, events[0].TYPE.split(".")[1] if events else ""


def play(model: Model, state: IntakeState, history: list[Asked], seen: Counter[str]) -> None:
    for asked in history:
        before = state
        place = model.at
        model, expected = step(model, asked)
        state, answered = told(state, command_of(asked))
        assert answered == expected, (place, asked)
        assert WORDS[type(state)] == model.at
        if answered in REFUSALS or not answered:
            assert state == before
        seen[f"{place} + {asked.what} = {answered}"] += 1


def beginning(random: Random) -> tuple[Model, IntakeState]:
    is_inquiry, is_linked = random.random() < 0.5, random.random() < 0.5
    officer = OFFICER if random.random() < 0.5 else None
    model = Model(is_inquiry, officer, str(FIRM) if is_linked else None)
    kind: AppealKind = "inquiry" if is_inquiry else "request"
    return model, after(submit(kind=kind, is_linked=is_linked, officer=officer))


def test_ten_thousand_histories_go_as_the_table_says() -> None:
    random = Random(SEED)  # noqa: S311 - the same histories each time
    seen: Counter[str] = Counter()
    for _ in range(HISTORIES):
        model, state = beginning(random)
        play(model, state, [asked_at_random(random) for _ in range(LONGEST)], seen)
    pairs = {tuple(one.split(" = ")[0].split(" + ")) for one in seen}
    answers = {one.split(" = ")[1] for one in seen}
    possible = {(at, what) for at in STATES for what in ANSWERS}
    legal = {(at, what) for at, what in possible if at in WHERE.get(what, STATES)}
    print(  # noqa: T201 - the figure is wanted in the report
        f"\nhistories {HISTORIES}, steps {sum(seen.values())}, "
        f"state x command {len(pairs)}/{len(possible)} (legal {len(legal & pairs)}/{len(legal)}), "
        f"answers {len(answers)}"
    )
    assert pairs == possible
    assert answers >= REFUSALS
    assert answers >= reference.NEXT.keys() - {"info-timed-out"}


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_any_history_goes_as_the_table_says(random: Random, length: int) -> None:
    model, state = beginning(random)
    play(model, state, [asked_at_random(random) for _ in range(length)], Counter())
