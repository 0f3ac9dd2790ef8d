from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from libs.common.contracts.envelope import Envelope
from libs.common.contracts.router import (
    AppealAcceptedAnew,
    AppealDispatched,
    DispatchAutoSigned,
    DispatchSigned,
    DisputeOpened,
    ExtensionApproved,
    FirstContactMade,
    InfoRequested,
    InfoSupplied,
    InterimReplied,
    LedgerReleased,
    MilestoneReported,
    PlacedOnLedger,
    ReturnRequested,
    ReworkDispatched,
    RulingIssued,
)
from services.sla.domain.commands import (
    EndPause,
    ExtendClock,
    PauseClocks,
    ResumeClocks,
    SlaCommand,
    StartClocks,
    StopClocks,
    SuspendClocks,
)
from services.sla.domain.reacting.clock_groups import (
    FROM_DISPATCH,
    JUDGED_WITH_RESULT,
    PAUSED_BY_LEAD,
)
from services.sla.domain.reacting.to_endings import REACT as ENDINGS


def on_dispatched(told: Envelope[AppealDispatched]) -> Sequence[SlaCommand]:
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=FROM_DISPATCH,
        started_at=told.time,
        urgency=event.urgency,
        lead=event.lead,
        sub_district=event.sub_district,
    )
    return (start,)


def on_signed(told: Envelope[DispatchSigned]) -> Sequence[SlaCommand]:
    return (StopClocks(appeal_id=told.data.appeal_id, clocks=("sign",), stopped_at=told.time),)


def on_auto_signed(told: Envelope[DispatchAutoSigned]) -> Sequence[SlaCommand]:
    """As of this decision: the limit that led to it has passed all the same."""
    return (StopClocks(appeal_id=told.data.appeal_id, clocks=("sign",), stopped_at=told.time),)


def on_return_requested(told: Envelope[ReturnRequested]) -> Sequence[SlaCommand]:
    event = told.data
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=FROM_DISPATCH, stopped_at=event.requested_at),
    )


def on_disputed(told: Envelope[DisputeOpened]) -> Sequence[SlaCommand]:
    return (StartClocks(appeal_id=told.data.appeal_id, clocks=("ruling",), started_at=told.time),)


def on_ruled(told: Envelope[RulingIssued]) -> Sequence[SlaCommand]:
    event = told.data
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=("ruling",), stopped_at=event.ruled_at),
        StartClocks(
            appeal_id=event.appeal_id,
            clocks=("sign",),
            started_at=told.time,
            urgency=event.urgency,
            lead=event.lead,
        ),
    )


def on_contact(told: Envelope[FirstContactMade]) -> Sequence[SlaCommand]:
    event = told.data
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=("contact",), stopped_at=event.contacted_at),
    )


def on_interim(told: Envelope[InterimReplied]) -> Sequence[SlaCommand]:
    event = told.data
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=("interim",), stopped_at=event.replied_at),
    )


def on_info_requested(told: Envelope[InfoRequested]) -> Sequence[SlaCommand]:
    event, at = told.data, told.data.requested_at
    return (
        PauseClocks(appeal_id=event.appeal_id, clocks=PAUSED_BY_LEAD, paused_at=at),
        StartClocks(appeal_id=event.appeal_id, clocks=("supplement",), started_at=at),
    )


def on_info_supplied(told: Envelope[InfoSupplied]) -> Sequence[SlaCommand]:
    event, at = told.data, told.data.supplied_at
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=("supplement",), stopped_at=at),
        EndPause(appeal_id=event.appeal_id, clocks=PAUSED_BY_LEAD, resumed_at=at),
    )


def on_ledger(told: Envelope[PlacedOnLedger]) -> Sequence[SlaCommand]:
    """The report date that was promised stands in the place of the resolve clock's ladder."""
    event = told.data
    return (
        SuspendClocks(
            appeal_id=event.appeal_id,
            clocks=JUDGED_WITH_RESULT,
            suspended_at=event.placed_at,
            reason="ledger",
        ),
        StartClocks(
            appeal_id=event.appeal_id,
            clocks=("milestone",),
            started_at=event.placed_at,
            promised_due=event.next_report_at,
        ),
    )


def on_milestone(told: Envelope[MilestoneReported]) -> Sequence[SlaCommand]:
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=("milestone",),
        started_at=event.reported_at,
        promised_due=event.next_report_at,
    )
    return (start,)


def on_released(told: Envelope[LedgerReleased]) -> Sequence[SlaCommand]:
    event, at = told.data, told.data.released_at
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=("milestone",), stopped_at=at),
        ResumeClocks(appeal_id=event.appeal_id, clocks=JUDGED_WITH_RESULT, resumed_at=at),
    )


def on_extension(told: Envelope[ExtensionApproved]) -> Sequence[SlaCommand]:
    event = told.data
    return (
        ExtendClock(appeal_id=event.appeal_id, clock=event.clock, requested_at=event.requested_at),
    )


def on_rework(told: Envelope[ReworkDispatched]) -> Sequence[SlaCommand]:
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=("resolve",),
        started_at=event.dispatched_at,
        lead=event.lead,
    )
    return (start,)


def on_accepted_anew(told: Envelope[AppealAcceptedAnew]) -> Sequence[SlaCommand]:
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=("resolve",),
        started_at=event.accepted_at,
        urgency=event.handover.urgency,
        sub_district=event.handover.sub_district,
    )
    return (start,)


REACT: Final[Mapping[type[Any], Callable[[Envelope[Any]], Sequence[SlaCommand]]]] = {
    AppealDispatched: on_dispatched,
    DispatchSigned: on_signed,
    DispatchAutoSigned: on_auto_signed,
    ReturnRequested: on_return_requested,
    DisputeOpened: on_disputed,
    RulingIssued: on_ruled,
    FirstContactMade: on_contact,
    InterimReplied: on_interim,
    InfoRequested: on_info_requested,
    InfoSupplied: on_info_supplied,
    PlacedOnLedger: on_ledger,
    MilestoneReported: on_milestone,
    LedgerReleased: on_released,
    ExtensionApproved: on_extension,
    ReworkDispatched: on_rework,
    AppealAcceptedAnew: on_accepted_anew,
    **ENDINGS,
}


def on_router_event(envelope: Envelope[Any]) -> Sequence[SlaCommand]:
    return REACT[type(envelope.data)](envelope)
