"""Results, ratings, merges and every way in which an appeal ends or comes back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from libs.common.contracts.envelope import Envelope
from libs.common.contracts.router import (
    AppealMerged,
    AppealReopened,
    AppealUnmerged,
    AppealWithdrawn,
    CallbackExhausted,
    FinalRulingIssued,
    InfoTimedOut,
    MasterClosed,
    MergeJoined,
    RatedAcceptable,
    RatedUnacceptable,
    ResultApproved,
    ResultRejected,
    ResultSubmitted,
    ReworkOrdered,
)
from services.sla.domain.commands import (
    CloseAppeal,
    MergeAppeal,
    ResumeClocks,
    SlaCommand,
    StartClocks,
    StopClocks,
    SuspendClocks,
    TakeEarlierDue,
    UnmergeAppeal,
)
from services.sla.domain.reacting.clock_groups import (
    ENDED_BY_RESULT,
    FROM_APPROVAL,
    JUDGED_WITH_RESULT,
)


def on_result(told: Envelope[ResultSubmitted]) -> Sequence[SlaCommand]:
    """A review may still resume what is suspended."""
    appeal_id, at = told.data.appeal_id, told.data.submitted_at
    return (
        StopClocks(appeal_id=appeal_id, clocks=ENDED_BY_RESULT, stopped_at=at),
        SuspendClocks(appeal_id=appeal_id, clocks=JUDGED_WITH_RESULT, suspended_at=at),
        StartClocks(appeal_id=appeal_id, clocks=("result_review",), started_at=told.time),
    )


def on_result_rejected(told: Envelope[ResultRejected]) -> Sequence[SlaCommand]:
    appeal_id, at = told.data.appeal_id, told.time
    return (
        StopClocks(appeal_id=appeal_id, clocks=("result_review",), stopped_at=at),
        ResumeClocks(appeal_id=appeal_id, clocks=JUDGED_WITH_RESULT, resumed_at=at),
    )


def on_result_approved(told: Envelope[ResultApproved]) -> Sequence[SlaCommand]:
    appeal_id, at = told.data.appeal_id, told.data.result_submitted_at
    return (
        StopClocks(appeal_id=appeal_id, clocks=JUDGED_WITH_RESULT, stopped_at=at),
        StopClocks(appeal_id=appeal_id, clocks=("result_review",), stopped_at=told.time),
        StartClocks(appeal_id=appeal_id, clocks=FROM_APPROVAL, started_at=told.time),
    )


def on_rated_acceptable(told: Envelope[RatedAcceptable]) -> Sequence[SlaCommand]:
    return (CloseAppeal(appeal_id=told.data.appeal_id, closed_at=told.time),)


def on_rated_unacceptable(told: Envelope[RatedUnacceptable]) -> Sequence[SlaCommand]:
    event, at = told.data, told.data.rated_at
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=FROM_APPROVAL, stopped_at=at),
        StartClocks(
            appeal_id=event.appeal_id,
            clocks=("final_review",) if event.leads_to == "final_review" else ("rectify",),
            started_at=at,
        ),
    )


def on_rework_ordered(told: Envelope[ReworkOrdered]) -> Sequence[SlaCommand]:
    event, at = told.data, told.data.ordered_at
    return (
        StopClocks(appeal_id=event.appeal_id, clocks=("final_review",), stopped_at=at),
        StartClocks(appeal_id=event.appeal_id, clocks=("rectify",), started_at=at),
    )


def on_reopened(told: Envelope[AppealReopened]) -> Sequence[SlaCommand]:
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=("rectify",),
        started_at=event.reopened_at,
        reopens=True,
    )
    return (start,)


def on_merged(told: Envelope[AppealMerged]) -> Sequence[SlaCommand]:
    return (MergeAppeal(appeal_id=told.data.appeal_id, merged_at=told.data.merged_at),)


def on_joined(told: Envelope[MergeJoined]) -> Sequence[SlaCommand]:
    event = told.data
    earlier = TakeEarlierDue(
        appeal_id=event.appeal_id,
        joined_at=told.time,
        accepted_at=event.accepted_at,
        urgency=event.urgency,
        due=event.resolve_due,
    )
    return (earlier,)


def on_unmerged(told: Envelope[AppealUnmerged]) -> Sequence[SlaCommand]:
    return (UnmergeAppeal(appeal_id=told.data.appeal_id, unmerged_at=told.data.unmerged_at),)


def on_master_closed(told: Envelope[MasterClosed]) -> Sequence[SlaCommand]:
    """Each child is called back on its own."""
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=FROM_APPROVAL,
        started_at=event.closed_at,
        lead=event.lead,
    )
    return (start,)


def on_withdrawn(told: Envelope[AppealWithdrawn]) -> Sequence[SlaCommand]:
    return (CloseAppeal(appeal_id=told.data.appeal_id, closed_at=told.data.withdrawn_at),)


def on_final_ruling(told: Envelope[FinalRulingIssued]) -> Sequence[SlaCommand]:
    return (CloseAppeal(appeal_id=told.data.appeal_id, closed_at=told.data.closed_at),)


def on_limit_passed(
    told: Envelope[CallbackExhausted] | Envelope[InfoTimedOut],
) -> Sequence[SlaCommand]:
    """As of this decision: the limit that led to it has passed all the same."""
    return (CloseAppeal(appeal_id=told.data.appeal_id, closed_at=told.time),)


REACT: Final[Mapping[type[Any], Callable[[Envelope[Any]], Sequence[SlaCommand]]]] = {
    ResultSubmitted: on_result,
    ResultRejected: on_result_rejected,
    ResultApproved: on_result_approved,
    RatedAcceptable: on_rated_acceptable,
    RatedUnacceptable: on_rated_unacceptable,
    CallbackExhausted: on_limit_passed,
    InfoTimedOut: on_limit_passed,
    ReworkOrdered: on_rework_ordered,
    FinalRulingIssued: on_final_ruling,
    AppealReopened: on_reopened,
    AppealMerged: on_merged,
    MergeJoined: on_joined,
    AppealUnmerged: on_unmerged,
    MasterClosed: on_master_closed,
    AppealWithdrawn: on_withdrawn,
}
