"""Urgency, extensions and merges, in an autumn with National Day in it."""

from datetime import datetime
from typing import Final

import pytest

from libs.common.contracts.sla import (
    ClockEvent,
    DeadlineSet,
    ExtensionDeclined,
    UrgencyChanged,
)
from libs.common.contracts.values import ClockName
from services.sla.adapters.books import load_book
from services.sla.domain.commands import (
    ExtendClock,
    MergeAppeal,
    RaiseUrgency,
    StartClocks,
    TakeEarlierDue,
    UnmergeAppeal,
)
from services.sla.domain.decide import sla_decider
from services.sla.domain.state import Running
from tests.unit.sla.examples import (
    ACCEPTED,
    APPEAL,
    LONG_AFTER,
    RESOLVE_DUE,
    SLA,
    at,
    dues,
    events_of,
    fire,
    state_after,
    stop,
)


def test_raised_urgency_keeps_the_start_and_takes_the_urgent_rules() -> None:
    raised = RaiseUrgency(appeal_id=APPEAL, changed_at=at("09-29T10:05"))
    events = events_of([ACCEPTED, raised, raised])
    assert len([event for event in events if isinstance(event, UrgencyChanged)]) == 1
    assert dues(events) == [(1, RESOLVE_DUE), (2, at("09-29T22:00"))]
    assert dues(events, "contact") == [(1, at("09-29T11:00"))], "one hour either way"


def test_a_dispatch_that_says_urgent_raises_what_runs_already() -> None:
    urgent = StartClocks(
        appeal_id=APPEAL, clocks=("sign",), started_at=at("09-29T10:01"), urgency="urgent"
    )
    events = events_of([ACCEPTED, urgent])
    assert dues(events)[-1] == (2, at("09-29T22:00"))
    assert dues(events, "sign") == [(1, at("09-29T10:31"))]


def extend(clock: ClockName, requested_at: str) -> ExtendClock:
    return ExtendClock(appeal_id=APPEAL, clock=clock, requested_at=at(requested_at))


SHANDONG: Final = sla_decider(load_book("shandong"))


def under_shandong(*commands: StartClocks | ExtendClock) -> list[ClockEvent]:
    events: list[ClockEvent] = []
    for command in commands:
        events += SHANDONG.decide(SHANDONG.replay(events), command)
    return events


def test_an_extension_moves_the_limit_once_and_the_old_due_time_stays_on_record() -> None:
    """30 Sept 8 9 10, 12-16, 19-23, 26 October are 15 days; 15 more end on 16 November."""
    asked = extend("resolve", "10-20T10:00")
    events = under_shandong(ACCEPTED, asked, asked)
    assert dues(events) == [(1, at("10-26T18:00")), (2, at("11-16T18:00"))]
    moved = next(event for event in events if isinstance(event, DeadlineSet))
    assert (moved.reason, moved.old_due, moved.old_version) == ("extension", at("10-26T18:00"), 1)
    assert isinstance(events[-1], ExtensionDeclined)
    assert events[-1].reason == "used_up"


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ((ACCEPTED, extend("resolve", "10-26T18:01")), "after_due"),
        ((ACCEPTED, extend("contact", "09-29T10:30")), "not_allowed"),
        ((ACCEPTED, extend("rectify", "09-29T10:30")), "not_running"),
    ],
)
def test_an_extension_that_the_policy_does_not_give_moves_nothing(
    commands: tuple[StartClocks | ExtendClock, ...], reason: str
) -> None:
    events = under_shandong(*commands)
    assert isinstance(events[-1], ExtensionDeclined)
    assert events[-1].reason == reason
    assert not [event for event in events if isinstance(event, DeadlineSet)]


def test_an_extension_that_is_heard_before_the_acceptance_counts_from_the_start() -> None:
    assert dues(under_shandong(extend("resolve", "10-20T10:00"), ACCEPTED)) == [
        (1, at("11-16T18:00"))
    ]


def test_the_master_takes_the_earliest_due_time_and_never_a_later_one() -> None:
    def joined(due: datetime | None) -> TakeEarlierDue:
        return TakeEarlierDue(
            appeal_id=APPEAL,
            joined_at=at("09-29T15:00"),
            accepted_at=at("09-28T10:00"),
            urgency="normal",
            due=due,
        )

    earlier, unknown, later = joined(at("09-30T18:00")), joined(None), joined(at("11-30T18:00"))
    assert dues(events_of([ACCEPTED, later]))[-1] == (1, RESOLVE_DUE)
    assert dues(events_of([ACCEPTED, earlier]))[-1] == (2, at("09-30T18:00"))
    # Accepted a day earlier: 29 and 30 September, 8 October.
    assert dues(events_of([ACCEPTED, unknown]))[-1] == (2, at("10-08T18:00"))
    assert dues(events_of([earlier, ACCEPTED]))[-1] == (1, at("09-30T18:00"))


def test_a_child_that_comes_back_goes_on_with_the_time_it_had_left() -> None:
    """Merged on 30 September, unmerged on 12 October: 8 to 12 October belong to the master."""
    merged = MergeAppeal(appeal_id=APPEAL, merged_at=at("09-30T19:00"))
    back = UnmergeAppeal(appeal_id=APPEAL, unmerged_at=at("10-12T08:00"))
    events = events_of([ACCEPTED, stop(at("09-29T10:10"), "contact"), merged, back])
    # 30 September is touched by the pause too, so three days follow: 13, 14 and 15 October.
    assert dues(events) == [(1, RESOLVE_DUE), (2, at("10-15T18:00"))]
    assert isinstance(SLA.replay(events).clocks["resolve"], Running)
    assert SLA.replay(events).live("contact") is None


def test_a_merged_appeal_says_nothing() -> None:
    merged = MergeAppeal(appeal_id=APPEAL, merged_at=at("09-30T19:00"))
    state = state_after(ACCEPTED, stop(at("09-29T10:10"), "contact"), merged)
    assert SLA.decide(state, fire("resolve", 0, LONG_AFTER)) == ()
