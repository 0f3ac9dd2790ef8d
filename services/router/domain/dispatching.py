"""From the named item to a dispatch, by the routing table or by a dispatcher's word."""

from libs.common.contracts.actions import AskReviewAction, DispatchAction, SignAction
from libs.common.contracts.classifier import Handover
from libs.common.contracts.router import (
    AppealAcceptedAnew,
    AppealDispatched,
    ClassificationNoted,
    DispatchSigned,
    OwnerNotFound,
    RouterEvent,
)
from libs.common.contracts.router.dispatching import AcceptedBecause, ReviewWish
from libs.common.ids import AppealId, DepartmentCode
from services.router.domain.case import Case, handover_of, known_departments
from services.router.domain.commands import ContinueMatter, Dispatch
from services.router.domain.refusals import refused
from services.router.domain.routing_table import Route
from services.router.domain.standing import Accepted, Classified, Dispatched, Nowhere, ReviewPending


def on_item_named(case: Case, command: Dispatch) -> tuple[RouterEvent, ...]:
    """The rule's lead, unless an approved return excludes it: then a dispatcher names another."""
    if not isinstance(case.state.at, (Nowhere, Accepted, ReviewPending)):
        return ()
    routing = case.rules.routing
    route = routing.route(command.item, command.handover.sub_district)
    if route.lead in case.state.excluded:
        category = routing.items[command.item].category
        return (
            ClassificationNoted(appeal_id=command.appeal_id, item=command.item, category=category),
        )
    return (dispatched(case, command, route),)


def on_matter_left(case: Case, command: ContinueMatter) -> tuple[RouterEvent, ...]:
    """A safety matter goes on (主动治理): a new appeal, accepted now and dispatched by rule."""
    if case.state.version:
        return ()
    handover = command.handover.model_copy(update={"accepted_at": command.now})
    named = Dispatch(
        appeal_id=command.appeal_id, item=command.item, handover=handover, now=command.now
    )
    route = case.rules.routing.route(command.item, handover.sub_district)
    return (
        AppealAcceptedAnew(
            appeal_id=command.appeal_id,
            because="safety",
            accepted_at=command.now,
            handover=handover,
            continues=command.continues,
        ),
        dispatched(case, named, route),
    )


def dispatched(case: Case, command: Dispatch, route: Route) -> AppealDispatched:
    handover, routing = command.handover, case.rules.routing
    return AppealDispatched(
        appeal_id=command.appeal_id,
        enterprise_id=handover.enterprise_id,
        item=command.item,
        category=routing.items[command.item].category,
        lead=route.lead,
        co_handlers=route.co_handlers,
        sub_district=handover.sub_district,
        urgency=handover.urgency,
        accepted_at=handover.accepted_at,
        rule_id=route.rule_id,
        routing_version=routing.version,
        catalogue_version=routing.catalogue_version,
        dispatched_at=command.now,
        channel=handover.channel,
        kind=handover.kind,
    )


def dispatch(case: Case, action: DispatchAction) -> tuple[RouterEvent, ...]:
    case.at(action.action, Classified)
    if action.item not in case.rules.routing.items:
        raise refused("unknown_item", item=action.item)
    (lead,) = known_departments(case.rules, action.lead)
    if lead in case.state.excluded:
        raise refused("excluded_lead", department=lead)
    named = Dispatch(
        appeal_id=action.appeal_id,
        item=action.item,
        handover=handover_of(case.state),
        now=case.now,
    )
    route = Route(lead, helpers(case, action.co_handlers, lead), f"{action.item}/dispatcher")
    return (dispatched(case, named, route),)


def helpers(
    case: Case, co_handlers: tuple[str, ...], lead: DepartmentCode
) -> tuple[DepartmentCode, ...]:
    known = known_departments(case.rules, *co_handlers)
    return tuple(department for department in known if department != lead)


def ask_review(case: Case, action: AskReviewAction) -> tuple[RouterEvent, ...]:
    at = case.at(action.action, Classified, Accepted)
    reason: ReviewWish = "returned" if case.state.excluded else "no_owner"
    if isinstance(at, Accepted):
        reason = "never_classified"
    return (
        OwnerNotFound(
            appeal_id=action.appeal_id,
            reason=reason,
            item=case.state.item,
            excluded=case.state.excluded,
            note=action.note,
            handover=handover_of(case.state),
        ),
    )


def sign(case: Case, action: SignAction) -> tuple[RouterEvent, ...]:
    case.of_lead(action, action.department)
    case.at(action.action, Dispatched)
    return (DispatchSigned(appeal_id=action.appeal_id, department=action.department),)


def accepted_anew(case: Case, appeal_id: AppealId, because: AcceptedBecause) -> AppealAcceptedAnew:
    """Without a dispatch nobody can do it again: it is accepted once more (rule 28).

    Intake has the text and accepts it too, so the classifier names its item as that of any other.
    """
    handover: Handover = handover_of(case.state).model_copy(update={"accepted_at": case.now})
    return AppealAcceptedAnew(
        appeal_id=appeal_id, because=because, accepted_at=case.now, handover=handover
    )
