"""Emergency, withdrawal, linking and confidentiality."""

from typing import Final

from libs.common.contracts.envelope import Actor
from libs.common.contracts.intake import (
    AppealAdopted,
    AppealEvent,
    AppealLinked,
    AppealWithdrawn,
    ConfidentialitySet,
    WithdrawalForwarded,
)
from libs.common.contracts.intake_screening import (
    EmergencyDeclined,
    EmergencyOffered,
    EmergencyTransferred,
)
from libs.common.contracts.intake_words import Confidentiality
from services.intake.domain import refusals
from services.intake.domain.commands import (
    AcknowledgeEmergency,
    AdoptAppeal,
    ChangeConfidentiality,
    DeclineEmergency,
    FollowConfidentiality,
    LinkEnterprise,
    OfferEmergency,
    WithdrawAppeal,
)
from services.intake.domain.state import (
    Accepted,
    Adopted,
    HandedOver,
    InfoPending,
    IntakeState,
    NotSubmitted,
    OfAppeal,
    Offer,
    Submitted,
)

DEGREES: Final[tuple[Confidentiality, ...]] = ("normal", "confidential", "whistleblower")


def offer_emergency(state: OfAppeal, command: OfferEmergency) -> tuple[AppealEvent, ...]:
    if not isinstance(state, Submitted):
        raise refusals.not_now(type(state).__name__, "offer-emergency")
    if state.pending.offer is not None:
        raise refusals.already_open("紧急转接", "emergency call")
    return (
        EmergencyOffered(
            appeal_id=command.appeal_id,
            receiver=command.receiver,
            reason=command.reason,
            offered_at=command.asked.now,
        ),
    )


def acknowledge_emergency(
    state: OfAppeal, command: AcknowledgeEmergency
) -> tuple[AppealEvent, ...]:
    offer = open_offer(state, "acknowledge-emergency", command.asked.actor)
    return (
        EmergencyTransferred(
            appeal_id=command.appeal_id,
            receiver=offer.receiver,
            receipt=command.receipt,
            offered_at=offer.offered_at,
            acknowledged_at=command.asked.now,
        ),
    )


def decline_emergency(state: OfAppeal, command: DeclineEmergency) -> tuple[AppealEvent, ...]:
    offer = open_offer(state, "decline-emergency", command.asked.actor)
    return (
        EmergencyDeclined(
            appeal_id=command.appeal_id, receiver=offer.receiver, reason=command.reason
        ),
    )


def open_offer(state: OfAppeal, action: str, actor: Actor) -> Offer:
    if not isinstance(state, Submitted):
        raise refusals.not_now(type(state).__name__, action)
    if state.pending.offer is None:
        raise refusals.nothing_open("紧急转接", "emergency call")
    if actor.unit != state.pending.offer.receiver:
        raise refusals.not_the_receiver()
    return state.pending.offer


def withdraw(state: OfAppeal, command: WithdrawAppeal) -> tuple[AppealEvent, ...]:
    """While intake holds it, at once; after that its holder is told, and answers."""
    match state:
        case Submitted() | InfoPending():
            event = AppealWithdrawn(
                appeal_id=command.appeal_id, reason=command.reason, withdrawn_at=command.asked.now
            )
            return (event,)
        case Accepted() | HandedOver():
            if state.facets.is_withdrawal_forwarded:
                return ()
            told = WithdrawalForwarded(
                appeal_id=command.appeal_id, reason=command.reason, requested_at=command.asked.now
            )
            return (told,)
        case _:
            raise refusals.not_now(type(state).__name__, "request-withdrawal")


def link(state: OfAppeal, command: LinkEnterprise) -> tuple[AppealEvent, ...]:
    """Linking says the same thing again, or is refused: an appeal is in one file only."""
    if state.facets.enterprise_id == command.enterprise_id:
        return ()
    if state.facets.enterprise_id is not None:
        raise refusals.already_linked()
    return (
        AppealLinked(
            appeal_id=command.appeal_id,
            enterprise_id=command.enterprise_id,
            uscc=command.uscc,
            enterprise_name=command.enterprise_name,
        ),
    )


def adopt(state: IntakeState, command: AdoptAppeal) -> tuple[AppealEvent, ...]:
    if not isinstance(state, NotSubmitted) or command.chain_key == str(command.enterprise_id):
        return ()
    return (
        AppealAdopted(
            appeal_id=command.appeal_id,
            enterprise_id=command.enterprise_id,
            chain_key=command.chain_key,
        ),
    )


def change_confidentiality(
    state: OfAppeal, command: ChangeConfidentiality
) -> tuple[AppealEvent, ...]:
    """In any state, since the data lies in the vault whatever becomes of the appeal."""
    now = state.facets.confidentiality
    if command.confidentiality == now:
        return ()
    is_lower = DEGREES.index(command.confidentiality) < DEGREES.index(now)
    if is_lower and command.asked.actor.kind != "supervisor":
        raise refusals.only_supervisor_lifts()
    return (
        ConfidentialitySet(
            appeal_id=command.appeal_id,
            confidentiality=command.confidentiality,
            reason=command.reason,
        ),
    )


def follow_confidentiality(
    state: IntakeState, command: FollowConfidentiality
) -> tuple[AppealEvent, ...]:
    if isinstance(state, NotSubmitted | Adopted):
        return ()
    if state.facets.confidentiality == command.confidentiality:
        return ()
    return (
        ConfidentialitySet(
            appeal_id=command.appeal_id,
            confidentiality=command.confidentiality,
            reason=None,
        ),
    )
