"""Which event each step of a ladder becomes."""

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
from libs.common.ids import AppealId, DepartmentCode
from services.sla.domain.state import Ladder

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
    appeal_id: AppealId,
    lead: DepartmentCode | None,
    ladder: Ladder,
    steps: Sequence[Step],
    now: datetime | None,
) -> list[EscalationEvent]:
    """The first of the ladder's remaining steps; without `now` all of them are late."""
    followers = [*ladder.remaining[1 : len(steps) + 1], None]
    return [
        EVENT_OF[step.kind](
            appeal_id=appeal_id,
            clock=ladder.start.clock,
            deadline_version=ladder.start.deadline_version,
            level=step.level,
            step_at=step.at,
            notify_at=step.notify_at,
            due=ladder.start.due,
            addressee=step.addressee,
            lead=lead,
            late=now is None or now - step.at > LATE_AFTER,
            next_level=following.level if following else None,
            next_at=following.at if following else None,
        )
        for step, following in zip(steps, followers, strict=False)
    ]


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
