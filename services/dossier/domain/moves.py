"""Where each event leaves its appeal, in the words of the service that owns the event."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from libs.common.contracts import classifier, intake, router
from libs.common.contracts import intake_screening as screening
from libs.common.contracts.envelope import Event
from services.dossier.domain.states import ClassifierState, IntakeState, Owners, RouterState

INTAKE: Final[Mapping[type[Event], IntakeState]] = {
    intake.AppealSubmitted: IntakeState.SUBMITTED,
    screening.InfoRequested: IntakeState.INFO_PENDING,
    screening.InfoSupplied: IntakeState.SUBMITTED,
    screening.InfoTimedOut: IntakeState.CLOSED,
    screening.AppealRejected: IntakeState.NOT_ACCEPTED,
    screening.RejectionOverturned: IntakeState.SUBMITTED,
    screening.EmergencyTransferred: IntakeState.TRANSFERRED_OUT,
    intake.AnsweredAtIntake: IntakeState.CALLBACK_PENDING,
    intake.ResolvedOnSite: IntakeState.RESULT_SUBMITTED,
    intake.AppealAccepted: IntakeState.ACCEPTED,
    intake.AppealWithdrawn: IntakeState.WITHDRAWN,
}
CLASSIFIER: Final[Mapping[type[Event], ClassifierState]] = {
    classifier.AppealClassified: ClassifierState.CLASSIFIED,
    classifier.ReviewRequired: ClassifierState.REVIEW_PENDING,
    classifier.ClassificationConfirmed: ClassifierState.CLASSIFIED,
    classifier.WithdrawnBeforeDispatch: ClassifierState.WITHDRAWN,
}
ROUTER: Final[Mapping[type[Event], RouterState]] = {
    router.AppealAcceptedAnew: RouterState.ACCEPTED,
    router.OwnerNotFound: RouterState.REVIEW_PENDING,
    router.ClassificationNoted: RouterState.CLASSIFIED,
    router.AppealDispatched: RouterState.DISPATCHED,
    router.DispatchSigned: RouterState.IN_PROGRESS,
    router.DispatchAutoSigned: RouterState.IN_PROGRESS,
    router.ReturnRequested: RouterState.RETURN_REVIEW,
    router.ReturnApproved: RouterState.CLASSIFIED,
    router.ReturnDenied: RouterState.IN_PROGRESS,
    router.DisputeOpened: RouterState.ARBITRATION,
    router.ProvisionalLeadNamed: RouterState.ARBITRATION,
    router.RulingIssued: RouterState.DISPATCHED,
    router.InfoRequested: RouterState.INFO_PENDING,
    router.InfoTimedOut: RouterState.CLOSED,
    router.PlacedOnLedger: RouterState.ON_LEDGER,
    router.LedgerReleased: RouterState.IN_PROGRESS,
    router.ResultSubmitted: RouterState.RESULT_SUBMITTED,
    router.ResultApproved: RouterState.CALLBACK_PENDING,
    router.RatedAcceptable: RouterState.CLOSED,
    router.CallbackExhausted: RouterState.CLOSED,
    router.ReworkDispatched: RouterState.DISPATCHED,
    router.ReworkOrdered: RouterState.REWORK,
    router.FinalRulingIssued: RouterState.CLOSED,
    router.AppealMerged: RouterState.MERGED,
    router.MasterClosed: RouterState.CALLBACK_PENDING,
    router.AppealWithdrawn: RouterState.WITHDRAWN,
    router.TransferNoted: RouterState.TRANSFERRED_OUT,
}


Move: TypeAlias = IntakeState | ClassifierState | RouterState
FIXED: Final[Mapping[type[Event], Move]] = {**INTAKE, **CLASSIFIER, **ROUTER}


def resumed(event: Any) -> RouterState:  # noqa: ANN401 - an event that has the field
    return RouterState(event.resumes.upper())


def led_to(event: Any) -> RouterState:  # noqa: ANN401 - an event that has the field
    return RouterState(event.leads_to.upper())


def taken_over(event: router.AppealTakenOver) -> RouterState:
    answered = event.taken_from == "answered_at_intake"
    return RouterState.CALLBACK_PENDING if answered else RouterState.RESULT_SUBMITTED


# Events that say themselves where the appeal goes on.
SAYING: Final[Mapping[type[Event], Callable[[Any], RouterState]]] = {
    router.InfoSupplied: resumed,
    router.ResultRejected: resumed,
    router.AppealUnmerged: resumed,
    router.RatedUnacceptable: led_to,
    router.AppealReopened: led_to,
    router.AppealTakenOver: taken_over,
}


def move_of(event: Any) -> Move | None:  # noqa: ANN401 - any contract's event
    """What its owner says of the appeal from here on; None where the event moves nothing."""
    kind = event.__class__
    fixed = FIXED.get(kind)
    if fixed is not None or kind not in SAYING:
        return fixed
    return SAYING[kind](event)


def moved(owners: Owners, event: Any) -> Owners:  # noqa: ANN401 - any contract's event
    match move_of(event):
        case IntakeState() as state:
            return owners._replace(intake=state)
        case ClassifierState() as state:
            return owners._replace(classifier=state)
        case RouterState() as state:
            return owners._replace(router=state)
        case None:
            return owners
