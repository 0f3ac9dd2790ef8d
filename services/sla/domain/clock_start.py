"""A deadline as an event says it, and back to what it was reckoned from."""

from collections.abc import Iterable

from libs.calendar.running import Pause
from libs.common.contracts.sla_parts import ClockStart, Rest
from libs.common.contracts.values import Urgency
from services.sla.domain.deadline import ClockRun, Plan, Planner


def clock_start(planner: Planner, run: ClockRun, plan: Plan, version: int) -> ClockStart:
    limit = plan.count.limit
    return ClockStart(
        clock=run.clock,
        started_at=run.started_at,
        due=plan.due,
        deadline_version=version,
        limit=f"{limit.text_zh} / {limit.text_en}",
        policy_version=planner.policy.version_id,
        calendar_version=planner.calendar.version,
        provisional=plan.provisional,
        steps=plan.steps,
        grade=run.grade,
        unit=limit.unit.value,
        amount=limit.amount,
        source=plan.rule.source,
        target_due=plan.target_due,
        rests=rests_of(run.pauses),
        extensions=run.extensions,
        not_after=run.not_after,
        promised_due=run.promised_due,
    )


def run_of(start: ClockStart, urgency: Urgency) -> ClockRun:
    """The oldest events name no grade: then the appeal's urgency was the grade."""
    return ClockRun(
        start.clock,
        start.grade or urgency,
        start.started_at,
        pauses=pauses_of(start.rests),
        extensions=start.extensions,
        not_after=start.not_after,
        promised_due=start.promised_due,
    )


def pauses_of(rests: Iterable[Rest]) -> tuple[Pause, ...]:
    return tuple(Pause(rest.paused_at, rest.resumed_at) for rest in rests)


def rests_of(pauses: Iterable[Pause]) -> tuple[Rest, ...]:
    return tuple(Rest(paused_at=one.paused_at, resumed_at=one.resumed_at) for one in pauses)
