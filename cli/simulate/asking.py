"""What the people of the virtual city send: JSON of the actions topic, built when it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from cli.simulate.world import Deed, World
from libs.calendar.working_calendar import WorkingCalendar
from libs.catalogue.catalogue import Catalogue
from libs.catalogue.items import SUBDISTRICT_OFFICE
from libs.catalogue.org import SUPERVISION_OFFICE
from libs.common.contracts.envelope import ActorKind

if TYPE_CHECKING:
    from cli.simulate.people import Case

Body = Mapping[str, object]
HOTLINE: Final = "12345"
REPLY: Final = "已到企业核实并与经办人沟通，办理情况和后续安排已逐项说明。"
BASIS: Final = "本单位三定规定第三条"
REASON: Final = "情况复杂，需与相关单位会商后办理。"
REPORT_DAYS: Final = 5
OUTCOMES: Final = ("solved", "solved", "solved", "explained", "partly", "unsolvable")


@dataclass(frozen=True, slots=True)
class Desk:
    """Whoever acts, does so in working hours and on what then stands."""

    world: World
    calendar: WorkingCalendar
    catalogue: Catalogue

    def later(self, case: "Case", worked: timedelta, deed: Deed) -> None:
        self.world.at(self.calendar.add_working_time(self.world.now, worked), deed)

    def send(self, case: "Case", kind: ActorKind, unit: str, body: Body) -> None:
        """The command's id names the event that led to it, so a second run sends the same."""
        number = next(self.world.order)
        action = {
            "command_id": f"{case.new.event_id}/{number}",
            "appeal_id": case.new.subject,
            "actor": {"kind": kind, "id": f"{kind}-{unit}"[:200], "unit": unit},
            **body,
        }
        self.world.ask(action, case.new.key)

    def by(self, case: "Case", kind: ActorKind, unit: str, body: Body) -> Deed:
        return lambda: self.send(case, kind, unit, body)

    def department(self, case: "Case", unit: str, action: str, body: Body | None = None) -> Deed:
        return self.by(
            case, "department", unit, {"action": action, "department": unit, **(body or {})}
        )

    def dispatcher(self, case: "Case", action: str, body: Body | None = None) -> Deed:
        return self.by(case, "dispatcher", HOTLINE, {"action": action, **(body or {})})

    def supervisor(self, case: "Case", action: str, body: Body | None = None) -> Deed:
        return self.by(case, "supervisor", SUPERVISION_OFFICE, {"action": action, **(body or {})})

    def arbiter(self, case: "Case", action: str, body: Body) -> Deed:
        return self.by(case, "arbiter", "arbitration", {"action": action, **body})

    def agent(self, case: "Case", action: str) -> Deed:
        return self.by(case, "seat", HOTLINE, {"action": action})

    def firm(self, case: "Case", action: str, body: Body | None = None) -> Deed:
        return self.by(case, "firm", case.new.key, {"action": action, **(body or {})})

    def contact(self, case: "Case", unit: str) -> Deed:
        """With the moment at which it is made."""
        return lambda: self.send(
            case,
            "department",
            unit,
            {
                "action": "record-contact",
                "department": unit,
                "contacted_at": self.world.now.isoformat(),
                "way": "phone",
            },
        )

    def submit_result(self, case: "Case") -> Deed:
        """By whoever leads then; the firm was last spoken to an hour before."""
        outcome = case.dice.choice(OUTCOMES)

        def deed() -> None:
            unit = self.lead_of(case)
            if unit is None:  # withdrawn, merged or sent back meanwhile
                return
            contacted = self.world.now - timedelta(hours=1)
            basis = {"legal_basis": BASIS} if outcome == "unsolvable" else {}
            body = {
                "action": "submit-result",
                "department": unit,
                "outcome": outcome,
                "contacted_at": contacted.isoformat(),
                "public_reply": REPLY,
                **basis,
            }
            self.send(case, "department", unit, body)

        return deed

    def report_as_co_handlers(self, case: "Case") -> Deed:
        def deed() -> None:
            for unit in sorted(self.held(case).awaited):
                body = {"action": "report-co-handling", "department": unit, "opinion": REPLY}
                self.send(case, "department", unit, body)

        return deed

    def request_return(self, case: "Case", unit: str) -> Deed:
        body = {
            "reason": "not_our_duty",
            "explanation": REASON,
            "legal_basis": BASIS,
            "suggested_owner": self.another(case, {unit}),
        }
        return self.department(case, unit, "request-return", body)

    def dispatch_elsewhere(self, case: "Case") -> Deed:
        """To a department that has not sent it back."""

        def deed() -> None:
            held = self.held(case)
            lead = self.another(case, {*held.excluded})
            self.send(
                case,
                "dispatcher",
                HOTLINE,
                {"action": "dispatch", "item": held.item, "lead": lead},
            )

        return deed

    def issue_ruling(self, case: "Case") -> Deed:
        lead = self.another(case, set())
        body = {"lead": lead, "reason": REASON, "legal_basis": BASIS}
        return self.arbiter(case, "issue-ruling", body)

    def name_provisional_lead(self, case: "Case") -> Deed:
        body = {"department": self.another(case, set()), "reason": REASON}
        return self.arbiter(case, "name-provisional-lead", body)

    def place_on_ledger(self, case: "Case") -> Deed:
        def deed() -> None:
            report: datetime = self.calendar.shift_working_days(self.world.now, REPORT_DAYS)
            body = {
                "action": "place-on-ledger",
                "reason": REASON,
                "plan": "分三个阶段推进，逐期向企业通报。",
                "next_report_at": report.isoformat(),
            }
            self.send(case, "supervisor", SUPERVISION_OFFICE, body)

        return deed

    def rate(self, case: "Case", score: int) -> Deed:
        return self.firm(case, "rate", {"score": score, "reason": "按实际办理情况评价。"})

    def name_item(self, case: "Case", *, agrees: bool) -> Deed:
        """A clerk takes what the model proposed, or another item of the same category."""
        judgement = case.new.event.judgement
        items = [item.code for item in self.catalogue.items]
        proposed = judgement.candidates[0].item if judgement else None
        if agrees and proposed is not None:
            return self.dispatcher(case, "confirm-classification", {"item": proposed})
        other = case.dice.choice([code for code in items if code != proposed])
        if proposed is None:
            return self.dispatcher(case, "confirm-classification", {"item": other})
        body = {"item": other, "reason": "按诉求主要事项归类。"}
        return self.dispatcher(case, "correct-classification", body)

    def another(self, case: "Case", without: set[str]) -> str:
        leads = sorted({item.lead for item in self.catalogue.items} - {SUBDISTRICT_OFFICE})
        return case.dice.choice([unit for unit in leads if unit not in without])

    def held(self, case: "Case") -> Any:  # noqa: ANN401 - the router's state
        stream = self.world.state_of("router", case.new.key, UUID(case.new.subject))
        if stream is None:
            raise LookupError(case.new.subject)
        return stream.state

    def lead_of(self, case: "Case") -> str | None:
        lead: str | None = self.held(case).lead
        return lead
