"""What each event says of its appeal. Commutes over owners: topics have no order among them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from libs.common.contracts import classifier, dossier, intake, router, sla
from libs.common.contracts import intake_register as register
from libs.common.subscription import name_of
from services.dossier.domain.events import Told
from services.dossier.domain.facts import AppealFacts, EnterpriseFact, EscalationFact, Facts, Rung
from services.dossier.domain.moves import move_of
from services.dossier.domain.states import (
    CONFIDENTIALITY,
    TERMINAL,
    ClassifierState,
    IntakeState,
    RouterState,
)

RESOLVE: Final = "resolve"
SAID_BY: Final[Mapping[type[Any], str]] = {
    IntakeState: "intake_state",
    ClassifierState: "classifier_state",
    RouterState: "router_state",
}
ENDS: Final = frozenset(state.value for state in TERMINAL)
# They name an appeal and are none of its own: an adoption stands in the enterprise's chain, a
# declined merge may name what is no appeal at all, and who has read it says nothing of it.
OF_NO_APPEAL: Final[frozenset[type[Any]]] = frozenset(
    (intake.AppealAdopted, router.MergeDeclined, dossier.Exported, dossier.Disclosed)
)


def fold(facts: Facts, chain_key: str, told: Told[Any]) -> None:
    """Lays one event over what the ones before it have said.

    By its exact class and never by isinstance, which pydantic makes dear.
    """
    event: Any = told.data
    kind: type[Any] = event.__class__
    if kind in NAMING_ENTERPRISES and event.enterprise_id is not None:
        facts.enterprises[event.enterprise_id] = enterprise_of(facts, event)
    appeal_id = getattr(event, "appeal_id", None)
    if appeal_id is None or kind in OF_NO_APPEAL:
        return
    appeal = facts.appeal(appeal_id, chain_key, told.time)
    move(appeal, told)
    if kind in KINDS:
        on_escalation(facts, event)
    elif kind is sla.EscalationRevoked:
        facts.revoked.append(Rung(appeal_id, event.clock, event.deadline_version, event.level))
    elif on_event := ON_EVENT.get(kind):
        on_event(appeal, event)


def enterprise_of(facts: Facts, event: Any) -> EnterpriseFact:  # noqa: ANN401 - one of the events above
    """What is not said again stays."""
    known = facts.enterprises.get(event.enterprise_id)
    uscc = getattr(event, "uscc", None) or (known.uscc if known else None)
    name = event.enterprise_name or (known.name if known else None)
    return EnterpriseFact(event.enterprise_id, name, uscc)


def move(appeal: AppealFacts, told: Told[Any]) -> None:
    state = move_of(told.data)
    if state is None:
        return
    setattr(appeal, SAID_BY[state.__class__], state)
    if state.value in ENDS:
        appeal.closed_at = told.time


def on_submitted(appeal: AppealFacts, event: intake.AppealSubmitted) -> None:
    appeal.enterprise_id = event.enterprise_id or appeal.enterprise_id
    appeal.enterprise_name = event.enterprise_name or appeal.enterprise_name
    appeal.uscc = event.uscc or appeal.uscc
    appeal.channel = event.channel
    appeal.source_id = event.source_id
    appeal.title = event.title
    appeal.sub_district = event.sub_district
    appeal.submitted_at = event.submitted_at


def on_accepted(appeal: AppealFacts, event: intake.AppealAccepted) -> None:
    appeal.accepted_at = event.accepted_at
    appeal.urge(event.urgency)


def on_linked(appeal: AppealFacts, event: intake.AppealLinked) -> None:
    appeal.enterprise_id, appeal.uscc = event.enterprise_id, event.uscc
    appeal.enterprise_name = event.enterprise_name or appeal.enterprise_name


def on_kept_secret(appeal: AppealFacts, event: intake.ConfidentialitySet) -> None:
    appeal.confidentiality = event.confidentiality


def on_level(appeal: AppealFacts, event: router.ConfidentialitySet) -> None:
    appeal.confidentiality = CONFIDENTIALITY[event.level]


def on_classified(appeal: AppealFacts, event: classifier.AppealClassified) -> None:
    appeal.item, appeal.category = event.item, event.category
    appeal.confidence = event.judgement.confidence


def on_review(appeal: AppealFacts, event: classifier.ReviewRequired) -> None:
    if event.judgement is not None:
        appeal.confidence = event.judgement.confidence


def on_confirmed(appeal: AppealFacts, event: classifier.ClassificationConfirmed) -> None:
    appeal.item, appeal.category = event.item, event.category


def on_dispatched(appeal: AppealFacts, event: router.AppealDispatched) -> None:
    appeal.lead, appeal.item, appeal.category = event.lead, event.item, event.category
    appeal.accepted_at = event.accepted_at
    appeal.dispatched_at = event.dispatched_at or appeal.last_event_at
    appeal.urge(event.urgency)


def on_ruling(appeal: AppealFacts, event: router.RulingIssued) -> None:
    appeal.lead, appeal.item, appeal.category = event.lead, event.item, event.category


def on_rework(appeal: AppealFacts, event: router.ReworkDispatched) -> None:
    appeal.lead = event.lead


def on_department(
    appeal: AppealFacts, event: router.ProvisionalLeadNamed | router.ResultSubmitted
) -> None:
    appeal.lead = event.department


def on_urgency(appeal: AppealFacts, event: sla.UrgencyChanged) -> None:
    appeal.urge(event.new)


def on_clocks_started(appeal: AppealFacts, event: sla.ClocksStarted) -> None:
    for start in event.clocks:
        appeal.provisional = appeal.provisional or start.provisional
        if start.clock == RESOLVE:
            began = appeal.resolve_started_at
            if began is not None and began < start.started_at:
                # A rework's new run: the stop was that of the run before.
                appeal.resolve_stopped_at = None
            appeal.resolve_started_at = start.started_at
            appeal.resolve_due = start.due
            appeal.resolve_limit = start.limit


def on_clocks_stopped(appeal: AppealFacts, event: sla.ClocksStopped) -> None:
    if RESOLVE in event.clocks:
        stops = (appeal.resolve_stopped_at, event.stopped_at)
        appeal.resolve_stopped_at = min(stop for stop in stops if stop is not None)


def on_deadline_set(appeal: AppealFacts, event: sla.DeadlineSet) -> None:
    start = event.clock
    appeal.provisional = appeal.provisional or start.provisional
    if start.clock == RESOLVE:
        appeal.resolve_due, appeal.resolve_limit = start.due, start.limit


def on_escalation(facts: Facts, event: sla.Escalation) -> None:
    rung = Rung(event.appeal_id, event.clock, event.deadline_version, event.level)
    fact = EscalationFact(KINDS[type(event)], event.step_at, event.late)
    facts.escalate(rung, fact)


NAMING_ENTERPRISES: Final[frozenset[type[Any]]] = frozenset(
    (
        intake.AppealSubmitted,
        intake.AppealLinked,
        register.EnterpriseRegistered,
        register.EnterpriseUpdated,
    )
)
ON_EVENT: Final[Mapping[type[Any], Callable[[AppealFacts, Any], None]]] = {
    intake.AppealSubmitted: on_submitted,
    intake.AppealAccepted: on_accepted,
    intake.AppealLinked: on_linked,
    intake.ConfidentialitySet: on_kept_secret,
    classifier.AppealClassified: on_classified,
    classifier.ReviewRequired: on_review,
    classifier.ClassificationConfirmed: on_confirmed,
    router.AppealDispatched: on_dispatched,
    router.RulingIssued: on_ruling,
    router.ReworkDispatched: on_rework,
    router.ProvisionalLeadNamed: on_department,
    router.ResultSubmitted: on_department,
    router.ConfidentialitySet: on_level,
    sla.UrgencyChanged: on_urgency,
    sla.ClocksStarted: on_clocks_started,
    sla.ClocksStopped: on_clocks_stopped,
    sla.DeadlineSet: on_deadline_set,
}
KINDS: Final[Mapping[type[sla.Escalation], str]] = {
    one: name_of(one.TYPE).partition(".")[2]
    for one in (
        sla.WarningRaised,
        sla.Urged,
        sla.LimitPassed,
        sla.Supervised,
        sla.LevelRaised,
        sla.Notified,
    )
}
