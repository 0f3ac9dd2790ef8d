"""What a department may ask of the router."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime

from libs.common.contracts.actions.asked import ActionBase, Cited, Code, Reply, Said
from libs.common.contracts.router.words import Outcome, ReturnReason
from libs.common.ids import DepartmentCode


class SignAction(ActionBase):
    """签收, by the lead."""

    action: Literal["sign"]
    department: DepartmentCode


class RequestReturnAction(ActionBase):
    """退单申请, by the lead, within its window and once."""

    action: Literal["request-return"]
    department: DepartmentCode
    reason: ReturnReason
    explanation: Said
    legal_basis: Cited
    suggested_owner: Code | None = None


class RecordContactAction(ActionBase):
    """首次联系, by the lead."""

    action: Literal["record-contact"]
    department: DepartmentCode
    contacted_at: AwareDatetime
    way: Literal["phone", "visit", "message", "meeting"]


class ReplyInterimAction(ActionBase):
    """阶段答复, by the lead."""

    action: Literal["reply-interim"]
    department: DepartmentCode
    reply: Said


class ReportMilestoneAction(ActionBase):
    """进展报告, by the lead while on the ledger."""

    action: Literal["report-milestone"]
    department: DepartmentCode
    progress: Said
    next_report_at: AwareDatetime


class ReportCoHandlingAction(ActionBase):
    """协办反馈, by a co-handler."""

    action: Literal["report-co-handling"]
    department: DepartmentCode
    opinion: Said


class RequestInfoAction(ActionBase):
    """要求补充, by the lead; what is missing."""

    action: Literal["request-info"]
    department: DepartmentCode
    missing: Said


class RequestExtensionAction(ActionBase):
    """延期申请 of resolve, by the lead before it is due."""

    action: Literal["request-extension"]
    department: DepartmentCode
    reason: Said
    legal_basis: Cited


class SubmitResultAction(ActionBase):
    """办结反馈, by the lead once every co-handler has reported."""

    action: Literal["submit-result"]
    department: DepartmentCode
    outcome: Outcome
    contacted_at: AwareDatetime
    public_reply: Reply
    legal_basis: Cited | None = None


class ProposeExclusionAction(ActionBase):
    """剔除申请, by the lead or a supervisor; another person decides."""

    action: Literal["propose-exclusion"]
    reason: Said
    legal_basis: Cited


WorkingAction: TypeAlias = (
    SignAction
    | RequestReturnAction
    | RecordContactAction
    | ReplyInterimAction
    | ReportMilestoneAction
    | ReportCoHandlingAction
    | RequestInfoAction
    | RequestExtensionAction
    | SubmitResultAction
    | ProposeExclusionAction
)
