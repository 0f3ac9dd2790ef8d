"""挂账, 延期 and 剔除: what a supervisor may grant, and what must be asked before."""

from datetime import datetime, timedelta

from libs.common.contracts.actions import (
    ActionBase,
    ApproveExclusionAction,
    ApproveExtensionAction,
    DenyExclusionAction,
    DenyExtensionAction,
    PlaceOnLedgerAction,
    ProposeExclusionAction,
    ReleaseFromLedgerAction,
    RequestExtensionAction,
)
from libs.common.contracts.router import (
    ExclusionApproved,
    ExclusionDenied,
    ExclusionProposed,
    ExtensionApproved,
    ExtensionDenied,
    ExtensionRequested,
    LedgerReleased,
    PlacedOnLedger,
    RouterEvent,
)
from services.router.domain.case import Case
from services.router.domain.refusals import refused
from services.router.domain.standing import InProgress, OnLedger
from services.router.domain.state import Proposal


def place_on_ledger(case: Case, action: PlaceOnLedgerAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, InProgress)
    require_report_date(case, action.next_report_at)
    return (
        PlacedOnLedger(
            appeal_id=action.appeal_id,
            reason=action.reason,
            plan=action.plan,
            placed_at=case.now,
            next_report_at=action.next_report_at,
        ),
    )


def require_report_date(case: Case, promised: datetime) -> None:
    """Silence is a breach, so the next report may not be put off for ever."""
    days = case.rules.protocol.longest_report_gap_days
    if not case.now < promised <= case.now + timedelta(days=days):
        raise refused("bad_report_date", days=days)


def release_from_ledger(case: Case, action: ReleaseFromLedgerAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, OnLedger)
    return (LedgerReleased(appeal_id=action.appeal_id, reason=action.reason, released_at=case.now),)


def request_extension(case: Case, action: RequestExtensionAction) -> tuple[RouterEvent, ...]:
    case.of_lead(action, action.department)
    case.at(action.action, InProgress)
    if case.state.is_overdue:
        raise refused("already_overdue")
    if case.state.extension_asked_at is not None:
        raise refused("extension_pending")
    if case.state.extensions >= case.rules.protocol.extensions:
        raise refused("no_more_extensions", times=case.rules.protocol.extensions)
    return (
        ExtensionRequested(
            appeal_id=action.appeal_id,
            department=action.department,
            clock="resolve",
            number=case.state.extensions + 1,
            reason=action.reason,
            legal_basis=action.legal_basis,
            requested_at=case.now,
        ),
    )


def asked_at(case: Case, action: ActionBase, name: str) -> datetime:
    case.live(name)
    if case.state.extension_asked_at is None:
        raise refused("no_extension_pending")
    return case.state.extension_asked_at


def approve_extension(case: Case, action: ApproveExtensionAction) -> tuple[RouterEvent, ...]:
    return (
        ExtensionApproved(
            appeal_id=action.appeal_id,
            clock="resolve",
            requested_at=asked_at(case, action, action.action),
            number=case.state.extensions + 1,
            note=action.note,
        ),
    )


def deny_extension(case: Case, action: DenyExtensionAction) -> tuple[RouterEvent, ...]:
    asked_at(case, action, action.action)
    return (
        ExtensionDenied(
            appeal_id=action.appeal_id,
            clock="resolve",
            number=case.state.extensions + 1,
            reason=action.reason,
        ),
    )


def propose_exclusion(case: Case, action: ProposeExclusionAction) -> tuple[RouterEvent, ...]:
    if action.actor.kind == "department":
        case.of_lead(action, case.lead)
    case.live(action.action)
    if case.state.exclusion is not None:
        raise refused("exclusion_pending")
    return (
        ExclusionProposed(
            appeal_id=action.appeal_id,
            proposed_by=person_of(action),
            reason=action.reason,
            legal_basis=action.legal_basis,
        ),
    )


def proposal(case: Case, action: ActionBase, name: str) -> Proposal:
    """What a second person decides about. Raises RefusedError."""
    case.live(name)
    if not isinstance(case.state.exclusion, Proposal):
        raise refused("no_exclusion_pending")
    if case.state.exclusion.by == person_of(action):
        raise refused("same_person")
    return case.state.exclusion


def approve_exclusion(case: Case, action: ApproveExclusionAction) -> tuple[RouterEvent, ...]:
    proposed = proposal(case, action, action.action)
    return (
        ExclusionApproved(
            appeal_id=action.appeal_id,
            reason=proposed.reason,
            legal_basis=proposed.legal_basis,
        ),
    )


def deny_exclusion(case: Case, action: DenyExclusionAction) -> tuple[RouterEvent, ...]:
    proposal(case, action, action.action)
    return (ExclusionDenied(appeal_id=action.appeal_id, reason=action.reason),)


def person_of(action: ActionBase) -> str:
    """A person is one within a unit."""
    return f"{action.actor.id}@{action.actor.unit}"[:200]
