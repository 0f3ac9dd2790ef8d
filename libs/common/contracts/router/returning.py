"""退单 and 裁决: a department hands back, a dispatcher or the arbitration body decides."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event
from libs.common.contracts.router.words import Basis, Count, ReturnReason, Words
from libs.common.contracts.values import Urgency, Version
from libs.common.ids import AppealId, DepartmentCode, ItemCode


class ReturnRequested(Event):
    """退单申请 by the lead, within its window, once per department.

    Stops sign and return window; resolve runs on, charged to the returner until approved.
    """

    TYPE: ClassVar = "router.return-requested.v1"

    appeal_id: AppealId
    department: DepartmentCode
    reason: ReturnReason
    explanation: Words
    legal_basis: Basis
    suggested_owner: DepartmentCode | None
    requested_at: AwareDatetime
    window_ends_at: AwareDatetime


class ReturnApproved(Event):
    """同意退单 by the dispatcher. No clock stops; `department` can not lead it again.

    `returns` counts the approved returns of this appeal, this one among them (退单次数).
    """

    TYPE: ClassVar = "router.return-approved.v1"

    appeal_id: AppealId
    department: DepartmentCode
    returns: Count
    note: Words | None


class ReturnDenied(Event):
    """驳回退单 by the dispatcher: binds, the department handles it and counts as signed."""

    TYPE: ClassVar = "router.return-denied.v1"

    appeal_id: AppealId
    department: DepartmentCode
    reason: Words


class DisputeOpened(Event):
    """提请裁决 by the dispatcher, or by the second return itself. Starts ruling."""

    TYPE: ClassVar = "router.dispute-opened.v1"

    appeal_id: AppealId
    because: Literal["dispatcher", "second_return"]
    returns: Count
    parties: tuple[DepartmentCode, ...] = Field(max_length=100)
    note: Words | None


class ProvisionalLeadNamed(Event):
    """先办后议 by the arbitration body: this one works while the dispute goes on."""

    TYPE: ClassVar = "router.provisional-lead-named.v1"

    appeal_id: AppealId
    department: DepartmentCode
    reason: Words


class RulingIssued(Event):
    """裁定 by the arbitration body: final, can not be returned. Stops ruling, starts sign."""

    TYPE: ClassVar = "router.ruling-issued.v1"

    appeal_id: AppealId
    lead: DepartmentCode
    co_handlers: tuple[DepartmentCode, ...] = Field(max_length=100)
    item: ItemCode
    category: str = Field(max_length=10)
    urgency: Urgency
    reason: Words
    legal_basis: Basis
    ruled_at: AwareDatetime


class CatalogueChangeProposed(Event):
    """目录修订建议: what would keep the same dispute from coming again; no clock."""

    TYPE: ClassVar = "router.catalogue-change-proposed.v1"

    appeal_id: AppealId
    item: ItemCode
    sub_district: str | None = Field(max_length=10)
    lead_before: DepartmentCode
    lead_ruled: DepartmentCode
    reason: Words
    legal_basis: Basis
    catalogue_version: Version
