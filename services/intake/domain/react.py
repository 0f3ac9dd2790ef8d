"""Which of our commands another service's event calls for."""

from libs.common.contracts.envelope import Envelope
from libs.common.contracts.router import AppealAcceptedAnew
from libs.common.contracts.sla import LimitPassed
from services.intake.domain.commands import AcceptAnew, IntakeCommand, TimeOutSupplement


def on_sla_event(envelope: Envelope[LimitPassed]) -> tuple[IntakeCommand, ...]:
    """Of all clocks only the supplement's; whether intake was the one who asked, state tells."""
    passed = envelope.data
    if passed.clock != "supplement":
        return ()
    return (TimeOutSupplement(appeal_id=passed.appeal_id, due=passed.due),)


def on_router_event(envelope: Envelope[AppealAcceptedAnew]) -> tuple[IntakeCommand, ...]:
    """Only intake has the text that the classifier needs, so it accepts the appeal once more."""
    anew = envelope.data
    return (AcceptAnew(appeal_id=anew.appeal_id, accepted_at=anew.accepted_at),)
