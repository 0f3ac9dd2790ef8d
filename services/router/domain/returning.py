"""退单 and 裁决: once per department, the second one goes to the arbitration body."""

from collections.abc import Sequence
from datetime import datetime

from libs.common.contracts.actions import (
    ApproveReturnAction,
    DenyReturnAction,
    IssueRulingAction,
    NameProvisionalLeadAction,
    OpenDisputeAction,
    RequestReturnAction,
)
from libs.common.contracts.router import (
    CatalogueChangeProposed,
    DisputeOpened,
    ProvisionalLeadNamed,
    ReturnApproved,
    ReturnDenied,
    ReturnRequested,
    RouterEvent,
    RulingIssued,
)
from libs.common.errors import PoisonError
from libs.common.ids import DepartmentCode, ItemCode
from services.router.domain.case import Case, handover_of, known_departments
from services.router.domain.dispatching import helpers
from services.router.domain.refusals import refused
from services.router.domain.standing import Arbitration, Dispatched, InProgress, ReturnReview


def request_return(case: Case, action: RequestReturnAction) -> tuple[RouterEvent, ...]:
    """Who was let go once can not lead again, so one return a department needs no list."""
    case.of_lead(action, action.department)
    case.at(action.action, Dispatched, InProgress)
    until = open_window(case)
    if action.suggested_owner is not None:
        known_departments(case.rules, action.suggested_owner)
    requested = ReturnRequested(
        appeal_id=action.appeal_id,
        department=action.department,
        reason=action.reason,
        explanation=action.explanation,
        legal_basis=action.legal_basis,
        suggested_owner=DepartmentCode(action.suggested_owner) if action.suggested_owner else None,
        requested_at=case.now,
        window_ends_at=until,
    )
    if not case.state.excluded:
        return (requested,)
    return requested, second_return(case, action)


def open_window(case: Case) -> datetime:
    """Until when it can be returned. Raises RefusedError where it can not, or not any more."""
    if case.state.binding is not None:
        raise refused("return_denied" if case.state.binding == "denied" else case.state.binding)
    dispatched_at = case.state.dispatched_at or handover_of(case.state).accepted_at
    until = case.rules.window_end(case.urgency, dispatched_at)
    if case.now > until:
        raise refused("window_closed", until=until.strftime("%Y-%m-%d %H:%M"))
    return until


def second_return(case: Case, action: RequestReturnAction) -> DisputeOpened:
    return DisputeOpened(
        appeal_id=action.appeal_id,
        because="second_return",
        returns=len(case.state.excluded),
        parties=(*case.state.excluded, action.department),
        note=None,
    )


def approve_return(case: Case, action: ApproveReturnAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, ReturnReview)
    return (
        ReturnApproved(
            appeal_id=action.appeal_id,
            department=case.lead,
            returns=len(case.state.excluded) + 1,
            note=action.note,
        ),
    )


def deny_return(case: Case, action: DenyReturnAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, ReturnReview)
    return (ReturnDenied(appeal_id=action.appeal_id, department=case.lead, reason=action.reason),)


def open_dispute(case: Case, action: OpenDisputeAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, ReturnReview)
    return (
        DisputeOpened(
            appeal_id=action.appeal_id,
            because="dispatcher",
            returns=len(case.state.excluded),
            parties=(*case.state.excluded, case.lead),
            note=action.note,
        ),
    )


def name_provisional_lead(case: Case, action: NameProvisionalLeadAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, Arbitration)
    (department,) = known_departments(case.rules, action.department)
    return (
        ProvisionalLeadNamed(
            appeal_id=action.appeal_id, department=department, reason=action.reason
        ),
    )


def issue_ruling(case: Case, action: IssueRulingAction) -> Sequence[RouterEvent]:
    """Final whoever it names, and it proposes what keeps the dispute from coming again."""
    case.at(action.action, Arbitration)
    (lead,) = known_departments(case.rules, action.lead)
    item = ruled_item(case, action)
    ruling = RulingIssued(
        appeal_id=action.appeal_id,
        lead=lead,
        co_handlers=helpers(case, action.co_handlers, lead),
        item=item,
        category=case.rules.routing.items[item].category,
        urgency=case.urgency,
        reason=action.reason,
        legal_basis=action.legal_basis,
        ruled_at=case.now,
    )
    return ruling, *catalogue_change(case, action, ruling)


def catalogue_change(
    case: Case, action: IssueRulingAction, ruling: RulingIssued
) -> tuple[CatalogueChangeProposed, ...]:
    """Nothing to propose where the catalogue names the same lead already."""
    sub_district = handover_of(case.state).sub_district
    route = case.rules.routing.route(ruling.item, sub_district)
    if route.lead == ruling.lead:
        return ()
    return (
        CatalogueChangeProposed(
            appeal_id=action.appeal_id,
            item=ruling.item,
            sub_district=sub_district,
            lead_before=route.lead,
            lead_ruled=ruling.lead,
            reason=action.reason,
            legal_basis=action.legal_basis,
            catalogue_version=case.rules.routing.catalogue_version,
        ),
    )


def ruled_item(case: Case, action: IssueRulingAction) -> ItemCode:
    item = action.item or case.state.item
    if item is None:
        raise PoisonError("no_item", "a disputed appeal has an item")
    if item not in case.rules.routing.items:
        raise refused("unknown_item", item=item)
    return item
