"""办结, 审核, 回访 and 评价; who is not satisfied is heard once more, then finally."""

from collections.abc import Sequence
from datetime import timedelta

from libs.common.contracts.actions import (
    ApproveResultAction,
    AttemptCallbackAction,
    DispatchReworkAction,
    IssueFinalRulingAction,
    OrderReworkAction,
    RateAction,
    RejectResultAction,
    ReopenAction,
    SubmitResultAction,
)
from libs.common.contracts.router import (
    AppealReopened,
    CallbackAttempted,
    DispatchAutoSigned,
    FinalRulingIssued,
    RatedAcceptable,
    RatedUnacceptable,
    ResultApproved,
    ResultRejected,
    ResultSubmitted,
    ReworkDispatched,
    ReworkOrdered,
    RouterEvent,
    Stage,
)
from libs.common.contracts.router.rating import Rater
from services.router.domain.case import Case, known_departments, settled
from services.router.domain.dispatching import accepted_anew, helpers
from services.router.domain.refusals import refused
from services.router.domain.standing import (
    Arbitration,
    AwaitingCallback,
    Closed,
    FinalReview,
    InProgress,
    OnLedger,
    Rework,
    UnderReview,
)


def submit_result(case: Case, action: SubmitResultAction) -> tuple[RouterEvent, ...]:
    """The gate: every co-handler has reported. From a dispute only the provisional lead may."""
    case.of_lead(action, action.department)
    at = case.at(action.action, InProgress, OnLedger, Arbitration)
    if isinstance(at, Arbitration) and at.provisional != action.department:
        raise refused("illegal_in_state", state="arbitration", action=action.action)
    if case.state.awaited:
        raise refused("co_handlers_missing", departments=", ".join(sorted(case.state.awaited)))
    if action.outcome == "unsolvable" and not action.legal_basis:
        raise refused("missing_basis")
    case.not_after_now(action.contacted_at)
    return (
        ResultSubmitted(
            appeal_id=action.appeal_id,
            department=action.department,
            submitted_at=case.now,
            outcome=action.outcome,
            contacted_at=action.contacted_at,
            public_reply=action.public_reply,
            legal_basis=action.legal_basis,
        ),
    )


def approve_result(case: Case, action: ApproveResultAction) -> tuple[RouterEvent, ...]:
    at = case.at(action.action, UnderReview)
    return (
        ResultApproved(
            appeal_id=action.appeal_id,
            result_submitted_at=at.submitted_at,
            approved_at=case.now,
        ),
    )


def reject_result(case: Case, action: RejectResultAction) -> Sequence[RouterEvent]:
    at = case.at(action.action, UnderReview)
    has_lead = case.state.has_lead
    rejected = ResultRejected(
        appeal_id=action.appeal_id,
        result_submitted_at=at.submitted_at,
        reason=action.reason,
        note=action.note,
        resumes="in_progress" if has_lead else "accepted",
    )
    if has_lead:
        return (rejected,)
    return rejected, accepted_anew(case, action.appeal_id, "result_rejected")


def attempt_callback(case: Case, action: AttemptCallbackAction) -> tuple[RouterEvent, ...]:
    at = case.at(action.action, AwaitingCallback)
    return (
        CallbackAttempted(appeal_id=action.appeal_id, tries=at.tries + 1, attempted_at=case.now),
    )


def rate(case: Case, action: RateAction) -> Sequence[RouterEvent]:
    """Below the line an approved exclusion closes it all the same, and says so."""
    case.at(action.action, AwaitingCallback)
    is_low = action.score < case.rules.protocol.lowest_acceptable
    is_excluded = is_low and case.state.exclusion == "approved"
    rater: Rater = "firm" if action.actor.kind == "firm" else "callback"
    if is_low and not is_excluded:
        return rated_low(case, action, rater)
    rated = RatedAcceptable(
        appeal_id=action.appeal_id,
        score=action.score,
        rater=rater,
        excluded=is_excluded,
        rated_at=case.now,
    )
    return rated, *settled(case.state, action.appeal_id, "closed", case.now)


def rated_low(case: Case, action: RateAction, rater: Rater) -> Sequence[RouterEvent]:
    if action.reason is None:
        raise refused("missing_reason", score=action.score)
    leads_to: Stage = "final_review" if case.state.reworks else "rework"
    if not case.state.has_lead:
        leads_to = "accepted"
    rated = RatedUnacceptable(
        appeal_id=action.appeal_id,
        score=action.score,
        rater=rater,
        reason=action.reason,
        rated_at=case.now,
        reworks=case.state.reworks,
        leads_to=leads_to,
    )
    if leads_to != "accepted":
        return (rated,)
    return rated, accepted_anew(case, action.appeal_id, "rated_unacceptable")


def dispatch_rework(case: Case, action: DispatchReworkAction) -> tuple[RouterEvent, ...]:
    """Supervised from the start, signed by itself, not to be returned."""
    case.at(action.action, Rework)
    (lead,) = known_departments(case.rules, action.lead or case.lead)
    dispatched = ReworkDispatched(
        appeal_id=action.appeal_id,
        lead=lead,
        co_handlers=helpers(case, action.co_handlers, lead),
        number=case.state.reworks + 1,
        supervision=action.supervision,
        instructions=action.instructions,
        dispatched_at=case.now,
    )
    signed = DispatchAutoSigned(
        appeal_id=action.appeal_id, department=lead, because="rework", signed_at=case.now
    )
    return dispatched, signed


def issue_final_ruling(case: Case, action: IssueFinalRulingAction) -> Sequence[RouterEvent]:
    case.at(action.action, FinalReview)
    ruling = FinalRulingIssued(
        appeal_id=action.appeal_id,
        finding=action.finding,
        evidence=action.evidence,
        legal_path=action.legal_path,
        closed_at=case.now,
    )
    return ruling, *settled(case.state, action.appeal_id, "final_ruling", case.now)


def order_rework(case: Case, action: OrderReworkAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, FinalReview)
    if case.state.has_rework_order:
        raise refused("already_ordered")
    return (ReworkOrdered(appeal_id=action.appeal_id, reason=action.reason, ordered_at=case.now),)


def reopen(case: Case, action: ReopenAction) -> Sequence[RouterEvent]:
    at = case.at(action.action, Closed)
    days = case.rules.protocol.reopen_days
    closed_at = at.at or case.now
    if case.now > closed_at + timedelta(days=days):
        raise refused("too_late_to_reopen", days=days)
    reopened = AppealReopened(
        appeal_id=action.appeal_id,
        new_facts=action.new_facts,
        closed_at=closed_at,
        reopened_at=case.now,
        leads_to="rework" if case.state.has_lead else "accepted",
    )
    if case.state.has_lead:
        return (reopened,)
    return reopened, accepted_anew(case, action.appeal_id, "reopened")
