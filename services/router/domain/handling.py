"""What a lead and its co-handlers report while they work."""

from libs.common.contracts.actions import (
    AddCoHandlerAction,
    RecordContactAction,
    ReplyInterimAction,
    ReportCoHandlingAction,
    ReportMilestoneAction,
    RequestInfoAction,
    SupplyInfoAction,
)
from libs.common.contracts.router import (
    CoHandlerAdded,
    CoHandlerReported,
    FirstContactMade,
    InfoRequested,
    InfoSupplied,
    InterimReplied,
    MilestoneReported,
    RouterEvent,
)
from services.router.domain.case import Case, known_departments, of_unit
from services.router.domain.commands import TakeInfo
from services.router.domain.ledger import require_report_date
from services.router.domain.refusals import refused
from services.router.domain.standing import (
    Arbitration,
    Dispatched,
    InfoPending,
    InProgress,
    OnLedger,
    Standing,
)

LONGEST_SUPPLEMENT = 2_000
WORKING: tuple[type[Standing], ...] = (Dispatched, InProgress, InfoPending, OnLedger, Arbitration)


def record_contact(case: Case, action: RecordContactAction) -> tuple[RouterEvent, ...]:
    """A second first contact is a repeat."""
    case.of_lead(action, action.department)
    case.at(action.action, *WORKING)
    case.not_after_now(action.contacted_at)
    if case.state.has_contact:
        return ()
    return (
        FirstContactMade(
            appeal_id=action.appeal_id,
            department=action.department,
            contacted_at=action.contacted_at,
            way=action.way,
        ),
    )


def reply_interim(case: Case, action: ReplyInterimAction) -> tuple[RouterEvent, ...]:
    case.of_lead(action, action.department)
    case.at(action.action, InProgress, OnLedger, Arbitration)
    return (
        InterimReplied(
            appeal_id=action.appeal_id,
            department=action.department,
            reply=action.reply,
            replied_at=case.now,
        ),
    )


def report_milestone(case: Case, action: ReportMilestoneAction) -> tuple[RouterEvent, ...]:
    case.of_lead(action, action.department)
    case.at(action.action, OnLedger)
    require_report_date(case, action.next_report_at)
    return (
        MilestoneReported(
            appeal_id=action.appeal_id,
            department=action.department,
            progress=action.progress,
            reported_at=case.now,
            next_report_at=action.next_report_at,
        ),
    )


def add_co_handler(case: Case, action: AddCoHandlerAction) -> tuple[RouterEvent, ...]:
    if action.actor.kind == "department":
        case.of_lead(action, case.lead)
    case.at(action.action, Dispatched, InProgress, OnLedger, Arbitration)
    (department,) = known_departments(case.rules, action.department)
    if department == case.state.lead or department in case.state.co_handlers:
        raise refused("already_handles", department=department)
    return (
        CoHandlerAdded(
            appeal_id=action.appeal_id,
            department=department,
            task=action.task,
            report_by=action.report_by,
        ),
    )


def report_co_handling(case: Case, action: ReportCoHandlingAction) -> tuple[RouterEvent, ...]:
    of_unit(action, action.department)
    case.at(action.action, *WORKING)
    if action.department not in case.state.awaited:
        raise refused("not_a_co_handler", department=action.department)
    return (
        CoHandlerReported(
            appeal_id=action.appeal_id,
            department=action.department,
            opinion=action.opinion,
            reported_at=case.now,
        ),
    )


def request_info(case: Case, action: RequestInfoAction) -> tuple[RouterEvent, ...]:
    case.of_lead(action, action.department)
    case.at(action.action, InProgress)
    if case.state.info_rounds >= case.rules.protocol.info_rounds:
        raise refused("no_more_rounds", rounds=case.rules.protocol.info_rounds)
    return (
        InfoRequested(
            appeal_id=action.appeal_id,
            department=action.department,
            missing=action.missing,
            round=case.state.info_rounds + 1,
            requested_at=case.now,
        ),
    )


def supply_info(case: Case, action: SupplyInfoAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, InfoPending)
    return (
        InfoSupplied(
            appeal_id=action.appeal_id,
            supplied=action.supplied,
            supplied_at=case.now,
            resumes="in_progress",
        ),
    )


def on_info(case: Case, command: TakeInfo) -> tuple[RouterEvent, ...]:
    """What a firm adds unasked stays with intake's own event."""
    if not isinstance(case.state.at, InfoPending):
        return ()
    return (
        InfoSupplied(
            appeal_id=command.appeal_id,
            supplied=command.supplied[:LONGEST_SUPPLEMENT],
            supplied_at=command.supplied_at,
            resumes="in_progress",
        ),
    )
