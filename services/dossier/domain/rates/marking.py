"""What is true of one appeal at a moment, in the words that formulas are made of."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from libs.calendar.working_calendar import WorkingCalendar
from libs.common.contracts import classifier, intake, router
from libs.common.contracts import intake_screening as screening
from services.dossier.domain.ledger.segments import calendar_seconds, whole_second, working_seconds
from services.dossier.domain.life.life import Identity, Life
from services.dossier.domain.rates.marks import LaneMark, Mark, Marked, OutcomeMark, Quantity
from services.dossier.domain.states import OverallState

HUNDREDTHS: Final = 100
ENDED: Final[dict[OverallState, OutcomeMark]] = {
    OverallState.NOT_ACCEPTED: "outcome_not_accepted",
    OverallState.TRANSFERRED_OUT: "outcome_referred",
    OverallState.WITHDRAWN: "outcome_withdrawn",
    OverallState.MERGED: "outcome_merged",
}
BY_RESULT: Final[dict[str, OutcomeMark]] = {
    "solved": "outcome_solved",
    "partly": "outcome_partly",
    "explained": "outcome_explained",
    "unsolvable": "outcome_unsolvable",
}
DECIDED: Final = frozenset({OverallState.CALLBACK_PENDING, OverallState.CLOSED})
RATINGS: Final = (router.RatedAcceptable, router.RatedUnacceptable, router.CallbackExhausted)
# A stop for another reason says nothing of how long the work took.
UNDONE: Final = frozenset({"replaced", "merged", "closed"})


def marked(life: Life, who: Identity, calendar: WorkingCalendar) -> Marked:
    return Marked(
        marks=frozenset({outcome_of(life), lane_of(life), *plain_marks(life, who)}),
        quantities=quantities_of(life, who, calendar),
        groups={
            "unit": who.lead or "",
            "category": who.category or "",
            "kind": who.kind or "",
            "sub_district": who.sub_district or "",
            "channel": who.channel or "",
        },
    )


def plain_marks(life: Life, who: Identity) -> Iterator[Mark]:
    yield from clock_marks(life)
    yield from rating_marks(life)
    found: dict[Mark, bool] = {
        "accepted": who.accepted_at is not None,
        "excluded": bool(life.said(router.ExclusionApproved)),
        "inquiry": who.kind == "inquiry",
        "urgent": who.urgency == "urgent",
        "closed": life.state is OverallState.CLOSED,
        "result_reported": bool(life.said(router.ResultSubmitted)),
        "result_judged": bool(life.said(router.ResultApproved, router.ResultRejected)),
        "reworked": bool(life.said(router.ReworkDispatched)),
        "returned": bool(life.said(router.ReturnRequested)),
        "signed_by_itself": bool(life.said(router.DispatchAutoSigned)),
        "classified_by_model": bool(life.said(classifier.AppealClassified)),
        "classified": bool(
            life.said(classifier.AppealClassified, classifier.ClassificationConfirmed)
        ),
        "supervised": any(run.steps for run in life.runs),
    }
    for mark, is_true in found.items():
        if is_true:
            yield mark
    yield from dispatch_marks(life)


def dispatch_marks(life: Life) -> Iterator[Mark]:
    """One dispatch that no return, ruling or second dispatch has changed hit at the first shot."""
    dispatches = life.said(router.AppealDispatched)
    if not dispatches:
        return
    yield "dispatched"
    moved = life.said(router.ReturnApproved, router.DisputeOpened, router.RulingIssued)
    taken = life.said(router.DispatchSigned, router.DispatchAutoSigned, router.ReturnDenied)
    if moved or taken:
        yield "dispatch_settled"
    if len(dispatches) == 1 and not moved:
        yield "dispatched_once"


def clock_marks(life: Life) -> Iterator[Mark]:
    """Every run of the resolve clock must have been in time, a rework's like the first one's."""
    contact = life.run("contact")
    if contact is not None and (contact.stopped_at or contact.is_overdue(life.until)):
        yield "contact_owed"
        if not contact.is_overdue(life.until):
            yield "contacted_in_time"
    runs = [run for run in life.runs if run.clock == "resolve" and run.stop_reason not in UNDONE]
    decided = [run for run in runs if run.standing == "stopped" or run.is_overdue(life.until)]
    if decided:
        yield "resolve_decided"
        if not any(run.is_overdue(life.until) for run in decided):
            yield "resolved_in_time"


def rating_marks(life: Life) -> Iterator[Mark]:
    """The last word of the firm counts; silence is no satisfaction."""
    ends = life.said(*RATINGS)
    if not ends:
        return
    yield "callback_ended"
    event = ends[-1].event
    if not isinstance(event, router.CallbackExhausted):
        yield "rated"
    if isinstance(event, router.RatedAcceptable) and not event.excluded:
        yield "satisfied"


def outcome_of(life: Life) -> OutcomeMark:
    """Total: exactly one of the outcomes is true of any appeal."""
    if life.state in ENDED:
        return ENDED[life.state]
    if life.state not in DECIDED:
        return "outcome_open"
    for one in reversed(life.happenings):
        match one.event:
            case router.ResultSubmitted() | intake.ResolvedOnSite():
                return BY_RESULT[one.event.outcome]
            case router.MasterClosed():
                return "outcome_merged"
            case router.InfoTimedOut() | screening.InfoTimedOut():
                return "outcome_not_supplied"
            case _:
                continue
    # What is decided without a result was answered at once.
    return "outcome_explained"


def lane_of(life: Life) -> LaneMark:
    """双协调: on the spot, or through the platform."""
    if life.said(intake.ResolvedOnSite):
        return "lane_on_site"
    if life.said(intake.AnsweredAtIntake):
        return "lane_at_intake"
    return "lane_referred" if life.said(router.AppealDispatched) else "lane_none"


def quantities_of(life: Life, who: Identity, calendar: WorkingCalendar) -> dict[Quantity, int]:
    found: dict[Quantity, int] = {}
    began, ended = who.accepted_at or who.submitted_at, result_time(life)
    if began is not None and ended is not None and began <= ended:
        span = (whole_second(began), whole_second(ended))
        found["working_seconds_to_result"] = working_seconds(calendar, *span)
        found["calendar_seconds_to_result"] = calendar_seconds(*span)
    ratings = life.said(router.RatedAcceptable, router.RatedUnacceptable)
    if ratings:
        found["score_hundredths"] = ratings[-1].event.score * HUNDREDTHS
    return found


def result_time(life: Life) -> datetime | None:
    """Of the last result that stands: a rejected one has stopped nothing."""
    if life.state not in DECIDED:
        return None
    for one in reversed(life.happenings):
        match one.event:
            case router.ResultApproved():
                return one.event.result_submitted_at
            case intake.AnsweredAtIntake():
                return one.event.answered_at
            case _:
                continue
    return None
