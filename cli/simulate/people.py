"""The people of a virtual city: what each does about an event, and how long it takes them.

Every choice is drawn from the seed and the event alone, so it does not depend on what others do.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from cli.simulate.asking import BASIS, REASON, Desk
from cli.simulate.habits import Habits
from libs.common.contracts import router as told
from libs.common.contracts.classifier import ReviewRequired
from libs.common.contracts.envelope import Event
from libs.common.eventstore.encoding import NewEvent

E = TypeVar("E", bound=Event)
HUNDRED: Final = 100
SPREAD: Final = 0.7
MISSING: Final = {"missing": "请补充合同复印件和付款凭证。"}
SUPPLIED: Final = {"supplied": "已补充合同与付款凭证。"}
NEW_FACTS: Final = {"new_facts": "问题再次出现。"}
GROUNDS: Final = {"reason": REASON, "legal_basis": BASIS}
AGAIN: Final = {"instructions": "请重新核实企业反映的全部事项，逐项答复。"}
RULING: Final = {
    "finding": "经复核，办理符合规定，诉求已依法终结。",
    "evidence": "现场核查记录与双方往来材料。",
    "legal_path": "可依法申请行政复议或提起诉讼。",
}
SCORES_GOOD: Final = (8, 9, 10, 10)
SCORES_BAD: Final = (1, 3, 5, 6)


@dataclass(slots=True)
class Case:
    """One event that somebody must do something about, and the dice for it."""

    new: NewEvent[Any]
    dice: random.Random

    @property
    def appeal_id(self) -> UUID:
        return UUID(self.new.subject)

    def happens(self, percent: int) -> bool:
        return self.dice.randrange(HUNDRED) < percent

    def hours(self, median: float) -> timedelta:
        """Mostly near the median, now and then several times as long."""
        return timedelta(hours=median * self.dice.lognormvariate(0, SPREAD))


@dataclass(slots=True)
class People:
    """Listens to the world and puts on its agenda what people will ask."""

    desk: Desk
    habits: Habits
    seed: int

    def hear(self, new: NewEvent[Any]) -> None:
        if respond := RESPONSES.get(new.event.__class__):
            dice = random.Random(f"{self.seed}/{new.event_id}")  # noqa: S311 - repeatable
            respond(self, Case(new, dice))


def on_dispatched(people: People, case: Case) -> None:
    """Signs, sends it back, or lets it lie until it signs itself."""
    habits, desk, lead = people.habits, people.desk, case.new.event.lead
    if case.happens(habits.withdraws):
        desk.later(case, case.hours(habits.works_hours), desk.firm(case, "withdraw"))
    if case.happens(habits.asks_to_return):
        desk.later(case, case.hours(1), desk.request_return(case, lead))
    elif not case.happens(habits.never_signs):
        sign = desk.department(case, lead, "sign")
        desk.later(case, case.hours(habits.signs_after_hours), sign)


def on_signed(people: People, case: Case) -> None:
    work(people, case, case.new.event.department)


def on_auto_signed(people: People, case: Case) -> None:
    work(people, case, case.new.event.department)


def work(people: People, case: Case, lead: str) -> None:
    """Contact, perhaps a question or more time, then a result; or nothing at all."""
    habits, desk = people.habits, people.desk
    if not case.happens(habits.never_contacts):
        desk.later(case, case.hours(habits.contacts_after_hours), desk.contact(case, lead))
    if case.happens(habits.stays_silent):
        return
    if case.happens(habits.asks_for_more):
        desk.later(case, case.hours(3), desk.department(case, lead, "request-info", MISSING))
        return
    if case.happens(habits.goes_on_ledger):
        desk.later(case, case.hours(8), desk.place_on_ledger(case))
        return
    if case.happens(habits.asks_for_time):
        desk.later(case, case.hours(6), desk.department(case, lead, "request-extension", GROUNDS))
    finish(people, case)


def finish(people: People, case: Case) -> None:
    after = case.hours(people.habits.works_hours)
    people.desk.later(case, after / 2, people.desk.report_as_co_handlers(case))
    people.desk.later(case, after, people.desk.submit_result(case))


def on_return(people: People, case: Case) -> None:
    habits, desk = people.habits, people.desk
    fate = case.dice.randrange(HUNDRED)
    after = case.hours(habits.decides_after_hours)
    if fate < habits.return_granted:
        desk.later(case, after, desk.dispatcher(case, "approve-return"))
    elif fate < habits.return_granted + habits.return_disputed:
        desk.later(case, after, desk.dispatcher(case, "open-dispute"))
    else:
        desk.later(case, after, desk.dispatcher(case, "deny-return", {"reason": REASON}))


def on_return_approved(people: People, case: Case) -> None:
    after = case.hours(people.habits.decides_after_hours)
    people.desk.later(case, after, people.desk.dispatch_elsewhere(case))


def on_return_denied(people: People, case: Case) -> None:
    if lead := people.desk.lead_of(case):
        work(people, case, lead)


def on_dispute(people: People, case: Case) -> None:
    habits, desk = people.habits, people.desk
    if case.happens(habits.provisional_lead):
        desk.later(case, case.hours(1), desk.name_provisional_lead(case))
    desk.later(case, case.hours(6), desk.issue_ruling(case))


def on_info_requested(people: People, case: Case) -> None:
    if not case.happens(people.habits.never_supplies):
        people.desk.later(
            case,
            case.hours(5),
            people.desk.firm(case, "supply-info", SUPPLIED),
        )


def on_info_supplied(people: People, case: Case) -> None:
    finish(people, case)


def on_ledger(people: People, case: Case) -> None:
    people.desk.later(case, case.hours(30), people.desk.submit_result(case))


def on_extension(people: People, case: Case) -> None:
    desk = people.desk
    if case.happens(people.habits.extension_granted):
        deed = desk.supervisor(case, "approve-extension")
    else:
        deed = desk.supervisor(case, "deny-extension", {"reason": REASON})
    desk.later(case, case.hours(2), deed)


def on_result(people: People, case: Case) -> None:
    desk = people.desk
    if case.happens(people.habits.result_refused):
        deed = desk.supervisor(case, "reject-result", {"reason": "off_topic"})
    else:
        deed = desk.supervisor(case, "approve-result")
    desk.later(case, case.hours(2), deed)


def on_result_rejected(people: People, case: Case) -> None:
    finish(people, case)


def on_callback(people: People, case: Case) -> None:
    """The firm rates, or nobody answers and the clock runs out."""
    habits, desk = people.habits, people.desk
    if not case.happens(habits.answers_callback):
        desk.later(case, case.hours(1), desk.agent(case, "attempt-callback"))
        return
    good = case.happens(habits.acceptable)
    score = case.dice.choice(SCORES_GOOD if good else SCORES_BAD)
    desk.later(case, case.hours(3), desk.rate(case, score))


def on_unacceptable(people: People, case: Case) -> None:
    desk = people.desk
    if case.new.event.leads_to == "rework":
        desk.later(case, case.hours(2), desk.supervisor(case, "dispatch-rework", AGAIN))
    elif case.new.event.leads_to == "final_review":
        again = case.happens(people.habits.final_review_orders_rework)
        deed = (
            desk.supervisor(case, "order-rework", {"reason": REASON})
            if again
            else desk.supervisor(case, "issue-final-ruling", RULING)
        )
        desk.later(case, case.hours(6), deed)


def on_rework(people: People, case: Case) -> None:
    rework = people.desk.supervisor(case, "dispatch-rework", AGAIN)
    people.desk.later(case, case.hours(2), rework)


def on_closed(people: People, case: Case) -> None:
    if case.happens(people.habits.reopens):
        people.desk.later(case, case.hours(20), people.desk.firm(case, "reopen", NEW_FACTS))


def on_review(people: People, case: Case) -> None:
    agrees = case.happens(people.habits.review_agrees)
    after = case.hours(people.habits.decides_after_hours)
    people.desk.later(case, after, people.desk.name_item(case, agrees=agrees))


RESPONSES: Final[Mapping[type[Event], Callable[[People, Case], None]]] = {
    ReviewRequired: on_review,
    told.AppealDispatched: on_dispatched,
    told.DispatchSigned: on_signed,
    told.DispatchAutoSigned: on_auto_signed,
    told.ReturnRequested: on_return,
    told.ReturnApproved: on_return_approved,
    told.ReturnDenied: on_return_denied,
    told.DisputeOpened: on_dispute,
    told.InfoRequested: on_info_requested,
    told.InfoSupplied: on_info_supplied,
    told.PlacedOnLedger: on_ledger,
    told.ExtensionRequested: on_extension,
    told.ResultSubmitted: on_result,
    told.ResultRejected: on_result_rejected,
    told.ResultApproved: on_callback,
    told.RatedUnacceptable: on_unacceptable,
    told.ReworkOrdered: on_rework,
    told.AppealReopened: on_rework,
    told.RatedAcceptable: on_closed,
}
