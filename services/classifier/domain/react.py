"""Which of our commands another service's event calls for."""

from libs.common.contracts.classifier import Handover
from libs.common.contracts.envelope import Envelope
from libs.common.contracts.intake import AppealAccepted
from services.classifier.domain.commands import ClassifierCommand, Classify


def on_intake_event(envelope: Envelope[AppealAccepted]) -> tuple[ClassifierCommand, ...]:
    event = envelope.data
    handover = Handover(
        enterprise_id=event.enterprise_id,
        accepted_at=event.accepted_at,
        channel=event.channel,
        kind=event.kind,
        urgency=event.urgency,
        sub_district=event.sub_district,
    )
    return (
        Classify(appeal_id=event.appeal_id, title=event.title, text=event.text, handover=handover),
    )
