"""The responsibility-time ledger (责任时长账): an appeal's time, split among those who held it.

Every boundary is a whole second, so the parts add up to the whole without a rounding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from libs.calendar.working_calendar import WorkingCalendar, shanghai
from services.dossier.domain.states import OverallState

ONE_SECOND: Final = timedelta(seconds=1)


class Duty(StrEnum):
    """What the holder owed while the time passed."""

    CLASSIFY = "classify"
    DISPATCH = "dispatch"
    SIGN = "sign"
    HANDLE = "handle"
    AWAIT_RETURN = "await_return"
    AWAIT_RULING = "await_ruling"
    SUPPLEMENT = "supplement"
    REVIEW_RESULT = "review_result"
    CALL_BACK = "call_back"
    ORDER_REWORK = "order_rework"
    REVIEW_FINALLY = "review_finally"
    FOLLOW_MASTER = "follow_master"
    NONE = "none"


class Cause(NamedTuple):
    """The entry that began a segment: its event, and its place in the chain."""

    event_id: UUID
    type: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """From `at` on this party holds the appeal; `person` is None until somebody is known.

    `is_resting` is true while the resolve clock is paused for the firm, `is_over` from a close on:
    that time belongs to nobody.
    """

    at: datetime
    state: OverallState
    unit: str
    person: str | None
    duty: Duty
    cause: Cause
    is_resting: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Times are in Asia/Shanghai; `ends_at` of an open one is the moment it was asked for."""

    turn: Turn
    starts_at: datetime
    ends_at: datetime
    is_open: bool
    working_seconds: int
    calendar_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One appeal's ledger. The two totals are measured from end to end, not added up."""

    segments: tuple[Segment, ...]
    working_seconds: int
    calendar_seconds: int
    calendar_version: str


def account_of(calendar: WorkingCalendar, turns: Sequence[Turn], until: datetime) -> Account:
    """Turns in the order in which they were heard. Raises OutsideCalendarError."""
    ordered = in_time(turns, until)
    ends = [*(turn.at for turn in ordered[1:]), whole_second(until)]
    held = list(zip(ordered, ends, strict=False))
    spans = list(open_spans(held))
    last = ordered[-1] if ordered else None
    return Account(
        segments=tuple(
            segment(calendar, turn, end, is_open=turn is last)
            for turn, end in held
            if not turn.is_over and (end > turn.at or turn is last)
        ),
        working_seconds=sum(working_seconds(calendar, *span) for span in spans),
        calendar_seconds=sum(calendar_seconds(*span) for span in spans),
        calendar_version=calendar.version,
    )


def in_time(turns: Iterable[Turn], until: datetime) -> list[Turn]:
    """At whole seconds and never backwards: services' clocks may differ by a little."""
    ordered: list[Turn] = []
    latest = None
    for turn in turns:
        at = whole_second(turn.at)
        latest = at if latest is None else max(at, latest)
        if latest > whole_second(until):
            break
        ordered.append(replace(turn, at=latest))
    return ordered


def open_spans(held: Sequence[tuple[Turn, datetime]]) -> Iterable[tuple[datetime, datetime]]:
    """From acceptance to close, and again from each reopening to the next close."""
    for is_over, members in groupby(held, key=lambda pair: pair[0].is_over):
        if not is_over:
            span = list(members)
            yield span[0][0].at, span[-1][1]


def segment(calendar: WorkingCalendar, turn: Turn, end: datetime, *, is_open: bool) -> Segment:
    return Segment(
        turn=turn,
        starts_at=turn.at,
        ends_at=end,
        is_open=is_open,
        working_seconds=working_seconds(calendar, turn.at, end),
        calendar_seconds=calendar_seconds(turn.at, end),
    )


def working_seconds(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    return calendar.working_time_between(start, end) // ONE_SECOND


def calendar_seconds(start: datetime, end: datetime) -> int:
    return (end - start) // ONE_SECOND


def whole_second(moment: datetime) -> datetime:
    return shanghai(moment).replace(microsecond=0)
