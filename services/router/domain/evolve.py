"""How events move what the router knows. No rules, no refusals: history is not judged again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from libs.common.contracts.router import (
    AppealAcceptedAnew,
    AppealDispatched,
    AppealMerged,
    AppealReopened,
    AppealTakenOver,
    AppealUnmerged,
    AppealWithdrawn,
    CallbackAttempted,
    CallbackExhausted,
    ChildrenReleased,
    ClassificationNoted,
    CoHandlerAdded,
    CoHandlerReported,
    DispatchAutoSigned,
    DispatchSigned,
    DisputeOpened,
    ExclusionApproved,
    ExclusionDenied,
    ExclusionProposed,
    ExtensionApproved,
    ExtensionDenied,
    ExtensionRequested,
    FinalRulingIssued,
    FirstContactMade,
    InfoRequested,
    InfoSupplied,
    InfoTimedOut,
    LedgerReleased,
    LimitPassedNoted,
    MasterClosed,
    MergeJoined,
    MergeLeft,
    OrderIssued,
    OrderProgressed,
    OwnerNotFound,
    PlacedOnLedger,
    PlacedUnderOrder,
    ProvisionalLeadNamed,
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
    TransferNoted,
)
from services.router.domain.standing import (
    Accepted,
    Arbitration,
    AwaitingCallback,
    Classified,
    Closed,
    Dispatched,
    FinalReview,
    InfoPending,
    InProgress,
    Merged,
    OnLedger,
    ReturnReview,
    ReviewPending,
    Rework,
    TransferredOut,
    UnderReview,
    Withdrawn,
)
from services.router.domain.state import Held, Order, Proposal, RouterState

Changes: TypeAlias = Mapping[str, Any]
Move: TypeAlias = Callable[[Held, Any], Changes]
NO_CHANGES: Final[Changes] = {}


def evolve(state: RouterState, event: RouterEvent) -> RouterState:
    version = state.version + 1
    if isinstance(event, OrderIssued):
        return Order(version=version, appeals=frozenset(one.appeal_id for one in event.appeals))
    if isinstance(state, Order):
        return progressed(state, event)
    # What is in no table changes nothing but the version: it is for readers.
    move = MOVES.get(type(event))
    return state._replace(version=version, **move(state, event) if move else NO_CHANGES)


def progressed(state: Order, event: RouterEvent) -> Order:
    settled = state.settled
    if isinstance(event, OrderProgressed):
        settled |= {event.settled_appeal}
    return replace(state, version=state.version + 1, settled=settled)


def on_dispatched(state: Held, event: AppealDispatched) -> Changes:
    return {
        "at": Dispatched(),
        "lead": event.lead,
        "item": event.item,
        "dispatch": event,
        "dispatched_at": event.dispatched_at,
        "awaited": frozenset(event.co_handlers),
        "co_handlers": frozenset(event.co_handlers),
    }


def on_ruling(state: Held, event: RulingIssued) -> Changes:
    return {
        "at": Dispatched(),
        "lead": event.lead,
        "item": event.item,
        "dispatched_at": event.ruled_at,
        "binding": "ruled",
        "awaited": frozenset(event.co_handlers),
        "co_handlers": frozenset(event.co_handlers),
    }


def on_rework(state: Held, event: ReworkDispatched) -> Changes:
    """A second handling has time, rounds and extensions of its own."""
    return {
        "at": Dispatched(),
        "lead": event.lead,
        "dispatched_at": event.dispatched_at,
        "binding": "rework",
        "awaited": frozenset(event.co_handlers),
        "co_handlers": frozenset(event.co_handlers),
        "reworks": event.number,
        "info_rounds": 0,
        "extensions": 0,
        "extension_asked_at": None,
        "is_overdue": False,
    }


def on_taken_over(state: Held, event: AppealTakenOver) -> Changes:
    answered = event.taken_from == "answered_at_intake"
    at = AwaitingCallback(event.taken_at) if answered else UnderReview(event.taken_at)
    return {"at": at, "handover": event.handover}


def on_extension_approved(state: Held, event: ExtensionApproved) -> Changes:
    return {"extensions": state.extensions + 1, "extension_asked_at": None}


def on_callback_attempt(state: Held, event: CallbackAttempted) -> Changes:
    since = state.at.since if isinstance(state.at, AwaitingCallback) else None
    return {"at": AwaitingCallback(since, event.tries)}


def on_unacceptable(state: Held, event: RatedUnacceptable) -> Changes:
    if event.leads_to == "final_review":
        return {"at": FinalReview()}
    return on_second_handling(state, event)


def on_second_handling(state: Held, event: RatedUnacceptable | AppealReopened) -> Changes:
    return {"at": Rework() if event.leads_to == "rework" else Accepted()}


def on_merged(state: Held, event: AppealMerged) -> Changes:
    return {"at": Merged(event.master, event.merged_at, state.at)}


def on_unmerged(state: Held, event: AppealUnmerged) -> Changes:
    return {"at": state.at.came_from if isinstance(state.at, Merged) else state.at}


def on_master_closed(state: Held, event: MasterClosed) -> Changes:
    return {"at": AwaitingCallback(event.closed_at), "lead": state.lead or event.lead}


def on_left(state: Held, event: MergeLeft) -> Changes:
    left = event.child.appeal_id
    return {"children": tuple(one for one in state.children if one.appeal_id != left)}


MOVES: Final[Mapping[type[RouterEvent], Move]] = {
    AppealDispatched: on_dispatched,
    DispatchSigned: lambda _s, _e: {"at": InProgress()},
    DispatchAutoSigned: lambda _s, _e: {"at": InProgress()},
    OwnerNotFound: lambda _s, _e: {"at": ReviewPending()},
    ClassificationNoted: lambda _s, e: {"at": Classified(e.item), "item": e.item},
    AppealTakenOver: on_taken_over,
    AppealAcceptedAnew: lambda _s, e: {"at": Accepted(), "handover": e.handover},
    TransferNoted: lambda _s, _e: {"at": TransferredOut()},
    ReturnRequested: lambda _s, _e: {"at": ReturnReview()},
    ReturnApproved: lambda s, e: {
        "at": Classified(s.item),
        "lead": None,
        "excluded": (*s.excluded, e.department),
    },
    ReturnDenied: lambda _s, _e: {"at": InProgress(), "binding": "denied"},
    DisputeOpened: lambda _s, _e: {"at": Arbitration()},
    ProvisionalLeadNamed: lambda _s, e: {"at": Arbitration(e.department), "lead": e.department},
    RulingIssued: on_ruling,
    FirstContactMade: lambda _s, _e: {"has_contact": True},
    CoHandlerAdded: lambda s, e: {
        "awaited": s.awaited | {e.department},
        "co_handlers": s.co_handlers | {e.department},
    },
    CoHandlerReported: lambda s, e: {"awaited": s.awaited - {e.department}},
    InfoRequested: lambda _s, e: {"at": InfoPending(e.requested_at), "info_rounds": e.round},
    InfoSupplied: lambda _s, _e: {"at": InProgress()},
    InfoTimedOut: lambda _s, e: {"at": Closed(e.passed_at)},
    PlacedOnLedger: lambda _s, _e: {"at": OnLedger()},
    LedgerReleased: lambda _s, _e: {"at": InProgress()},
    ExtensionRequested: lambda _s, e: {"extension_asked_at": e.requested_at},
    ExtensionApproved: on_extension_approved,
    ExtensionDenied: lambda _s, _e: {"extension_asked_at": None},
    LimitPassedNoted: lambda _s, _e: {"is_overdue": True},
    ResultSubmitted: lambda _s, e: {"at": UnderReview(e.submitted_at), "outcome": e.outcome},
    ResultRejected: lambda _s, e: {
        "at": InProgress() if e.resumes == "in_progress" else Accepted()
    },
    ResultApproved: lambda _s, e: {"at": AwaitingCallback(e.approved_at)},
    CallbackAttempted: on_callback_attempt,
    RatedAcceptable: lambda _s, e: {"at": Closed(e.rated_at)},
    RatedUnacceptable: on_unacceptable,
    CallbackExhausted: lambda _s, e: {"at": Closed(e.passed_at)},
    ExclusionProposed: lambda _s, e: {
        "exclusion": Proposal(e.proposed_by, e.reason, e.legal_basis)
    },
    ExclusionApproved: lambda _s, _e: {"exclusion": "approved"},
    ExclusionDenied: lambda _s, _e: {"exclusion": None},
    ReworkDispatched: on_rework,
    FinalRulingIssued: lambda _s, e: {"at": Closed(e.closed_at)},
    ReworkOrdered: lambda _s, _e: {"at": Rework(), "has_rework_order": True},
    AppealReopened: on_second_handling,
    AppealMerged: on_merged,
    AppealUnmerged: on_unmerged,
    MasterClosed: on_master_closed,
    MergeJoined: lambda s, e: {"children": (*s.children, e.child)},
    MergeLeft: on_left,
    ChildrenReleased: lambda _s, _e: {"children": ()},
    AppealWithdrawn: lambda _s, _e: {"at": Withdrawn()},
    PlacedUnderOrder: lambda s, e: {"orders": (*s.orders, e.order_id)},
}
