"""What follows from a submission, given what has happened. Pure."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.intake import AppealAccepted, AppealSubmitted, IntakeEvent
from libs.common.decider import Decider
from services.intake.domain.commands import IntakeCommand, SubmitAppeal
from services.intake.domain.state import IntakeState, NotSubmitted, evolve


def decide(state: IntakeState, command: IntakeCommand) -> Sequence[IntakeEvent]:
    """A hotline has taken the appeal already, so what passes the checks is accepted by rule."""
    if not isinstance(state, NotSubmitted):
        return ()
    return (submitted(command), accepted(command))


def submitted(command: SubmitAppeal) -> AppealSubmitted:
    prepared = command.prepared
    return AppealSubmitted(
        appeal_id=command.appeal_id,
        enterprise_id=command.enterprise_id,
        enterprise_name=prepared.enterprise_name,
        uscc=prepared.uscc,
        channel=prepared.channel,
        producer_id=command.producer_id,
        source_id=command.source_id,
        submitted_at=prepared.occurred_at,
        kind=prepared.kind or "request",
        urgency=prepared.urgency,
        sub_district=prepared.sub_district,
        title=prepared.title,
        text=prepared.text,
        marks=prepared.mark_counts(),
        commitment=command.commitment,
    )


def accepted(command: SubmitAppeal) -> AppealAccepted:
    """Limits run from the moment at which the hotline took the appeal, not from its import."""
    prepared = command.prepared
    return AppealAccepted(
        appeal_id=command.appeal_id,
        enterprise_id=command.enterprise_id,
        accepted_at=prepared.occurred_at,
        channel=prepared.channel,
        kind=prepared.kind or "request",
        urgency=prepared.urgency or "normal",
        sub_district=prepared.sub_district,
        title=prepared.title,
        text=prepared.text,
    )


INTAKE: Final[Decider[IntakeCommand, IntakeState, IntakeEvent]] = Decider(
    initial=NotSubmitted(), decide=decide, evolve=evolve
)
