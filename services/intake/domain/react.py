"""Which of our commands another service's event calls for."""

from collections.abc import Mapping
from typing import Final, assert_never

from libs.common.contracts.envelope import Envelope
from libs.common.contracts.intake_words import Confidentiality
from libs.common.contracts.router import AppealAcceptedAnew, ConfidentialitySet
from libs.common.contracts.sla import LimitPassed
from services.intake.domain.commands import (
    AcceptAnew,
    FollowConfidentiality,
    IntakeCommand,
    TimeOutSupplement,
)

# The router's words for it, and the vault's.
DEGREES: Final[Mapping[str, Confidentiality]] = {
    "open": "normal",
    "confidential": "confidential",
    "report": "whistleblower",
}


def on_sla_event(envelope: Envelope[LimitPassed]) -> tuple[IntakeCommand, ...]:
    """Of all clocks only the supplement's; whether intake was the one who asked, state tells."""
    passed = envelope.data
    if passed.clock != "supplement":
        return ()
    return (TimeOutSupplement(appeal_id=passed.appeal_id, due=passed.due),)


def on_router_event(
    envelope: Envelope[AppealAcceptedAnew | ConfidentialitySet],
) -> tuple[IntakeCommand, ...]:
    """Only intake has the text that the classifier needs, so it accepts the appeal once more."""
    match event := envelope.data:
        case AppealAcceptedAnew():
            return (AcceptAnew(appeal_id=event.appeal_id, accepted_at=event.accepted_at),)
        case ConfidentialitySet():
            degree = DEGREES[event.level]
            return (FollowConfidentiality(appeal_id=event.appeal_id, confidentiality=degree),)
        case _:
            assert_never(event)
