"""办结, 审核, 回访 and 评价, and what follows a firm that is not satisfied."""

from typing import ClassVar, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event
from libs.common.contracts.router.words import (
    Basis,
    Count,
    Outcome,
    RejectionReason,
    Score,
    Stage,
    Words,
)
from libs.common.ids import AppealId, DepartmentCode

Rater: TypeAlias = Literal["firm", "callback"]


class ResultSubmitted(Event):
    """办结反馈 by the lead. `public_reply` is masked like every text in an event.

    Stops contact, interim and milestone, suspends resolve's ladder, starts result review. From
    a dispute it is the provisional lead's, and the dispute is over.
    """

    TYPE: ClassVar = "router.result-submitted.v1"

    appeal_id: AppealId
    department: DepartmentCode
    submitted_at: AwareDatetime
    outcome: Outcome
    contacted_at: AwareDatetime
    public_reply: str = Field(min_length=1, max_length=5_000)
    legal_basis: str | None = Field(max_length=1_000)


class ResultRejected(Event):
    """退回重填 by the reviewer. Stops result review; resolve counts as never stopped.

    `resumes` is where the appeal goes on: in progress, or accepted where it had no dispatch.
    """

    TYPE: ClassVar = "router.result-rejected.v1"

    appeal_id: AppealId
    result_submitted_at: AwareDatetime
    reason: RejectionReason
    note: Words | None
    resumes: Stage


class ResultApproved(Event):
    """审核通过. The resolve clock stops as of the moment the result was submitted.

    Stops result review and, after a rework, rectify; starts callback.
    """

    TYPE: ClassVar = "router.result-approved.v1"

    appeal_id: AppealId
    result_submitted_at: AwareDatetime
    approved_at: AwareDatetime | None = None


class CallbackAttempted(Event):
    """回访未通: the agent tried and reached nobody; no clock changes."""

    TYPE: ClassVar = "router.callback-attempted.v1"

    appeal_id: AppealId
    tries: Count
    attempted_at: AwareDatetime


class RatedAcceptable(Event):
    """回访通过: the firm accepts, and the appeal is closed. Stops all clocks.

    `excluded` where the firm does not, and an approved exclusion (剔除) closes it all the same.
    """

    TYPE: ClassVar = "router.rated-acceptable.v1"

    appeal_id: AppealId
    score: Score
    rater: Rater | None = None
    excluded: bool = False
    rated_at: AwareDatetime | None = None


class RatedUnacceptable(Event):
    """不满意. Stops callback, starts rectify; the second one starts final review instead.

    `leads_to` is rework, final review, or accepted where the appeal had no dispatch.
    """

    TYPE: ClassVar = "router.rated-unacceptable.v1"

    appeal_id: AppealId
    score: Score
    rater: Rater
    reason: Words
    rated_at: AwareDatetime
    reworks: Count
    leads_to: Stage


class CallbackExhausted(Event):
    """未评价: closed without a rating, which never counts as satisfied. Stops all clocks.

    Issued by the router on sla's LimitPassed of `callback`.
    """

    TYPE: ClassVar = "router.callback-exhausted.v1"

    appeal_id: AppealId
    tries: Count
    passed_at: AwareDatetime


class ExclusionProposed(Event):
    """剔除申请 by the lead or the supervisor: the appeal shall not count against its lead."""

    TYPE: ClassVar = "router.exclusion-proposed.v1"

    appeal_id: AppealId
    proposed_by: str = Field(max_length=200)
    reason: Words
    legal_basis: Basis


class ExclusionApproved(Event):
    """同意剔除 by a second person. Rates leave the appeal out; no clock changes."""

    TYPE: ClassVar = "router.exclusion-approved.v1"

    appeal_id: AppealId
    reason: Words
    legal_basis: Basis


class ExclusionDenied(Event):
    """驳回剔除 by a second person."""

    TYPE: ClassVar = "router.exclusion-denied.v1"

    appeal_id: AppealId
    reason: Words


class ReworkDispatched(Event):
    """二次交办 by the supervisor, with DispatchAutoSigned. Starts resolve anew.

    Supervised from the start, and can not be returned.
    """

    TYPE: ClassVar = "router.rework-dispatched.v1"

    appeal_id: AppealId
    lead: DepartmentCode
    co_handlers: tuple[DepartmentCode, ...] = Field(max_length=100)
    number: int = Field(ge=1, le=99)
    supervision: Literal["supervise", "raise"]
    instructions: Words
    dispatched_at: AwareDatetime


class FinalRulingIssued(Event):
    """终结认定 by the supervisory body: closed; the firm is told of the legal path."""

    TYPE: ClassVar = "router.final-ruling-issued.v1"

    appeal_id: AppealId
    finding: Words
    evidence: Words
    legal_path: Words
    closed_at: AwareDatetime


class ReworkOrdered(Event):
    """责令重办 by the supervisory body, once. Stops final review, starts rectify."""

    TYPE: ClassVar = "router.rework-ordered.v1"

    appeal_id: AppealId
    reason: Words
    ordered_at: AwareDatetime


class AppealReopened(Event):
    """重启 on new facts, within the time that the rules give. Starts rectify.

    `leads_to` is rework, or accepted where the appeal never had a dispatch.
    """

    TYPE: ClassVar = "router.appeal-reopened.v1"

    appeal_id: AppealId
    new_facts: Words
    closed_at: AwareDatetime
    reopened_at: AwareDatetime
    leads_to: Stage
