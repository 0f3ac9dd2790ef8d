"""An appeal's life told event by event, each at a moment of its own."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from libs.calendar.days import SHANGHAI
from libs.common.contracts import intake, router, sla
from libs.common.contracts.envelope import Actor, ActorKind, Event
from libs.common.contracts.sla_parts import ClockStart, Step
from libs.common.ids import AppealId, DepartmentCode, named_id
from services.dossier.domain.life.happenings import Happening
from services.dossier.domain.life.life import Life, life_of
from tests.unit.dossier import life as contracts

APPEAL: Final = contracts.appeal_number(1)
GXJ, RLJ, KCJ = DepartmentCode("gxj"), DepartmentCode("rlj"), DepartmentCode("kcj")
SYSTEM: Final = Actor(kind="system", id="router", unit="router")


def at(text: str) -> datetime:
    """`03-02 10:00` of 2026 in Asia/Shanghai; seconds may follow."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def person(kind: ActorKind, unit: str, name: str) -> Actor:
    return Actor(kind=kind, id=name, unit=unit)


@dataclass(slots=True)
class Story:
    appeal: AppealId = APPEAL
    key: str = str(contracts.ENTERPRISE)
    happenings: list[Happening] = field(default_factory=list[Happening])

    def say(self, when: str | datetime, event: Event, actor: Actor = SYSTEM) -> "Story":
        version = len(self.happenings) + 1
        service = event.TYPE.split(".")[0]
        moment = at(when) if isinstance(when, str) else when
        self.happenings.append(
            Happening(
                chain_key=self.key,
                version=version,
                service=service,
                partition=3,
                sequence=version,
                hash=f"{version:064x}",
                id=uuid5(self.appeal, f"{event.TYPE}/{version}"),
                type=event.TYPE,
                time=moment,
                subject=str(self.appeal),
                actor=actor,
                cause=self.happenings[-1].id if self.happenings else None,
                event=event,
            )
        )
        return self

    def life(self, until: str | datetime, *, is_now: bool = False) -> Life:
        moment = at(until) if isinstance(until, str) else until
        return life_of(self.appeal, self.happenings, until=moment, is_now=is_now)

    # The happy path, one line an event.

    def accepted(self, when: str, kind: str = "request") -> "Story":
        moment = at(when)
        submitted = contracts.submitted(self.appeal).model_copy(
            update={"submitted_at": moment, "kind": kind, "officer_id": "gd-7"}
        )
        accepted = contracts.accepted(self.appeal).model_copy(
            update={"accepted_at": moment, "kind": kind}
        )
        return self.say(when, submitted).say(when, accepted)

    def classified(self, when: str) -> "Story":
        return self.say(when, contracts.classified(self.appeal))

    def dispatched(self, when: str, lead: DepartmentCode = GXJ) -> "Story":
        event = contracts.dispatched(self.appeal).model_copy(update={"lead": lead})
        return self.say(when, event)

    def signed(self, when: str, lead: DepartmentCode = GXJ, name: str = "zhang") -> "Story":
        event = router.DispatchSigned(appeal_id=self.appeal, department=lead)
        return self.say(when, event, person("department", lead, name))

    def result(
        self,
        when: str,
        lead: DepartmentCode = GXJ,
        name: str = "zhang",
        outcome: router.Outcome = "solved",
    ) -> "Story":
        event = contracts.result(self.appeal).model_copy(
            update={"department": lead, "submitted_at": at(when), "outcome": outcome}
        )
        return self.say(when, event, person("department", lead, name))

    def approved(self, when: str, result_at: str) -> "Story":
        event = router.ResultApproved(appeal_id=self.appeal, result_submitted_at=at(result_at))
        return self.say(when, event, person("seat", "rx", "reviewer-1"))

    def rejected(self, when: str, result_at: str) -> "Story":
        event = router.ResultRejected(
            appeal_id=self.appeal,
            result_submitted_at=at(result_at),
            reason="off_topic",
            note=None,
            resumes="in_progress",
        )
        return self.say(when, event, person("seat", "rx", "reviewer-1"))

    def rated(self, when: str, score: int = 9) -> "Story":
        event = router.RatedAcceptable(appeal_id=self.appeal, score=score, rater="firm")
        return self.say(when, event, person("firm", "firm", "firm"))

    def displeased(self, when: str, score: int = 2) -> "Story":
        event = router.RatedUnacceptable(
            appeal_id=self.appeal,
            score=score,
            rater="firm",
            reason="没有解决",
            rated_at=at(when),
            reworks=0,
            leads_to="rework",
        )
        return self.say(when, event, person("firm", "firm", "firm"))

    def returned(self, when: str, lead: DepartmentCode = GXJ, name: str = "zhang") -> "Story":
        event = router.ReturnRequested(
            appeal_id=self.appeal,
            department=lead,
            reason="not_our_duty",
            explanation="不属本局职责",
            legal_basis="三定方案",
            suggested_owner=RLJ,
            requested_at=at(when),
            window_ends_at=at(when) + timedelta(days=2),
        )
        return self.say(when, event, person("department", lead, name))

    def return_granted(self, when: str, lead: DepartmentCode = GXJ) -> "Story":
        event = router.ReturnApproved(appeal_id=self.appeal, department=lead, returns=1, note=None)
        return self.say(when, event, person("seat", "rx", "dispatcher-1"))

    def resolve_clock(self, when: str, due: str, *, level: int = 2) -> "Story":
        """3 working days from the first acceptance, with one step at the due time."""
        start = ClockStart(
            clock="resolve",
            started_at=at(when),
            due=at(due),
            deadline_version=1,
            limit="3 个工作日 / 3 working days",
            policy_version="baoan-2026.1",
            calendar_version="cn-2026.1",
            provisional=False,
            steps=(
                Step(
                    level=level,
                    kind="breach",
                    at=at(due),
                    notify_at=at(due),
                    addressee="unit_head",
                ),
            ),
            grade="normal",
            unit="working_days",
            amount=3,
            source="宝安: 3 个工作日",
        )
        event = sla.ClocksStarted(
            appeal_id=self.appeal, urgency="normal", lead=None, clocks=(start,)
        )
        return self.say(when, event)

    def resolve_stopped(self, when: str, stopped: str | None = None) -> "Story":
        event = sla.ClocksStopped(
            appeal_id=self.appeal,
            clocks=("resolve",),
            stopped_at=at(stopped or when),
            reason="done",
        )
        return self.say(when, event)

    def withdrawn_at_intake(self, when: str) -> "Story":
        event = intake.AppealWithdrawn(
            appeal_id=self.appeal, reason="已自行解决", withdrawn_at=at(when)
        )
        return self.say(when, event)


def known_as(name: str) -> UUID:
    return named_id(name)


def happy(score: int = 9) -> Story:
    """Accepted on a Monday morning, resolved the day after, rated the day after that."""
    return (
        Story()
        .accepted("03-02 10:00")
        .resolve_clock("03-02 10:00", "03-05 18:00")
        .classified("03-02 10:01")
        .dispatched("03-02 10:02")
        .signed("03-02 10:30")
        .result("03-03 16:00")
        .resolve_stopped("03-03 16:00")
        .approved("03-03 17:00", "03-03 16:00")
        .rated("03-04 09:30", score)
    )
