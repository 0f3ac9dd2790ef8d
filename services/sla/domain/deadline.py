"""When a clock ends under a policy, and when each step of its ladder is due."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from libs.calendar.counting import Count, due_time, moment_at_percent
from libs.calendar.limits import Limit, Unit
from libs.calendar.running import Pause
from libs.calendar.working_calendar import WorkingCalendar, midnight, shanghai
from libs.common.contracts.sla_parts import Step
from libs.common.contracts.values import ClockName
from services.sla.domain.policy import ClockRule, Grade, LadderStep, Policy

# Enough for every clock over the weeks that a backlog spans; a plan takes about 4 kB.
KEPT_PLANS: Final = 2048


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One run of a clock: since when, what rests it has had, how often it was extended.

    A promised date stands in the place of the limit; `not_after` only ever shortens it.
    """

    clock: ClockName
    grade: Grade
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    extensions: int = 0
    not_after: datetime | None = None
    promised_due: datetime | None = None

    @property
    def is_plain(self) -> bool:
        """Of such runs of one day all end alike, where the limit is in days."""
        return not self.pauses and self.not_after is None and self.promised_due is None


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps` come in the order of their times; a level says the place in the ladder.

    `count` is what `libs.calendar.explaining.deadline` needs to name every day on the way.
    """

    rule: ClockRule
    count: Count
    due: datetime
    target_due: datetime | None
    provisional: bool
    steps: tuple[Step, ...]


def plan(calendar: WorkingCalendar, policy: Policy, run: ClockRun) -> Plan:
    """Raises NaiveTimeError and OutsideCalendarError."""
    rule = policy.rule(run.clock, run.grade)
    count = count_of(calendar, policy, run)
    due = due_of(calendar, run, count)
    target = target_due(calendar, policy, run)
    start = shanghai(run.started_at)
    steps = [
        scheduled(calendar, step, at)
        for step, at in step_times(calendar, policy.ladder(rule), count, due, target)
        # Steps of a short limit that would stand before its start are left out, and so are
        # shares of a limit that an earlier date has cut off.
        if at > start and (step.anchor.at != "percent" or at < due)
    ]
    return Plan(
        rule=rule,
        count=count,
        due=due,
        target_due=target,
        provisional=calendar.is_provisional(due.date()),
        steps=tuple(sorted(steps, key=lambda step: (step.at, step.level))),
    )


class Planner:
    """`plan` under one policy and calendar, several times faster where only the date matters.

    Unpaused limits in days end alike for all that starts on one date, so those plans are kept.
    """

    def __init__(self, calendar: WorkingCalendar, policy: Policy) -> None:
        self.calendar = calendar
        self.policy = policy
        self._plan_of_day = lru_cache(maxsize=KEPT_PLANS)(self._make_plan_of_day)
        # Facts of one batch share their moment, so their limits in hours end alike too.
        self.plan = lru_cache(maxsize=KEPT_PLANS)(self._plan)

    def _plan(self, run: ClockRun) -> Plan:
        """Raises NaiveTimeError and OutsideCalendarError."""
        count = count_of(self.calendar, self.policy, run)
        if not run.is_plain or not count.limit.unit.is_days:
            return plan(self.calendar, self.policy, run)
        start = shanghai(run.started_at)
        kept = self._plan_of_day(run.clock, run.grade, run.extensions, start.date())
        steps = tuple(step for step in kept.steps if step.at > start)
        return replace(kept, count=count, steps=steps)

    def _make_plan_of_day(self, clock: ClockName, grade: Grade, extensions: int, day: date) -> Plan:
        run = ClockRun(clock, grade, midnight(day), extensions=extensions)
        return plan(self.calendar, self.policy, run)


def count_of(calendar: WorkingCalendar, policy: Policy, run: ClockRun) -> Count:
    limit = extended(policy.rule(run.clock, run.grade), run.extensions)
    return Count(limit, run.started_at, run.pauses)


def due_of(calendar: WorkingCalendar, run: ClockRun, count: Count) -> datetime:
    due = shanghai(run.promised_due) if run.promised_due else due_time(calendar, count)
    return due if run.not_after is None else min(due, shanghai(run.not_after))


def target_due(calendar: WorkingCalendar, policy: Policy, run: ClockRun) -> datetime | None:
    """When the promised time ends, where a rule promises more than it enforces."""
    target = policy.rule(run.clock, run.grade).target
    if target is None:
        return None
    return due_time(calendar, replace(count_of(calendar, policy, run), limit=target))


def scheduled(calendar: WorkingCalendar, step: LadderStep, at: datetime) -> Step:
    return Step(
        level=step.level,
        kind=step.kind,
        at=at,
        notify_at=at if step.notice == "any_hour" else calendar.next_working_moment(at),
        addressee=step.to,
    )


def interim_runs(calendar: WorkingCalendar, policy: Policy, run: ClockRun) -> bool:
    """An interim reply is owed only where the resolve limit ends after it."""
    interim = count_of(calendar, policy, replace(run, clock="interim"))
    resolve = count_of(calendar, policy, replace(run, clock="resolve"))
    return due_time(calendar, interim) < due_time(calendar, resolve)


def extended(rule: ClockRule, extensions: int) -> Limit:
    """Extensions beyond the number that the rule allows change nothing."""
    if rule.extension is None:
        return rule.limit
    granted = min(extensions, rule.extension.at_most)
    return Limit(
        unit=rule.limit.unit, amount=rule.limit.amount + granted * rule.extension.by.amount
    )


def longest_pause(calendar: WorkingCalendar, policy: Policy, paused_at: datetime) -> Pause:
    """A rest ends with its cap, whenever the answer comes."""
    return Pause(paused_at, calendar.shift_working_days(paused_at, policy.pause.cap.amount))


def step_times(
    calendar: WorkingCalendar,
    ladder: tuple[LadderStep, ...],
    count: Count,
    due: datetime,
    target: datetime | None,
) -> Iterator[tuple[LadderStep, datetime]]:
    for step in ladder:
        # By its tag and not by its class: pydantic makes a failed isinstance dear.
        anchor = step.anchor
        if anchor.at == "percent":
            yield step, moment_at_percent(calendar, count, anchor.percent)
        elif anchor.at == "target":
            if target is not None:
                yield step, target
        elif anchor.at == "due":
            yield step, due
        else:
            yield step, moved(calendar, due, anchor.by, -1 if anchor.at == "before_due" else 1)


def moved(calendar: WorkingCalendar, due: datetime, by: Limit, sign: int) -> datetime:
    if by.unit is Unit.WORKING_DAYS:
        return calendar.shift_working_days(due, sign * by.amount)
    return shanghai(due) + sign * by.duration
