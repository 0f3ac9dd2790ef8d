"""双考核: one scorecard a unit and one a person, both out of the same ledger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from libs.common.contracts import intake, router, sla
from services.dossier.domain.ledger.segments import Account
from services.dossier.domain.ledger.turns import FIRM, FOLLOWED
from services.dossier.domain.life.happenings import Happening
from services.dossier.domain.life.life import Identity, Life

# No unit: the time of a firm that was asked for more, and of a child that follows its master.
NOBODY: Final = ("", FIRM)


@dataclass(slots=True)
class Card:
    """Seconds are of working time and of the calendar; `score_sum` is out of ten a rating."""

    unit: str
    person: str | None
    appeals: set[str] = field(default_factory=set[str])
    working_seconds: int = 0
    calendar_seconds: int = 0
    by_duty: dict[str, int] = field(default_factory=dict[str, int])
    dispatched: int = 0
    signed: int = 0
    signed_by_itself: int = 0
    returns_asked: int = 0
    returns_granted: int = 0
    results: int = 0
    results_rejected: int = 0
    in_time: int = 0
    overdue: int = 0
    escalations: int = 0
    ratings: int = 0
    satisfied: int = 0
    score_sum: int = 0
    on_site: int = 0


@dataclass(slots=True)
class Scorecards:
    """`officers` are the liaison officers (挂点干部), who follow their firms' appeals."""

    units: dict[str, Card] = field(default_factory=dict[str, Card])
    people: dict[tuple[str, str], Card] = field(default_factory=dict[tuple[str, str], Card])
    officers: dict[str, Card] = field(default_factory=dict[str, Card])

    def cards(self, unit: str, person: str | None) -> list[Card]:
        found = [self.units.setdefault(unit, Card(unit, None))]
        if person is not None:
            found.append(self.people.setdefault((unit, person), Card(unit, person)))
        return found

    def officer(self, officer: str) -> Card:
        return self.officers.setdefault(officer, Card("", officer))

    def take(self, life: Life, who: Identity, account: Account) -> None:
        """An appeal with an approved exclusion counts for nobody's work but keeps its time."""
        self.take_time(life, account)
        if not life.said(router.ExclusionApproved):
            self.take_work(life)
            self.take_clocks(life, who)
        if who.officer_id is not None:
            self.take_officer(life, self.officer(who.officer_id), account)

    def take_time(self, life: Life, account: Account) -> None:
        for segment in account.segments:
            turn = segment.turn
            if turn.unit in NOBODY or turn.unit.startswith(FOLLOWED):
                continue
            for card in self.cards(turn.unit, turn.person):
                card.appeals.add(str(life.appeal_id))
                card.working_seconds += segment.working_seconds
                card.calendar_seconds += segment.calendar_seconds
                duty = turn.duty.value
                card.by_duty[duty] = card.by_duty.get(duty, 0) + segment.working_seconds

    def take_work(self, life: Life) -> None:
        """What was done, for who did it; a rating is for who gave the result that was rated."""
        results: list[Happening] = []
        for one in life.happenings:
            match one.event:
                case router.ResultSubmitted():
                    results.append(one)
                case router.ResultRejected() if results:
                    count(self.of_result(results[-1]), "results_rejected")
                case router.RatedAcceptable() | router.RatedUnacceptable() if results:
                    rate(self.of_result(results[-1]), one)
                case _:
                    pass
            self.take_step(one)

    def take_step(self, one: Happening) -> None:
        match one.event:
            case router.AppealDispatched() | router.RulingIssued() | router.ReworkDispatched():
                count(self.cards(one.event.lead, None), "dispatched")
            case router.DispatchSigned():
                count(self.cards(one.event.department, own_person(one)), "signed")
            case router.DispatchAutoSigned():
                count(self.cards(one.event.department, None), "signed_by_itself")
            case router.ReturnRequested():
                count(self.cards(one.event.department, own_person(one)), "returns_asked")
            case router.ReturnApproved():
                count(self.cards(one.event.department, None), "returns_granted")
            case router.ResultSubmitted():
                count(self.of_result(one), "results")
            case _:
                pass

    def of_result(self, one: Happening) -> list[Card]:
        return self.cards(one.event.department, own_person(one))

    def take_clocks(self, life: Life, who: Identity) -> None:
        """A step of a ladder is its unit's whose clock it was; a revoked one is nobody's."""
        for run in life.runs:
            for step in run.steps:
                lead = step.said.event.lead
                if not step.revoked and lead:
                    count(self.cards(lead, None), "escalations")
            if run.clock == "resolve" and who.lead and run.stop_reason in {None, "done"}:
                late = run.is_overdue(life.until)
                if late or run.standing == "stopped":
                    count(self.cards(who.lead, None), "overdue" if late else "in_time")

    def take_officer(self, life: Life, card: Card, account: Account) -> None:
        card.appeals.add(str(life.appeal_id))
        card.working_seconds += account.working_seconds
        card.calendar_seconds += account.calendar_seconds
        card.on_site += bool(life.said(intake.ResolvedOnSite))
        card.escalations += len(life.said(sla.Escalation))
        for one in life.said(router.RatedAcceptable, router.RatedUnacceptable):
            rate([card], one)


def own_person(one: Happening) -> str | None:
    return one.actor.id if one.actor.kind in {"department", "officer"} else None


def count(cards: Iterable[Card], name: str) -> None:
    for card in cards:
        setattr(card, name, getattr(card, name) + 1)


def rate(cards: Iterable[Card], one: Happening) -> None:
    accepted = isinstance(one.event, router.RatedAcceptable) and not one.event.excluded
    for card in cards:
        card.ratings += 1
        card.satisfied += accepted
        card.score_sum += one.event.score
