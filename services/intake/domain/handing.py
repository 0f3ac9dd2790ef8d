"""How an appeal comes in, is accepted, or is handed to the router without a dispatch."""

from datetime import datetime
from typing import Final

from libs.common.contracts.classifier import Handover
from libs.common.contracts.intake import (
    AnsweredAtIntake,
    AppealAccepted,
    AppealEvent,
    AppealSubmitted,
    ConfidentialitySet,
    ResolvedOnSite,
)
from services.intake.domain import refusals
from services.intake.domain.commands import (
    AcceptAnew,
    AcceptAppeal,
    AnswerAtIntake,
    ResolveOnSite,
    SubmitAppeal,
)
from services.intake.domain.rules import Arrival, IntakeRules, Lacking
from services.intake.domain.state import (
    HandedOver,
    IntakeState,
    NotSubmitted,
    OfAppeal,
    Pending,
    Submitted,
)

# What was supplied later stands below the text, so that whoever reads on sees the order.
SUPPLEMENT: Final = "\n\n【补充】"


def submit(
    rules: IntakeRules, state: IntakeState, command: SubmitAppeal
) -> tuple[AppealEvent, ...]:
    """By default a hotline has taken the appeal already, and what passes the checks is accepted.

    Limits run from the moment at which the hotline took it, not from its import.
    """
    if not isinstance(state, NotSubmitted):
        return ()
    event = submitted(command)
    rule = rules.screen(arrival(event))
    if rule.decision == "screened":
        event = event.model_copy(update={"awaits_seat": True})
    events: list[AppealEvent] = [event]
    if (wish := command.prepared.confidentiality) is not None:
        set_by_producer = ConfidentialitySet(
            appeal_id=command.appeal_id, confidentiality=wish, reason=None
        )
        events.append(set_by_producer)
    if rule.decision == "accept":
        events.append(accepted_by_rule(event, rule.id, rules.screening_version))
    return tuple(events)


def accepted_by_rule(event: AppealSubmitted, rule_id: str, version: str) -> AppealAccepted:
    return AppealAccepted(
        appeal_id=event.appeal_id,
        enterprise_id=event.enterprise_id,
        accepted_at=event.submitted_at,
        channel=event.channel,
        kind=event.kind,
        urgency=event.urgency or "normal",
        sub_district=event.sub_district,
        title=event.title,
        text=event.text,
        officer_id=event.officer_id,
        rule_id=rule_id,
        screening_version=version,
    )


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
        officer_id=command.officer_id,
    )


def arrival(event: AppealSubmitted) -> Arrival:
    missing: set[Lacking] = set()
    if event.enterprise_id is None:
        missing.add("enterprise")
    if event.sub_district is None:
        missing.add("sub_district")
    return Arrival(event.channel, event.producer_id, event.kind, frozenset(missing))


def accept(state: OfAppeal, command: AcceptAppeal) -> tuple[AppealEvent, ...]:
    """An open proposal to reject, or an unanswered emergency call, ends with it."""
    if not isinstance(state, Submitted):
        raise refusals.not_now(type(state).__name__, "accept-appeal")
    submission = state.pending.submission
    event = acceptance(state, command.asked.now).model_copy(
        update={
            "kind": command.kind or submission.kind,
            "urgency": command.urgency or submission.urgency or "normal",
            "sub_district": command.sub_district or submission.sub_district,
        }
    )
    return (event,)


def accept_anew(state: IntakeState, command: AcceptAnew) -> tuple[AppealEvent, ...]:
    """For an appeal that never had a dispatch; told late or twice, it changes nothing."""
    if not isinstance(state, HandedOver):
        return ()
    return (acceptance(state, command.accepted_at),)


def acceptance(state: Submitted | HandedOver, accepted_at: datetime) -> AppealAccepted:
    submission = state.pending.submission
    return AppealAccepted(
        appeal_id=submission.appeal_id,
        enterprise_id=state.facets.enterprise_id,
        accepted_at=accepted_at,
        channel=submission.channel,
        kind=submission.kind,
        urgency=submission.urgency or "normal",
        sub_district=submission.sub_district,
        title=submission.title,
        text=whole_text(state.pending),
        officer_id=submission.officer_id,
    )


def whole_text(pending: Pending) -> str:
    return SUPPLEMENT.join((pending.submission.text, *pending.supplements))


def handover(state: Submitted, at: datetime) -> Handover:
    submission = state.pending.submission
    return Handover(
        enterprise_id=state.facets.enterprise_id,
        accepted_at=at,
        channel=submission.channel,
        kind=submission.kind,
        urgency=submission.urgency or "normal",
        sub_district=submission.sub_district,
    )


def answer_at_intake(state: OfAppeal, command: AnswerAtIntake) -> tuple[AppealEvent, ...]:
    if not isinstance(state, Submitted):
        raise refusals.not_now(type(state).__name__, "answer-at-intake")
    if state.pending.submission.kind != "inquiry":
        raise refusals.not_an_inquiry()
    return (
        AnsweredAtIntake(
            appeal_id=command.appeal_id,
            knowledge_id=command.knowledge_id,
            public_reply=command.public_reply,
            answered_at=command.asked.now,
            handover=handover(state, command.asked.now),
            officer_id=state.pending.submission.officer_id,
        ),
    )


def resolve_on_site(state: OfAppeal, command: ResolveOnSite) -> tuple[AppealEvent, ...]:
    """Where the firm has a liaison officer, by that one; else by whichever officer was there."""
    if not isinstance(state, Submitted):
        raise refusals.not_now(type(state).__name__, "resolve-on-site")
    asked = command.asked
    if state.pending.submission.officer_id not in (None, asked.actor.id):
        raise refusals.not_the_officer()
    if command.visited_at > asked.now:
        raise refusals.visit_in_future()
    return (
        ResolvedOnSite(
            appeal_id=command.appeal_id,
            officer_id=asked.actor.id,
            outcome=command.outcome,
            visited_at=command.visited_at,
            site_record=command.site_record,
            public_reply=command.public_reply,
            resolved_at=asked.now,
            handover=handover(state, asked.now),
        ),
    )
