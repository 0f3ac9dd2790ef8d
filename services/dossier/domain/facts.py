"""What a slice of events says of each appeal: only what is new, to be laid over what is known."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from libs.common.contracts.values import ClockName, Urgency
from services.dossier.domain.states import ClassifierState, IntakeState, RouterState


@dataclass(slots=True)
class AppealFacts:
    """None means that these events do not say. Counts are of these events alone."""

    appeal_id: UUID
    chain_key: str
    first_event_at: datetime
    last_event_at: datetime
    events: int = 0
    provisional: bool = False
    enterprise_id: UUID | None = None
    enterprise_name: str | None = None
    uscc: str | None = None
    channel: str | None = None
    source_id: str | None = None
    title: str | None = None
    sub_district: str | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    item: str | None = None
    category: str | None = None
    lead: str | None = None
    urgency: Urgency | None = None
    confidence: int | None = None
    intake_state: IntakeState | None = None
    classifier_state: ClassifierState | None = None
    router_state: RouterState | None = None
    resolve_started_at: datetime | None = None
    resolve_due: datetime | None = None
    resolve_stopped_at: datetime | None = None
    resolve_limit: str | None = None
    dispatched_at: datetime | None = None
    closed_at: datetime | None = None
    confidentiality: str | None = None

    def heard_at(self, time: datetime) -> None:
        self.events += 1
        self.first_event_at = min(self.first_event_at, time)
        self.last_event_at = max(self.last_event_at, time)

    def urge(self, urgency: Urgency) -> None:
        """Urgency only ever rises, so the order in which two owners are heard does not matter."""
        if self.urgency != "urgent":
            self.urgency = urgency


class Rung(NamedTuple):
    """What fires at most once: a level of a clock under one deadline."""

    appeal_id: UUID
    clock: ClockName
    deadline_version: int
    level: int


@dataclass(slots=True)
class EscalationFact:
    kind: str
    step_at: datetime
    late: bool
    fired: int = 1


@dataclass(frozen=True, slots=True)
class EnterpriseFact:
    enterprise_id: UUID
    name: str | None
    uscc: str | None


@dataclass(slots=True)
class Facts:
    appeals: dict[UUID, AppealFacts] = field(default_factory=dict[UUID, AppealFacts])
    escalations: dict[Rung, EscalationFact] = field(default_factory=dict[Rung, EscalationFact])
    revoked: list[Rung] = field(default_factory=list[Rung])
    enterprises: dict[UUID, EnterpriseFact] = field(default_factory=dict[UUID, EnterpriseFact])

    def appeal(self, appeal_id: UUID, chain_key: str, time: datetime) -> AppealFacts:
        found = self.appeals.get(appeal_id)
        if found is None:
            found = self.appeals[appeal_id] = AppealFacts(appeal_id, chain_key, time, time)
        found.heard_at(time)
        return found

    def escalate(self, rung: Rung, fact: EscalationFact) -> None:
        if known := self.escalations.get(rung):
            known.fired += 1
        else:
            self.escalations[rung] = fact
