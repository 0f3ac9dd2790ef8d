"""The answers to those who read dossiers and clocks, as models."""

from datetime import date, datetime
from typing import Any, Literal

from cli.documents.answers import AnswerModel
from libs.common.contracts.sla_parts import RuleGrade, StepKind
from libs.common.contracts.values import ClockName, Urgency
from services.dossier.read_model.timelines import TimelineEntry


class ChainHead(AnswerModel):
    """`parked_at` is the entry at which the read model stands still, null while it follows."""

    key: str
    version: int | None = None
    hash: str | None = None
    parked_at: int | None = None
    reason: str | None = None


class Dossier(AnswerModel):
    """One enterprise's file (一企一档), or one appeal's; the timeline comes from the chain."""

    kind: Literal["appeal", "enterprise", "chain"]
    id: str
    chain: ChainHead
    appeal: dict[str, Any] | None = None
    enterprise: dict[str, Any] | None = None
    appeals: list[dict[str, Any]] | None = None
    timeline: list[TimelineEntry]


class NamedCount(AnswerModel):
    name: str
    appeals: int


class StateCount(AnswerModel):
    state: str
    state_zh: str
    appeals: int


class LevelCount(AnswerModel):
    clock: ClockName
    level: int
    kind: str
    escalations: int
    late: int


class Summary(AnswerModel):
    """Counts over all dossiers, as they are now."""

    appeals: int
    dispatched: int
    in_review: int
    closed: int
    provisional: int
    appeal_events: int
    next_resolve_due: datetime | None
    escalations: int
    revoked_escalations: int
    escalations_fired_twice: int
    overdue: int
    enterprises: int
    chains: int
    entries: int
    parked_chains: int
    dead_letters: int
    by_state: list[StateCount]
    by_category: list[NamedCount]
    by_lead: list[NamedCount]
    escalations_by_level: list[LevelCount]


class StepView(AnswerModel):
    level: int
    kind: StepKind
    at: datetime
    notify_at: datetime
    addressee: str
    revoked: bool | None = None


class DayView(AnswerModel):
    date: date
    reason_zh: str
    reason_en: str


class RestView(AnswerModel):
    """A pause, within its cap."""

    paused_at: datetime
    resumed_at: datetime


class Why(AnswerModel):
    """The days are left out where policy or calendar have changed since."""

    policy_version: str
    calendar_version: str
    grade: RuleGrade | None
    provisional: bool
    source: str | None = None
    extensions: int
    rests: list[RestView]
    not_after: datetime | None = None
    promised_due: datetime | None = None
    counted: list[DayView] | None = None
    skipped: list[DayView] | None = None


class ClockView(AnswerModel):
    """A clock that was stopped before it started has no more than its state."""

    clock: ClockName
    state: Literal["running", "suspended", "stopped"]
    suspended_at: datetime | None = None
    stopped_at: datetime | None = None
    started_at: datetime | None = None
    due: datetime | None = None
    limit: str | None = None
    resting_since: datetime | None = None
    deadline_version: int | None = None
    taken: list[StepView] | None = None
    ahead: list[StepView] | None = None
    why: Why | None = None


class Clocks(AnswerModel):
    urgency: Urgency
    lead: str | None
    clocks: list[ClockView]
