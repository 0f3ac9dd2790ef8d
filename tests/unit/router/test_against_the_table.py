"""Ten thousand histories and more: the router does what the table says, and nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libs.common.contracts.classifier import Handover
from libs.common.contracts.router import ROUTER_EVENTS, RouterEvent
from libs.common.errors import RefusedError
from services.router.domain.refusals import WORDS
from services.router.domain.stage_after import stage_after
from services.router.domain.standing import stage_of
from services.router.domain.state import Held
from tests.support.records import NOON, handover
from tests.unit.router.asking import URGENT, command_of
from tests.unit.router.effects import EFFECTS
from tests.unit.router.guards import HEARD, violated
from tests.unit.router.reference import BACK, ROWS, SAME, Asked, Memory, Row
from tests.unit.router.rules import ROUTER, RULES

HISTORIES: Final = 10_000
STEPS_A_HISTORY: Final = 16
ONE_IN_FIVE: Final = 0.2
# Possible nearly everywhere, and then little else is: most of the time something else is tried.
ENDING: Final = ("withdraw", "forwarded-withdrawal", "transferred", "merge", "answered")


def commands_of(rows: Sequence[Row], state: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.command for row in rows if state in row.states.split()))


COMMANDS: Final = tuple(dict.fromkeys(row.command for row in ROWS))
DEPARTMENTS: Final = ("gdj", "gxj", "zjj", "scj")
DELAYS: Final = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=32),
)
IN_PROGRESS: Final = "named sign"
APPROVED: Final = "submit-result approve-result"
CALLED_BACK: Final = f"{IN_PROGRESS} report-co-handling {APPROVED}"
FINALLY: Final = f"{CALLED_BACK} rate dispatch-rework {APPROVED} rate"
RETURNED: Final = "named request-return approve-return"
OPENINGS: Final = (
    "",
    "named",
    "answered",
    "solved-on-site",
    IN_PROGRESS,
    f"{IN_PROGRESS} request-extension",
    f"{IN_PROGRESS} report-co-handling",
    f"{IN_PROGRESS} place-on-ledger",
    CALLED_BACK,
    f"{IN_PROGRESS} propose-exclusion approve-exclusion report-co-handling {APPROVED}",
    f"{IN_PROGRESS} request-extension approve-extension",
    f"{CALLED_BACK} rate",
    FINALLY,
    f"{FINALLY} order-rework dispatch-rework {APPROVED} rate",
    RETURNED,
    f"{RETURNED} dispatch request-return",
    f"{RETURNED} ask-review",
    "named request-return open-dispute name-provisional-lead",
    "named child-joins",
)
ENDED: Final = ("closed", "withdrawn", "transferred_out")
STATES: Final = tuple(dict.fromkeys(state for row in ROWS for state in row.states.split()))
POSSIBLE: Final = {state: commands_of(ROWS, state) for state in STATES}
MOVING: Final = {
    state: commands_of([row for row in ROWS if row.to != SAME], state) or POSSIBLE[state]
    for state in STATES
}


@dataclass
class Coverage:
    histories: int = 0
    steps: int = 0
    rows: Counter[Row] = field(default_factory=Counter[Row])
    arcs: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])
    refusals: Counter[str] = field(default_factory=Counter[str])
    events: Counter[str] = field(default_factory=Counter[str])
    ignored: int = 0


T = TypeVar("T")
COVERAGE: Final = Coverage()
# Told before there is a decision, of an order's own stream, or of what a text holds: tested apart.
OF_THE_SHELL: Final = {"master_not_live", "order_exists", "personal_data"}
ELSEWHERE: Final = {"ActionRefused", "OrderIssued", "OrderProgressed"}


def next_command(m: Memory, now: datetime, dice: bytes) -> Asked:
    """Mostly what is possible here and by whom it may be asked; now and then anything at all."""
    which, how, who, when = dice
    pool = (COMMANDS, POSSIBLE[m.state], MOVING[m.state], MOVING[m.state])[how % 4]
    command = pool[which % len(pool)]
    if command in ENDING and who % 8:
        command = pool[who % len(pool)]
    if command == "submit-result" and m.awaited and who % 16:
        command = "report-co-handling"
    lead = m.lead or "gdj"
    department = lead if who % 8 else DEPARTMENTS[who % 4]
    if command == "report-co-handling" and m.awaited and who % 8:
        department = min(m.awaited)
    plain = Asked(command, now, department=department, named=DEPARTMENTS[when % 4], unit=department)
    if command in {"propose-exclusion", "add-co-handler"} and how % 3 == 0:
        plain = plain._replace(unit="qdc" if command == "propose-exclusion" else "rx")
    plain = plain._replace(child=("c1", "c2")[who % 2], limit_at=now + timedelta(minutes=when - 64))
    return varied(plain, how, who)


VARIANTS: Final[Mapping[int, Mapping[str, Any]]] = {
    3: {"is_wrong_role": True},
    7: {"is_stale": True},
    11: {"is_wrong_firm": True},
    15: {"is_bad_item": True},
    19: {"named": "nobody"},
    23: {"unit": "another"},
    27: {"is_future_contact": True, "is_itself": True},
    31: {"has_master_key": False, "report_in_days": 40},
    35: {"report_in_days": -1, "outcome": "unsolvable", "has_basis": False},
}


def varied(plain: Asked, how: int, who: int) -> Asked:
    plain = plain._replace(person="p2" if who % 5 else "p1", **VARIANTS.get(how % 64, {}))
    if who % 3 == 0:
        plain = plain._replace(score=3, has_reason=who % 9 != 0)
    return plain


ROWS_OF: Final = {
    (state, command): [r for r in ROWS if r.command == command and state in r.states.split()]
    for state in STATES
    for command in COMMANDS
}


def row_for(m: Memory, a: Asked) -> Row | None:
    return next((row for row in ROWS_OF[m.state, a.command] if row.when(m, a)), None)


def target(m: Memory, row: Row) -> str:
    if row.to == BACK:
        return m.came_from
    return m.state if row.to == SAME else row.to


def expected(m: Memory, a: Asked, row: Row) -> list[str]:
    """An appeal that ends tells its orders and its children."""
    events = row.events.split()
    if target(m, row) in ("closed", "withdrawn") and m.state not in ENDED:
        events += ["OrderItemSettled"] * len(m.orders)
        events += ["ChildrenReleased"] if m.children else []
    return events


def remember(m: Memory, a: Asked, row: Row, events: Sequence[str]) -> None:
    to = target(m, row)
    if to == "merged" != m.state:
        m.came_from = m.state
    m.state = to
    m.version += len(events)
    for name in events:
        if effect := EFFECTS.get(name):
            effect(m, a)


@dataclass
class History:
    given: Handover
    m: Memory
    events: list[RouterEvent] = field(default_factory=list[RouterEvent])
    state: Held = ROUTER.initial if isinstance(ROUTER.initial, Held) else Held()
    now: datetime = NOON

    def open(self, commands: Sequence[str]) -> None:
        """A beginning that every rule allows, so that what is rare is not only reached by luck."""
        for command in commands:
            self.now += DELAYS[0]
            department = min(self.m.awaited) if "co-" in command else self.m.lead or "gdj"
            score = 3 if command == "rate" else 9
            a = Asked(command, self.now, department=department, unit=department, score=score)
            row = row_for(self.m, a)
            assert row is not None, command
            self.check_row(a, row)

    def step(self, dice: bytes) -> None:
        self.now += DELAYS[min(dice[3] % 16, 5) if dice[3] % 16 < 6 else dice[3] % 3]
        a = next_command(self.m, self.now, dice)
        codes, row = violated(self.m, a), row_for(self.m, a)
        if a.command not in HEARD and row is None and self.m.state != "nowhere":
            codes |= {"illegal_in_state"}
        if codes:
            self.check_refused(a, codes)
        elif row is None:
            self.check_decided(a, [])
            COVERAGE.ignored += 1
        else:
            self.check_row(a, row)

    def check_refused(self, a: Asked, codes: frozenset[str]) -> None:
        """Invariant f: what is illegal leaves the state as it was."""
        before = self.state
        with pytest.raises(RefusedError) as caught:
            ROUTER.decide(self.state, command_of(a, self.m.version, self.given))
        assert caught.value.code in codes, (self.m, a)
        assert self.state == before
        COVERAGE.refusals[caught.value.code] += 1

    def check_decided(self, a: Asked, wanted: Sequence[str]) -> Sequence[RouterEvent]:
        command = command_of(a, self.m.version, self.given)
        events = ROUTER.decide(self.state, command)
        assert [type(event).__name__ for event in events] == wanted, (self.m, a)
        return events

    def check_row(self, a: Asked, row: Row) -> None:
        wanted = expected(self.m, a, row)
        before = self.m.state
        for event in self.check_decided(a, wanted):
            self.fold(event)
        remember(self.m, a, row, wanted)
        self.check_state()
        COVERAGE.rows[row] += 1
        COVERAGE.arcs[before, row.command, self.m.state] += 1
        COVERAGE.events.update(wanted)

    def fold(self, event: RouterEvent) -> None:
        self.events.append(event)
        moved = ROUTER.evolve(self.state, event)
        assert isinstance(moved, Held)
        said = stage_after(event)
        assert said is None or said == stage_of(moved.at)
        self.state = moved

    def check_state(self) -> None:
        """Invariant a: one lead at most, and the one that the table names."""
        stage = stage_of(self.state.at)
        assert (stage if self.m.state != "nowhere" else "nowhere") == self.m.state
        assert self.state.lead == self.m.lead
        assert self.state.version == self.m.version == len(self.events)

    def check_whole(self) -> None:
        """Invariant b: told again from its bytes, the same history ends in the same state."""
        again = [type(e).model_validate_json(e.model_dump_json()) for e in self.events]
        assert ROUTER.replay(again) == self.state
        overdue = any(type(e).__name__ == "LimitPassedNoted" for e in again)
        assert overdue or not self.state.is_overdue


@settings(
    max_examples=HISTORIES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
@given(st.integers(0, 2**64 - 1))
def check_histories(seed: int) -> None:
    """Hypothesis draws the seed; dice of one's own are evener than its bytes, and cheaper."""
    dice = Random(seed)  # noqa: S311 - no secret
    is_urgent = dice.random() < ONE_IN_FIVE
    history = History(URGENT if is_urgent else handover(), Memory(RULES.calendar, is_urgent))
    history.open(dice.choice(OPENINGS).split())
    for _ in range(STEPS_A_HISTORY):
        history.step(dice.randbytes(4))
    history.check_whole()
    COVERAGE.histories += 1
    COVERAGE.steps += STEPS_A_HISTORY


def test_every_history_goes_as_the_table_says(capsys: pytest.CaptureFixture[str]) -> None:
    check_histories()
    with capsys.disabled():
        print(report())  # noqa: T201
    assert COVERAGE.histories >= HISTORIES
    assert [row for row in ROWS if not COVERAGE.rows[row]] == []
    assert [code for code in WORDS if code not in OF_THE_SHELL | COVERAGE.refusals.keys()] == []
    seen = ELSEWHERE | COVERAGE.events.keys()
    assert [event.__name__ for event in ROUTER_EVENTS if event.__name__ not in seen] == []


def report() -> str:
    rows = ", ".join(f"{row.command}>{row.to} {n}" for row, n in rarest(COVERAGE.rows))
    words = ", ".join(f"{word} {n}" for word, n in rarest(COVERAGE.refusals))
    return f"""
router against its table: {COVERAGE.histories} histories, {COVERAGE.steps} commands
  {len(COVERAGE.arcs)} distinct transitions by {len(COVERAGE.rows)} of {len(ROWS)} rows
  {len(COVERAGE.events)} event types, {len(COVERAGE.refusals)} kinds of refusal
  rarest rows: {rows}
  rarest refusals: {words}"""


def rarest(counts: Counter[T]) -> list[tuple[T, int]]:
    return counts.most_common()[:-6:-1]
