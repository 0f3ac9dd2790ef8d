"""What happens while a department works: contact, replies, help, questions, ledger, time."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event
from libs.common.contracts.router.words import Basis, Count, Stage, Words
from libs.common.contracts.values import ClockName
from libs.common.ids import AppealId, DepartmentCode


class FirstContactMade(Event):
    """首次联系 by the lead. Stops contact as of `contacted_at`."""

    TYPE: ClassVar = "router.first-contact-made.v1"

    appeal_id: AppealId
    department: DepartmentCode
    contacted_at: AwareDatetime
    way: Literal["phone", "visit", "message", "meeting"]


class InterimReplied(Event):
    """阶段答复 by the lead. Stops interim."""

    TYPE: ClassVar = "router.interim-replied.v1"

    appeal_id: AppealId
    department: DepartmentCode
    reply: Words
    replied_at: AwareDatetime


class MilestoneReported(Event):
    """进展报告 by the lead while on the ledger. Starts milestone anew, to `next_report_at`."""

    TYPE: ClassVar = "router.milestone-reported.v1"

    appeal_id: AppealId
    department: DepartmentCode
    progress: Words
    reported_at: AwareDatetime
    next_report_at: AwareDatetime


class CoHandlerAdded(Event):
    """加派 by the lead or the dispatcher: must report before the lead can close (协办)."""

    TYPE: ClassVar = "router.co-handler-added.v1"

    appeal_id: AppealId
    department: DepartmentCode
    task: Words
    report_by: AwareDatetime | None


class CoHandlerReported(Event):
    """协办反馈 by a co-handler; the last one opens the gate for the lead's result."""

    TYPE: ClassVar = "router.co-handler-reported.v1"

    appeal_id: AppealId
    department: DepartmentCode
    opinion: Words
    reported_at: AwareDatetime


class InfoRequested(Event):
    """要求补充 by the lead, two rounds at most. Starts supplement, pauses what the rules pause."""

    TYPE: ClassVar = "router.info-requested.v1"

    appeal_id: AppealId
    department: DepartmentCode
    missing: Words
    round: int = Field(ge=1, le=9)
    requested_at: AwareDatetime


class InfoSupplied(Event):
    """补充完成 by the firm. Stops supplement, resumes what InfoRequested paused."""

    TYPE: ClassVar = "router.info-supplied.v1"

    appeal_id: AppealId
    supplied: Words
    supplied_at: AwareDatetime
    resumes: Stage


class InfoTimedOut(Event):
    """逾期未补: treated as withdrawn, closed, never a solved case. Stops all clocks.

    Issued by the router on sla's LimitPassed of `supplement`.
    """

    TYPE: ClassVar = "router.info-timed-out.v1"

    appeal_id: AppealId
    passed_at: AwareDatetime


class PlacedOnLedger(Event):
    """挂账 by the supervisor. Starts milestone; resolve counts on, its ladder is silent."""

    TYPE: ClassVar = "router.placed-on-ledger.v1"

    appeal_id: AppealId
    reason: Words
    plan: Words
    placed_at: AwareDatetime
    next_report_at: AwareDatetime


class LedgerReleased(Event):
    """销账恢复 by the supervisor. Stops milestone; resolve's ladder speaks again."""

    TYPE: ClassVar = "router.ledger-released.v1"

    appeal_id: AppealId
    reason: Words
    released_at: AwareDatetime


class ExtensionRequested(Event):
    """延期申请 by the lead, before due. No clock changes until it is approved."""

    TYPE: ClassVar = "router.extension-requested.v1"

    appeal_id: AppealId
    department: DepartmentCode
    clock: ClockName
    number: int = Field(ge=1, le=9)
    reason: Words
    legal_basis: Basis
    requested_at: AwareDatetime


class ExtensionApproved(Event):
    """同意延期 by the supervisor: sla sets a new due time by its policy and keeps the old one.

    `requested_at` tells whether it was asked for before due; the firm is told.
    """

    TYPE: ClassVar = "router.extension-approved.v1"

    appeal_id: AppealId
    clock: ClockName
    number: int = Field(ge=1, le=9)
    requested_at: AwareDatetime
    note: Words | None


class ExtensionDenied(Event):
    """驳回延期 by the supervisor: the due time stays."""

    TYPE: ClassVar = "router.extension-denied.v1"

    appeal_id: AppealId
    clock: ClockName
    number: int = Field(ge=1, le=9)
    reason: Words


class LimitPassedNoted(Event):
    """逾期已记: the router heard that resolve is overdue; no extension may be asked any more."""

    TYPE: ClassVar = "router.limit-passed-noted.v1"

    appeal_id: AppealId
    clock: ClockName
    deadline_version: Count
    due: AwareDatetime
