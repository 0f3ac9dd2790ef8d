"""Which of our commands another service's event calls for."""

from typing import Final, TypeAlias, assert_never

from libs.common.contracts.classifier import Handover, ReviewReason
from libs.common.contracts.envelope import Envelope
from libs.common.contracts.intake import AppealAccepted, WithdrawalForwarded
from libs.common.contracts.intake_screening import EmergencyTransferred
from libs.common.contracts.router import AppealMerged, OwnerNotFound, ReturnApproved, RulingIssued
from services.classifier.domain.commands import (
    AskForReview,
    ClassifierCommand,
    Classify,
    LeaveReview,
    NoteReturn,
    NoteRuling,
    Withdraw,
)

WISHES: Final[dict[str, ReviewReason]] = {
    "no_owner": "owner_not_found",
    "returned": "returned",
    "never_classified": "never_classified",
}
IntakeFact: TypeAlias = AppealAccepted | WithdrawalForwarded | EmergencyTransferred
RouterFact: TypeAlias = OwnerNotFound | ReturnApproved | RulingIssued | AppealMerged


def on_intake_event(envelope: Envelope[IntakeFact]) -> tuple[ClassifierCommand, ...]:
    match event := envelope.data:
        case AppealAccepted():
            return (classify(event),)
        case WithdrawalForwarded():
            return (
                Withdraw(
                    appeal_id=event.appeal_id,
                    withdrawn_at=event.requested_at,
                    reason=event.reason,
                ),
            )
        case EmergencyTransferred():
            return (LeaveReview(appeal_id=event.appeal_id, because="transferred"),)
        case _:
            assert_never(event)


def classify(event: AppealAccepted) -> Classify:
    handover = Handover(
        enterprise_id=event.enterprise_id,
        accepted_at=event.accepted_at,
        channel=event.channel,
        kind=event.kind,
        urgency=event.urgency,
        sub_district=event.sub_district,
    )
    return Classify(
        appeal_id=event.appeal_id, title=event.title, text=event.text, handover=handover
    )


def on_router_event(envelope: Envelope[RouterFact]) -> tuple[ClassifierCommand, ...]:
    match event := envelope.data:
        case OwnerNotFound():
            return (
                AskForReview(
                    appeal_id=event.appeal_id,
                    reason=WISHES[event.reason],
                    handover=event.handover,
                    excluded=event.excluded,
                    note=event.note,
                ),
            )
        case ReturnApproved():
            # The dispatcher names another lead or asks for a review; either way the item is in
            # doubt from here on.
            return (NoteReturn(appeal_id=event.appeal_id, department=event.department),)
        case RulingIssued():
            return (NoteRuling(appeal_id=event.appeal_id, item=event.item),)
        case AppealMerged():
            return (LeaveReview(appeal_id=event.appeal_id, because="merged"),)
        case _:
            assert_never(event)
