"""How an event moves the state. History is not judged again."""

from dataclasses import replace
from typing import TypeAlias, assert_never

from libs.common.contracts.intake import (
    AnsweredAtIntake,
    AppealAccepted,
    AppealAdopted,
    AppealEvent,
    AppealLinked,
    AppealSubmitted,
    AppealWithdrawn,
    ConfidentialitySet,
    IntakeActionRefused,
    ResolvedOnSite,
    WithdrawalForwarded,
)
from libs.common.contracts.intake_screening import (
    AppealRejected,
    EmergencyDeclined,
    EmergencyOffered,
    EmergencyTransferred,
    InfoRequested,
    InfoSupplied,
    InfoTimedOut,
    ObjectionRaised,
    RejectionDeclined,
    RejectionOverturned,
    RejectionProposed,
    RejectionUpheld,
    SupplementForwarded,
)
from services.intake.domain.state import (
    Accepted,
    Adopted,
    Ended,
    Ending,
    Facets,
    HandedOver,
    InfoPending,
    IntakeState,
    NotSubmitted,
    OfAppeal,
    Offer,
    Pending,
    Proposal,
    Rejected,
    Submitted,
    with_facets,
)

Waiting: TypeAlias = Submitted | InfoPending | Rejected | HandedOver
FacetEvent: TypeAlias = (
    AppealLinked | ConfidentialitySet | SupplementForwarded | WithdrawalForwarded
)
Moving: TypeAlias = (
    InfoRequested
    | InfoSupplied
    | RejectionProposed
    | RejectionDeclined
    | AppealRejected
    | ObjectionRaised
    | RejectionOverturned
    | RejectionUpheld
    | EmergencyOffered
    | EmergencyDeclined
)


def evolve(state: IntakeState, event: AppealEvent) -> IntakeState:
    version = state.version + 1
    if isinstance(event, AppealSubmitted):
        facets = Facets(event.producer_id, event.enterprise_id)
        return Submitted(version=version, facets=facets, pending=Pending(submission=event))
    if isinstance(event, AppealAdopted):
        return Adopted(version)
    if isinstance(state, NotSubmitted | Adopted) or isinstance(event, IntakeActionRefused):
        return replace(state, version=version)
    return after(replace(state, version=version), event)


def after(
    state: OfAppeal,
    event: Moving
    | FacetEvent
    | AppealAccepted
    | AnsweredAtIntake
    | ResolvedOnSite
    | AppealWithdrawn
    | EmergencyTransferred
    | InfoTimedOut,
) -> IntakeState:
    match event:
        case AppealAccepted():
            return Accepted(version=state.version, facets=state.facets)
        case AppealWithdrawn():
            return ended(state, "withdrawn")
        case EmergencyTransferred():
            return ended(state, "transferred")
        case InfoTimedOut():
            return ended(state, "timed_out")
        case AppealLinked() | ConfidentialitySet() | SupplementForwarded() | WithdrawalForwarded():
            return with_facets(state, new_facets(state.facets, event))
        case _:
            return state if isinstance(state, Accepted | Ended) else moved(state, event)


def ended(state: OfAppeal, how: Ending) -> Ended:
    return Ended(version=state.version, facets=state.facets, how=how)


def new_facets(facets: Facets, event: FacetEvent) -> Facets:
    match event:
        case AppealLinked():
            return replace(facets, enterprise_id=event.enterprise_id)
        case ConfidentialitySet():
            return replace(facets, confidentiality=event.confidentiality)
        case SupplementForwarded():
            return replace(facets, supplements_forwarded=event.number)
        case WithdrawalForwarded():
            return replace(facets, is_withdrawal_forwarded=True)
        case _:
            assert_never(event)


def moved(state: Waiting, event: Moving | AnsweredAtIntake | ResolvedOnSite) -> IntakeState:
    version, facets, pending = state.version, state.facets, state.pending
    match event:
        case InfoRequested():
            asked = replace(pending, info_rounds=event.round)
            return InfoPending(
                version=version, facets=facets, pending=asked, requested_at=event.requested_at
            )
        case AnsweredAtIntake() | ResolvedOnSite():
            return HandedOver(version=version, facets=facets, pending=pending)
        case AppealRejected():
            officers = frozenset({event.proposed_by, event.confirmed_by})
            settled = replace(pending, proposal=None)
            return Rejected(
                version=version, facets=facets, pending=settled, code=event.code, officers=officers
            )
        case ObjectionRaised():
            objected = replace(state, pending=replace(pending, has_objected=True))
            return open_objection(objected, is_open=True)
        case RejectionUpheld():
            return open_objection(state, is_open=False)
        case _:
            return Submitted(version=version, facets=facets, pending=back(pending, event))


def open_objection(state: Waiting, *, is_open: bool) -> Waiting:
    return replace(state, has_open_objection=is_open) if isinstance(state, Rejected) else state


def back(
    pending: Pending,
    event: InfoSupplied
    | RejectionProposed
    | RejectionDeclined
    | RejectionOverturned
    | EmergencyOffered
    | EmergencyDeclined,
) -> Pending:
    """After these the appeal is, or still is, to be accepted."""
    match event:
        case InfoSupplied():
            return replace(pending, supplements=(*pending.supplements, event.text))
        case RejectionProposed():
            proposal = Proposal(event.code, event.ground, event.proposed_by)
            return replace(pending, proposal=proposal)
        case RejectionDeclined():
            return replace(pending, proposal=None)
        case RejectionOverturned():
            return replace(pending, was_overturned=True)
        case EmergencyOffered():
            return replace(pending, offer=Offer(event.receiver, event.offered_at))
        case EmergencyDeclined():
            return replace(pending, offer=None)
        case _:
            assert_never(event)
