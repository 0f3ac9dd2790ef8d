"""Events owned by the router service."""

from typing import Final, TypeAlias, get_args

from libs.common.contracts.router.dispatching import (
    ActionRefused,
    AppealAcceptedAnew,
    AppealDispatched,
    AppealTakenOver,
    ClassificationNoted,
    ConfidentialitySet,
    Corrected,
    DispatchAutoSigned,
    DispatchSigned,
    OwnerNotFound,
    TransferNoted,
)
from libs.common.contracts.router.handling import (
    CoHandlerAdded,
    CoHandlerReported,
    ExtensionApproved,
    ExtensionDenied,
    ExtensionRequested,
    FirstContactMade,
    InfoRequested,
    InfoSupplied,
    InfoTimedOut,
    InterimReplied,
    LedgerReleased,
    LimitPassedNoted,
    MilestoneReported,
    PlacedOnLedger,
)
from libs.common.contracts.router.joining import (
    AppealMerged,
    AppealUnmerged,
    AppealWithdrawn,
    ChildrenReleased,
    MasterClosed,
    MergeDeclined,
    MergeJoined,
    MergeLeft,
    OrderIssued,
    OrderItemSettled,
    OrderProgressed,
    PlacedUnderOrder,
    StreamAddress,
)
from libs.common.contracts.router.rating import (
    AppealReopened,
    CallbackAttempted,
    CallbackExhausted,
    ExclusionApproved,
    ExclusionDenied,
    ExclusionProposed,
    FinalRulingIssued,
    RatedAcceptable,
    RatedUnacceptable,
    ResultApproved,
    ResultRejected,
    ResultSubmitted,
    ReworkDispatched,
    ReworkOrdered,
)
from libs.common.contracts.router.returning import (
    CatalogueChangeProposed,
    DisputeOpened,
    ProvisionalLeadNamed,
    ReturnApproved,
    ReturnDenied,
    ReturnRequested,
    RulingIssued,
)
from libs.common.contracts.router.words import Outcome, RejectionReason, ReturnReason, Stage

DispatchingEvent: TypeAlias = (
    ActionRefused
    | AppealAcceptedAnew
    | AppealDispatched
    | AppealTakenOver
    | ClassificationNoted
    | ConfidentialitySet
    | Corrected
    | DispatchAutoSigned
    | DispatchSigned
    | OwnerNotFound
    | TransferNoted
)
ReturningEvent: TypeAlias = (
    CatalogueChangeProposed
    | DisputeOpened
    | ProvisionalLeadNamed
    | ReturnApproved
    | ReturnDenied
    | ReturnRequested
    | RulingIssued
)
HandlingEvent: TypeAlias = (
    CoHandlerAdded
    | CoHandlerReported
    | ExtensionApproved
    | ExtensionDenied
    | ExtensionRequested
    | FirstContactMade
    | InfoRequested
    | InfoSupplied
    | InfoTimedOut
    | InterimReplied
    | LedgerReleased
    | LimitPassedNoted
    | MilestoneReported
    | PlacedOnLedger
)
RatingEvent: TypeAlias = (
    AppealReopened
    | CallbackAttempted
    | CallbackExhausted
    | ExclusionApproved
    | ExclusionDenied
    | ExclusionProposed
    | FinalRulingIssued
    | RatedAcceptable
    | RatedUnacceptable
    | ResultApproved
    | ResultRejected
    | ResultSubmitted
    | ReworkDispatched
    | ReworkOrdered
)
JoiningEvent: TypeAlias = (
    AppealMerged
    | AppealUnmerged
    | AppealWithdrawn
    | ChildrenReleased
    | MasterClosed
    | MergeDeclined
    | MergeJoined
    | MergeLeft
    | OrderIssued
    | OrderItemSettled
    | OrderProgressed
    | PlacedUnderOrder
)
RouterEvent: TypeAlias = (
    DispatchingEvent | ReturningEvent | HandlingEvent | RatingEvent | JoiningEvent
)
ROUTER_EVENTS: Final[tuple[type[RouterEvent], ...]] = get_args(RouterEvent)

__all__ = [
    "ROUTER_EVENTS",
    "ActionRefused",
    "AppealAcceptedAnew",
    "AppealDispatched",
    "AppealMerged",
    "AppealReopened",
    "AppealTakenOver",
    "AppealUnmerged",
    "AppealWithdrawn",
    "CallbackAttempted",
    "CallbackExhausted",
    "CatalogueChangeProposed",
    "ChildrenReleased",
    "ClassificationNoted",
    "CoHandlerAdded",
    "CoHandlerReported",
    "ConfidentialitySet",
    "Corrected",
    "DispatchAutoSigned",
    "DispatchSigned",
    "DispatchingEvent",
    "DisputeOpened",
    "ExclusionApproved",
    "ExclusionDenied",
    "ExclusionProposed",
    "ExtensionApproved",
    "ExtensionDenied",
    "ExtensionRequested",
    "FinalRulingIssued",
    "FirstContactMade",
    "HandlingEvent",
    "InfoRequested",
    "InfoSupplied",
    "InfoTimedOut",
    "InterimReplied",
    "JoiningEvent",
    "LedgerReleased",
    "LimitPassedNoted",
    "MasterClosed",
    "MergeDeclined",
    "MergeJoined",
    "MergeLeft",
    "MilestoneReported",
    "OrderIssued",
    "OrderItemSettled",
    "OrderProgressed",
    "Outcome",
    "OwnerNotFound",
    "PlacedOnLedger",
    "PlacedUnderOrder",
    "ProvisionalLeadNamed",
    "RatedAcceptable",
    "RatedUnacceptable",
    "RatingEvent",
    "RejectionReason",
    "ResultApproved",
    "ResultRejected",
    "ResultSubmitted",
    "ReturnApproved",
    "ReturnDenied",
    "ReturnReason",
    "ReturnRequested",
    "ReturningEvent",
    "ReworkDispatched",
    "ReworkOrdered",
    "RouterEvent",
    "RulingIssued",
    "Stage",
    "StreamAddress",
    "TransferNoted",
]
