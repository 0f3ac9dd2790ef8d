from datetime import date

import pytest

from libs.calendar.chain import Link, chain_from
from libs.calendar.errors import CalendarDataError
from libs.calendar.load import SHIPPED_VERSION, load_calendar
from libs.common.errors import RefusedError
from services.sla.domain.system import ApplyCalendar, ApplyPolicy, system_decider

SYSTEM = system_decider()


def calendar(version: str, sha256: str) -> ApplyCalendar:
    return ApplyCalendar(
        version=version, sha256=sha256, changes_on=date(2026, 12, 31), confirmed_until=None
    )


def policy(version: str, sha256: str) -> ApplyPolicy:
    return ApplyPolicy(
        policy="baoan", version=version, sha256=sha256, effective_from=date(2026, 1, 1)
    )


def test_a_version_is_told_once() -> None:
    (applied,) = SYSTEM.decide(SYSTEM.initial, calendar("cn-2027.1", "a" * 64))
    state = SYSTEM.replay([applied])
    assert SYSTEM.decide(state, calendar("cn-2027.1", "a" * 64)) == ()
    assert len(SYSTEM.decide(state, calendar("cn-2027.2", "b" * 64))) == 1


def test_other_days_under_a_known_name_are_refused() -> None:
    (applied,) = SYSTEM.decide(SYSTEM.initial, calendar("cn-2027.1", "a" * 64))
    with pytest.raises(RefusedError, match="choose another version"):
        SYSTEM.decide(SYSTEM.replay([applied]), calendar("cn-2027.1", "b" * 64))


def test_a_policy_is_told_again_when_its_rules_are_other_ones() -> None:
    (applied,) = SYSTEM.decide(SYSTEM.initial, policy("baoan-2026.1", "a" * 64))
    state = SYSTEM.replay([applied])
    assert SYSTEM.decide(state, policy("baoan-2026.1", "a" * 64)) == ()
    assert len(SYSTEM.decide(state, policy("baoan-2026.1", "b" * 64))) == 1


def test_the_shipped_calendar_is_the_first_of_the_chain() -> None:
    shipped = load_calendar()
    first = Link(SHIPPED_VERSION, shipped.sha256, shipped.first)
    assert chain_from(SHIPPED_VERSION, [first]).calendar.sha256 == shipped.sha256


def test_a_calendar_that_does_not_hold_what_was_applied_is_refused() -> None:
    other = Link("cn-1999.1", "a" * 64, date(2026, 12, 31))
    with pytest.raises(CalendarDataError, match=r"no calendar cn-1999\.1"):
        chain_from(SHIPPED_VERSION, [other])


def test_confirmed_working_days_are_counted_to_the_last_notice() -> None:
    shipped = load_calendar()
    # 25, 28, 29, 30 and 31 December 2026 are the last working days that a notice covers.
    assert shipped.confirmed_working_days_left(date(2026, 12, 24)) == 5
    assert shipped.confirmed_working_days_left(date(2027, 1, 2)) == 0
