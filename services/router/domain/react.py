"""Which of our commands another service's event calls for."""

from typing import assert_never

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
)
from libs.common.contracts.envelope import Envelope
from services.router.domain.commands import Dispatch, RouterCommand


def on_classifier_event(
    envelope: Envelope[AppealClassified | ClassificationConfirmed],
) -> tuple[RouterCommand, ...]:
    match event := envelope.data:
        case AppealClassified() | ClassificationConfirmed():
            return (Dispatch(appeal_id=event.appeal_id, item=event.item, handover=event.handover),)
        case _:
            assert_never(event)
