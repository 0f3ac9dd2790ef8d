"""Where an appeal stands after an event, as far as the event alone can say."""

from collections.abc import Mapping
from typing import Final

from libs.common.contracts.router import (
    AppealAcceptedAnew,
    AppealDispatched,
    AppealMerged,
    AppealReopened,
    AppealTakenOver,
    AppealUnmerged,
    AppealWithdrawn,
    CallbackExhausted,
    ClassificationNoted,
    DispatchAutoSigned,
    DispatchSigned,
    DisputeOpened,
    FinalRulingIssued,
    InfoRequested,
    InfoSupplied,
    InfoTimedOut,
    LedgerReleased,
    MasterClosed,
    OwnerNotFound,
    PlacedOnLedger,
    RatedAcceptable,
    RatedUnacceptable,
    ResultApproved,
    ResultRejected,
    ResultSubmitted,
    ReturnApproved,
    ReturnDenied,
    ReturnRequested,
    ReworkDispatched,
    ReworkOrdered,
    RouterEvent,
    RulingIssued,
    Stage,
    TransferNoted,
)

ALWAYS: Final[Mapping[type[RouterEvent], Stage]] = {
    AppealDispatched: "dispatched",
    DispatchSigned: "in_progress",
    DispatchAutoSigned: "in_progress",
    OwnerNotFound: "review_pending",
    ClassificationNoted: "classified",
    AppealAcceptedAnew: "accepted",
    TransferNoted: "transferred_out",
    ReturnRequested: "return_review",
    ReturnApproved: "classified",
    ReturnDenied: "in_progress",
    DisputeOpened: "arbitration",
    RulingIssued: "dispatched",
    InfoRequested: "info_pending",
    InfoTimedOut: "closed",
    PlacedOnLedger: "on_ledger",
    LedgerReleased: "in_progress",
    ResultSubmitted: "result_submitted",
    ResultApproved: "callback_pending",
    RatedAcceptable: "closed",
    CallbackExhausted: "closed",
    ReworkDispatched: "dispatched",
    FinalRulingIssued: "closed",
    ReworkOrdered: "rework",
    AppealMerged: "merged",
    MasterClosed: "callback_pending",
    AppealWithdrawn: "withdrawn",
}


def stage_after(event: RouterEvent) -> Stage | None:
    """None where the event moves nothing."""
    if isinstance(event, InfoSupplied | ResultRejected | AppealUnmerged):
        return event.resumes
    if isinstance(event, RatedUnacceptable | AppealReopened):
        return event.leads_to
    if isinstance(event, AppealTakenOver):
        answered = event.taken_from == "answered_at_intake"
        return "callback_pending" if answered else "result_submitted"
    return ALWAYS.get(type(event))
