"""Which event each step of a ladder becomes, and to whom it is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from libs.common.contracts.sla import (
    EscalationEvent,
    EscalationRevoked,
    LevelRaised,
    LimitPassed,
    Notified,
    Supervised,
    Urged,
    WarningRaised,
)
from libs.common.contracts.sla_parts import ClockStart, Step, StepKind
from libs.common.ids import AppealId
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import Clock, Ladder, SlaState, Suspended

EVENT_OF: Final[Mapping[StepKind, type[EscalationEvent]]] = {
    "warning": WarningRaised,
    "urge": Urged,
    "breach": LimitPassed,
    "supervise": Supervised,
    "raise": LevelRaised,
    "notify": Notified,
}
# A step fires two to three seconds after its time; one that took longer was found late.
LATE_AFTER: Final = timedelta(minutes=1)


def escalations(
    book: Rulebook,
    appeal: tuple[AppealId, SlaState],
    ladder: Ladder,
    steps: Sequence[Step],
    now: datetime | None,
) -> list[EscalationEvent]:
    """The first of the ladder's remaining steps; without `now` all of them are late."""
    following = [*ladder.remaining[1 : len(steps) + 1], None]
    return [
        escalation(book, appeal, ladder.start, (step, after), late=is_late(step, now))
        for step, after in zip(steps, following, strict=False)
    ]


def escalation(
    book: Rulebook,
    appeal: tuple[AppealId, SlaState],
    start: ClockStart,
    step_and_next: tuple[Step, Step | None],
    *,
    late: bool,
) -> EscalationEvent:
    (appeal_id, state), (step, after) = appeal, step_and_next
    unit, post_zh = book.post(step.addressee, state.lead)
    return EVENT_OF[step.kind](
        appeal_id=appeal_id,
        clock=start.clock,
        deadline_version=start.deadline_version,
        level=step.level,
        step_at=step.at,
        notify_at=step.notify_at,
        due=start.due,
        addressee=step.addressee,
        lead=state.lead,
        late=late,
        next_level=after.level if after else None,
        next_at=after.at if after else None,
        unit=unit,
        post_zh=post_zh,
        officer_id=state.officer_id,
    )


def is_late(step: Step, now: datetime | None) -> bool:
    return now is None or now - step.at > LATE_AFTER


def passed(
    book: Rulebook, appeal: tuple[AppealId, SlaState], clock: Clock | None, moment: datetime
) -> Sequence[EscalationEvent]:
    """Steps whose time had come before the moment and that no timer has taken yet."""
    if clock is None or clock.ladder is None:
        return ()
    if isinstance(clock, Suspended):
        moment = min(moment, clock.since)
    return escalations(book, appeal, clock.ladder, clock.ladder.before(moment), None)


def overtaken(appeal_id: AppealId, clock: Clock | None, at: datetime) -> list[EscalationRevoked]:
    """Steps that were taken at the moment or later, though it came before them."""
    if clock is None or clock.ladder is None:
        return []
    start = clock.ladder.start
    return [revocation(appeal_id, start, step, at) for step in clock.ladder.standing_from(at)]


def revocation(
    appeal_id: AppealId, start: ClockStart, step: Step, stopped_at: datetime
) -> EscalationRevoked:
    return EscalationRevoked(
        appeal_id=appeal_id,
        clock=start.clock,
        deadline_version=start.deadline_version,
        level=step.level,
        step_at=step.at,
        stopped_at=stopped_at,
    )
