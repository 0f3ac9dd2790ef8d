from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from libs.common.contracts.envelope import Envelope
from libs.common.contracts.intake import (
    AnsweredAtIntake,
    AppealAccepted,
    AppealSubmitted,
    AppealWithdrawn,
    ResolvedOnSite,
)
from libs.common.contracts.intake_screening import (
    AppealRejected,
    EmergencyTransferred,
    InfoRequested,
    InfoSupplied,
    InfoTimedOut,
    RejectionOverturned,
)
from libs.common.contracts.sla_parts import RuleGrade
from services.sla.domain.commands import (
    CloseAppeal,
    EndPause,
    PauseClocks,
    SlaCommand,
    StartClocks,
    StopClocks,
)
from services.sla.domain.reacting.clock_groups import (
    FROM_ACCEPTANCE,
    FROM_APPROVAL,
    PAUSED_BY_INTAKE,
)


def on_submitted(told: Envelope[AppealSubmitted]) -> Sequence[SlaCommand]:
    """Accepted by rule in the same breath, it has nobody to wait for."""
    event = told.data
    if not event.awaits_seat:
        return ()
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=("accept",),
        started_at=told.time,
        urgency=event.urgency,
        sub_district=event.sub_district,
        officer_id=event.officer_id,
    )
    return (start,)


def on_accepted(told: Envelope[AppealAccepted]) -> Sequence[SlaCommand]:
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=FROM_ACCEPTANCE,
        started_at=event.accepted_at,
        urgency=event.urgency,
        grade=grade_of(event),
        sub_district=event.sub_district,
        officer_id=event.officer_id,
    )
    if event.rule_id is not None:
        return (start,)
    return StopClocks(appeal_id=event.appeal_id, clocks=("accept",), stopped_at=told.time), start


def grade_of(event: AppealAccepted) -> RuleGrade:
    """An urgent question is urgent before it is a question."""
    if event.urgency == "normal" and event.kind == "inquiry":
        return "consult"
    return event.urgency


def on_answered(told: Envelope[AnsweredAtIntake]) -> Sequence[SlaCommand]:
    event = told.data
    callback = StartClocks(
        appeal_id=event.appeal_id,
        clocks=FROM_APPROVAL,
        started_at=told.time,
        urgency=event.handover.urgency,
        sub_district=event.handover.sub_district,
        officer_id=event.officer_id,
    )
    accept = StopClocks(appeal_id=event.appeal_id, clocks=("accept",), stopped_at=event.answered_at)
    return accept, callback


def on_solved_on_site(told: Envelope[ResolvedOnSite]) -> Sequence[SlaCommand]:
    event = told.data
    review = StartClocks(
        appeal_id=event.appeal_id,
        clocks=("result_review",),
        started_at=told.time,
        urgency=event.handover.urgency,
        sub_district=event.handover.sub_district,
        officer_id=event.officer_id,
    )
    accept = StopClocks(appeal_id=event.appeal_id, clocks=("accept",), stopped_at=event.resolved_at)
    return accept, review


def on_info_requested(told: Envelope[InfoRequested]) -> Sequence[SlaCommand]:
    event, at = told.data, told.data.requested_at
    return (
        PauseClocks(appeal_id=event.appeal_id, clocks=PAUSED_BY_INTAKE, paused_at=at),
        StartClocks(appeal_id=event.appeal_id, clocks=("supplement",), started_at=at),
    )


def on_info_supplied(told: Envelope[InfoSupplied]) -> Sequence[SlaCommand]:
    event, at = told.data, told.data.supplied_at
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=("supplement",), stopped_at=at),
        EndPause(appeal_id=event.appeal_id, clocks=PAUSED_BY_INTAKE, resumed_at=at),
    )


def on_info_timed_out(told: Envelope[InfoTimedOut]) -> Sequence[SlaCommand]:
    """Nothing runs after the limit itself has passed."""
    event = told.data
    return (CloseAppeal(appeal_id=event.appeal_id, closed_at=told.time),)


def on_rejected(told: Envelope[AppealRejected]) -> Sequence[SlaCommand]:
    return (CloseAppeal(appeal_id=told.data.appeal_id, closed_at=told.data.rejected_at),)


def on_overturned(told: Envelope[RejectionOverturned]) -> Sequence[SlaCommand]:
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=("accept",),
        started_at=event.overturned_at,
        reopens=True,
    )
    return (start,)


def on_transferred(told: Envelope[EmergencyTransferred]) -> Sequence[SlaCommand]:
    return (CloseAppeal(appeal_id=told.data.appeal_id, closed_at=told.data.acknowledged_at),)


def on_withdrawn(told: Envelope[AppealWithdrawn]) -> Sequence[SlaCommand]:
    return (CloseAppeal(appeal_id=told.data.appeal_id, closed_at=told.data.withdrawn_at),)


REACT: Final[Mapping[type[Any], Callable[[Envelope[Any]], Sequence[SlaCommand]]]] = {
    AppealSubmitted: on_submitted,
    AppealAccepted: on_accepted,
    AnsweredAtIntake: on_answered,
    ResolvedOnSite: on_solved_on_site,
    InfoRequested: on_info_requested,
    InfoSupplied: on_info_supplied,
    InfoTimedOut: on_info_timed_out,
    AppealRejected: on_rejected,
    RejectionOverturned: on_overturned,
    EmergencyTransferred: on_transferred,
    AppealWithdrawn: on_withdrawn,
}


def on_intake_event(envelope: Envelope[Any]) -> Sequence[SlaCommand]:
    return REACT[type(envelope.data)](envelope)
