"""What a seat may do before it accepts: ask for more, or have a second officer reject."""

from typing import Final

from libs.common.contracts.intake import AppealEvent
from libs.common.contracts.intake_screening import (
    AppealRejected,
    InfoRequested,
    InfoSupplied,
    InfoTimedOut,
    ObjectionRaised,
    RejectionDeclined,
    RejectionOverturned,
    RejectionProposed,
    RejectionUpheld,
    SupplementForwarded,
)
from services.intake.domain import refusals
from services.intake.domain.commands import (
    ConfirmRejection,
    DeclineRejection,
    ObjectToRejection,
    OverturnRejection,
    ProposeRejection,
    RequestSupplement,
    SupplySupplement,
    TimeOutSupplement,
    UpholdRejection,
)
from services.intake.domain.handing import SUPPLEMENT, whole_text
from services.intake.domain.rules import IntakeRules
from services.intake.domain.state import (
    Accepted,
    HandedOver,
    InfoPending,
    IntakeState,
    OfAppeal,
    Proposal,
    Rejected,
    Submitted,
)
from services.intake.domain.submission import MOST_TEXT_BYTES, bytes_in_event

MOST_ROUNDS: Final = 2
MOST_FORWARDED: Final = 100


def request_supplement(state: OfAppeal, command: RequestSupplement) -> tuple[AppealEvent, ...]:
    if not isinstance(state, Submitted):
        raise refusals.not_now(type(state).__name__, "request-supplement")
    if state.pending.info_rounds >= MOST_ROUNDS:
        raise refusals.rounds_used(MOST_ROUNDS)
    return (
        InfoRequested(
            appeal_id=command.appeal_id,
            round=state.pending.info_rounds + 1,
            missing=command.missing,
            requested_at=command.asked.now,
        ),
    )


def supply_supplement(state: OfAppeal, command: SupplySupplement) -> tuple[AppealEvent, ...]:
    """Before acceptance only what was asked for; after it whoever holds the appeal is told."""
    match state:
        case InfoPending():
            return (answer_to_request(state, command),)
        case Accepted() | HandedOver():
            return (forwarded(state, command),)
        case _:
            raise refusals.not_now(type(state).__name__, "supply-supplement")


def answer_to_request(state: InfoPending, command: SupplySupplement) -> InfoSupplied:
    if bytes_in_event(SUPPLEMENT.join((whole_text(state.pending), command.text))) > MOST_TEXT_BYTES:
        raise refusals.text_too_large()
    return InfoSupplied(
        appeal_id=command.appeal_id,
        round=state.pending.info_rounds,
        text=command.text,
        marks=command.marks,
        commitment=command.commitment,
        supplied_at=command.asked.now,
    )


def forwarded(state: Accepted | HandedOver, command: SupplySupplement) -> SupplementForwarded:
    if state.facets.supplements_forwarded >= MOST_FORWARDED:
        raise refusals.too_many_supplements(MOST_FORWARDED)
    return SupplementForwarded(
        appeal_id=command.appeal_id,
        number=state.facets.supplements_forwarded + 1,
        text=command.text,
        marks=command.marks,
        commitment=command.commitment,
        supplied_at=command.asked.now,
    )


def time_out_supplement(state: IntakeState, command: TimeOutSupplement) -> tuple[AppealEvent, ...]:
    """A limit that fell due before the last request belongs to an earlier round."""
    if not isinstance(state, InfoPending) or command.due < state.requested_at:
        return ()
    return (
        InfoTimedOut(
            appeal_id=command.appeal_id,
            round=state.pending.info_rounds,
            limit_passed_at=command.due,
        ),
    )


def propose_rejection(state: OfAppeal, command: ProposeRejection) -> tuple[AppealEvent, ...]:
    if not isinstance(state, Submitted):
        raise refusals.not_now(type(state).__name__, "propose-rejection")
    if state.pending.proposal is not None:
        raise refusals.already_open("不予受理意见", "proposal to reject")
    return (
        RejectionProposed(
            appeal_id=command.appeal_id,
            code=command.code,
            ground=command.ground,
            proposed_by=command.asked.actor.id,
        ),
    )


def confirm_rejection(
    rules: IntakeRules, state: OfAppeal, command: ConfirmRejection
) -> tuple[AppealEvent, ...]:
    proposal = open_proposal(state, "confirm-rejection", command.asked.actor.id)
    told = rules.rejections[proposal.code]
    return (
        AppealRejected(
            appeal_id=command.appeal_id,
            code=proposal.code,
            ground=proposal.ground,
            legal_path_zh=told.legal_path_zh,
            legal_path_en=told.legal_path_en,
            rules_version=rules.rejections_version,
            proposed_by=proposal.proposed_by,
            confirmed_by=command.asked.actor.id,
            rejected_at=command.asked.now,
        ),
    )


def decline_rejection(state: OfAppeal, command: DeclineRejection) -> tuple[AppealEvent, ...]:
    proposal = open_proposal(state, "decline-rejection", command.asked.actor.id)
    return (
        RejectionDeclined(appeal_id=command.appeal_id, code=proposal.code, reason=command.reason),
    )


def open_proposal(state: OfAppeal, action: str, person: str) -> Proposal:
    """Raises RefusedError where nothing is proposed, and for the person who proposed it."""
    if not isinstance(state, Submitted):
        raise refusals.not_now(type(state).__name__, action)
    if state.pending.proposal is None:
        raise refusals.nothing_open("不予受理意见", "proposal to reject")
    if state.pending.proposal.proposed_by == person:
        raise refusals.same_person()
    return state.pending.proposal


def object_to_rejection(state: OfAppeal, command: ObjectToRejection) -> tuple[AppealEvent, ...]:
    if not isinstance(state, Rejected):
        raise refusals.not_now(type(state).__name__, "object-to-rejection")
    if state.pending.has_objected:
        raise refusals.objection_used()
    return (ObjectionRaised(appeal_id=command.appeal_id, ground=command.ground),)


def overturn_rejection(state: OfAppeal, command: OverturnRejection) -> tuple[AppealEvent, ...]:
    """On an objection, or of the supervisor's own motion: once an appeal."""
    rejected = judged(state, "overturn-rejection", command.asked.actor.id)
    if rejected.pending.was_overturned:
        raise refusals.objection_used()
    return (
        RejectionOverturned(
            appeal_id=command.appeal_id,
            code=rejected.code,
            reason=command.reason,
            overturned_at=command.asked.now,
        ),
    )


def uphold_rejection(state: OfAppeal, command: UpholdRejection) -> tuple[AppealEvent, ...]:
    rejected = judged(state, "uphold-rejection", command.asked.actor.id)
    if not rejected.has_open_objection:
        raise refusals.nothing_open("异议", "objection")
    return (
        RejectionUpheld(appeal_id=command.appeal_id, code=rejected.code, reason=command.reason),
    )


def judged(state: OfAppeal, action: str, person: str) -> Rejected:
    if not isinstance(state, Rejected):
        raise refusals.not_now(type(state).__name__, action)
    if person in state.officers:
        raise refusals.same_person()
    return state
