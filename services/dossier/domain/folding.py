"""What each event says of its appeal. Commutes over owners: topics have no order among them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)
from libs.common.contracts.intake import AppealAccepted, AppealSubmitted
from libs.common.contracts.router import (
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
)
from libs.common.contracts.sla import (
    ClocksStarted,
    ClocksStopped,
    DeadlineSet,
    Escalation,
    EscalationRevoked,
    LevelRaised,
    LimitPassed,
    Notified,
    Supervised,
    Urged,
    WarningRaised,
)
from libs.common.contracts.sla_system import CalendarVersionApplied, PolicyVersionApplied
from libs.common.subscription import name_of
from services.dossier.domain.events import Told
from services.dossier.domain.facts import AppealFacts, EnterpriseFact, EscalationFact, Facts, Rung
from services.dossier.domain.states import ClassifierState, IntakeState, RouterState

RESOLVE: Final = "resolve"
# They stand in the chain of the key `system` alone.
OF_NO_APPEAL: Final = (CalendarVersionApplied, PolicyVersionApplied)


def fold(facts: Facts, chain_key: str, told: Told[Any]) -> None:
    """Lays one event over what the ones before it have said."""
    event: Any = told.data
    if isinstance(event, OF_NO_APPEAL):
        return
    appeal = facts.appeal(event.appeal_id, chain_key, told.time)
    if isinstance(event, Escalation):
        on_escalation(facts, event)
    elif isinstance(event, EscalationRevoked):
        facts.revoked.append(
            Rung(event.appeal_id, event.clock, event.deadline_version, event.level)
        )
    elif on_event := ON_EVENT.get(event.TYPE):
        on_event(appeal, told)
    if isinstance(event, AppealSubmitted) and event.enterprise_id is not None:
        facts.enterprises[event.enterprise_id] = EnterpriseFact(
            event.enterprise_id, event.enterprise_name, event.uscc
        )


def on_submitted(appeal: AppealFacts, told: Told[AppealSubmitted]) -> None:
    event = told.data
    appeal.intake_state = appeal.intake_state or IntakeState.SUBMITTED
    appeal.enterprise_id = event.enterprise_id
    appeal.enterprise_name = event.enterprise_name
    appeal.uscc = event.uscc
    appeal.channel = event.channel
    appeal.source_id = event.source_id
    appeal.title = event.title
    appeal.sub_district = event.sub_district
    appeal.submitted_at = event.submitted_at


def on_accepted(appeal: AppealFacts, told: Told[AppealAccepted]) -> None:
    appeal.intake_state = IntakeState.ACCEPTED
    appeal.accepted_at = told.data.accepted_at
    appeal.urge(told.data.urgency)


def on_classified(appeal: AppealFacts, told: Told[AppealClassified]) -> None:
    event = told.data
    appeal.classifier_state = ClassifierState.CLASSIFIED
    appeal.item, appeal.category = event.item, event.category
    appeal.confidence = event.judgement.confidence


def on_review(appeal: AppealFacts, told: Told[ReviewRequired]) -> None:
    appeal.classifier_state = ClassifierState.REVIEW_PENDING
    if told.data.judgement is not None:
        appeal.confidence = told.data.judgement.confidence


def on_confirmed(appeal: AppealFacts, told: Told[ClassificationConfirmed]) -> None:
    appeal.classifier_state = ClassifierState.CLASSIFIED
    appeal.item, appeal.category = told.data.item, told.data.category


def on_withdrawn(appeal: AppealFacts, told: Told[WithdrawnBeforeDispatch]) -> None:
    appeal.classifier_state = ClassifierState.WITHDRAWN
    appeal.closed_at = told.data.withdrawn_at


def on_dispatched(appeal: AppealFacts, told: Told[AppealDispatched]) -> None:
    event = told.data
    appeal.router_state = RouterState.DISPATCHED
    appeal.lead, appeal.item, appeal.category = event.lead, event.item, event.category
    appeal.accepted_at = event.accepted_at
    appeal.dispatched_at = told.time
    appeal.urge(event.urgency)


def on_signed(appeal: AppealFacts, told: Told[DispatchSigned]) -> None:
    appeal.router_state = RouterState.IN_PROGRESS


def on_result(appeal: AppealFacts, told: Told[ResultSubmitted]) -> None:
    appeal.router_state = RouterState.RESULT_SUBMITTED


def on_approved(appeal: AppealFacts, told: Told[ResultApproved]) -> None:
    appeal.router_state = RouterState.CALLBACK_PENDING


def on_rated(appeal: AppealFacts, told: Told[RatedAcceptable]) -> None:
    appeal.router_state = RouterState.CLOSED
    appeal.closed_at = told.time


def on_clocks_started(appeal: AppealFacts, told: Told[ClocksStarted]) -> None:
    for start in told.data.clocks:
        appeal.provisional = appeal.provisional or start.provisional
        if start.clock == RESOLVE:
            appeal.resolve_started_at = start.started_at
            appeal.resolve_due = start.due
            appeal.resolve_limit = start.limit


def on_clocks_stopped(appeal: AppealFacts, told: Told[ClocksStopped]) -> None:
    if RESOLVE in told.data.clocks:
        stops = (appeal.resolve_stopped_at, told.data.stopped_at)
        appeal.resolve_stopped_at = min(stop for stop in stops if stop is not None)


def on_deadline_set(appeal: AppealFacts, told: Told[DeadlineSet]) -> None:
    start = told.data.clock
    appeal.provisional = appeal.provisional or start.provisional
    if start.clock == RESOLVE:
        appeal.resolve_due, appeal.resolve_limit = start.due, start.limit


def on_escalation(facts: Facts, event: Escalation) -> None:
    rung = Rung(event.appeal_id, event.clock, event.deadline_version, event.level)
    fact = EscalationFact(KINDS[type(event)], event.step_at, event.late)
    facts.escalate(rung, fact)


ON_EVENT: Final[Mapping[str, Callable[[AppealFacts, Told[Any]], None]]] = {
    AppealSubmitted.TYPE: on_submitted,
    AppealAccepted.TYPE: on_accepted,
    AppealClassified.TYPE: on_classified,
    ReviewRequired.TYPE: on_review,
    ClassificationConfirmed.TYPE: on_confirmed,
    WithdrawnBeforeDispatch.TYPE: on_withdrawn,
    AppealDispatched.TYPE: on_dispatched,
    DispatchSigned.TYPE: on_signed,
    ResultSubmitted.TYPE: on_result,
    ResultApproved.TYPE: on_approved,
    RatedAcceptable.TYPE: on_rated,
    ClocksStarted.TYPE: on_clocks_started,
    ClocksStopped.TYPE: on_clocks_stopped,
    DeadlineSet.TYPE: on_deadline_set,
}
KINDS: Final[Mapping[type[Escalation], str]] = {
    one: name_of(one.TYPE).partition(".")[2]
    for one in (WarningRaised, Urged, LimitPassed, Supervised, LevelRaised, Notified)
}
