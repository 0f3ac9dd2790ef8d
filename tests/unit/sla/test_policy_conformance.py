"""Every preset against dates that a person counted; the cases are text files beside this one."""

from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from pydantic import TypeAdapter

from libs.calendar.days import SHANGHAI
from libs.calendar.load import load_calendar
from libs.common.contracts.values import ClockName
from services.sla.adapters.policy_files import load_policies
from services.sla.domain.deadline import ClockRun, plan
from services.sla.domain.policy import Grade

CALENDAR: Final = load_calendar()
POLICIES: Final = load_policies()
NAMES: Final[TypeAdapter[tuple[ClockName, Grade]]] = TypeAdapter(tuple[ClockName, Grade])
FILES: Final = sorted((Path(__file__).parent / "policy_cases").glob("*.txt"))


class Case(NamedTuple):
    policy: str
    run: ClockRun
    due: datetime
    provisional: bool
    counted_by_hand: str


def read_case(policy: str, line: str) -> Case:
    facts, _, by_hand = line.partition(" | ")
    clock_name, grade_name, accepted, due = facts.split()
    clock, grade = NAMES.validate_python((clock_name, grade_name))
    return Case(
        policy=policy,
        run=ClockRun(clock, grade, shanghai_time(accepted)),
        due=shanghai_time(due.removesuffix("?")),
        provisional=due.endswith("?"),
        counted_by_hand=by_hand,
    )


def shanghai_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


CASES: Final = [
    read_case(file.stem, line)
    for file in FILES
    for line in file.read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.policy}-{case.run.clock}-{case.run.started_at:%y%m%d}"
)
def test_the_preset_ends_where_a_person_counted_it(case: Case) -> None:
    found = plan(CALENDAR, POLICIES[case.policy], case.run)
    assert found.due == case.due, case.counted_by_hand
    assert found.provisional == case.provisional


def test_every_preset_is_counted_across_both_holidays_and_the_turn_of_the_year() -> None:
    for name in POLICIES:
        spans = [(case.run.started_at, case.due) for case in CASES if case.policy == name]
        for holiday in ("2026-01-01", "2026-02-14", "2026-10-01"):
            moment = shanghai_time(f"{holiday}T12:00")
            assert any(start <= moment <= due for start, due in spans), (name, holiday)
