"""The answers about one appeal's life, as models."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from cli.documents.answers import AnswerModel
from libs.common.contracts.values import ClockName, Urgency
from services.dossier.domain.ledger.segments import Duty
from services.dossier.domain.states import OverallState


class DeadlineOfClock(AnswerModel):
    version: int
    due: datetime
    reason: str
    event_id: UUID


class StepOfClock(AnswerModel):
    """A revoked step counts for nothing; a late one was found after its time."""

    level: int
    kind: str
    at: datetime
    late: bool
    revoked: bool
    event_id: UUID


class ClockOfAppeal(AnswerModel):
    """One run of a clock; `deadlines` says each due time it has had, and why."""

    clock: ClockName
    standing: Literal["running", "paused", "silent", "stopped"]
    started_at: datetime
    due: datetime
    stopped_at: datetime | None
    is_overdue: bool
    limit: str
    policy_version: str
    calendar_version: str
    provisional: bool
    deadlines: list[DeadlineOfClock]
    steps: list[StepOfClock]


class SegmentCause(AnswerModel):
    event_id: UUID
    type: str
    entry: int


class SegmentOfTime(AnswerModel):
    """Who held the appeal in this time, and which entry of the chain began it."""

    since: datetime = Field(alias="from")
    to: datetime
    is_open: bool
    state: OverallState
    state_zh: str
    unit: str
    person: str | None
    duty: Duty
    is_resting: bool
    working_seconds: int
    calendar_seconds: int
    cause: SegmentCause


class TimeLedger(AnswerModel):
    """The parts add up to the whole, in working and in calendar seconds."""

    working_seconds: int
    calendar_seconds: int
    calendar_version: str
    segments: list[SegmentOfTime]


class ActorOfAppeal(AnswerModel):
    kind: str
    unit: str
    id: str
    events: int


class ProofOfLife(AnswerModel):
    """The last entry that all this was told from."""

    chain_key: str
    entries: int
    last_entry: int
    hash: str | None


class GroundOfReason(AnswerModel):
    zh: str
    en: str
    value: str


class EntryOfReason(AnswerModel):
    id: UUID
    type: str
    entry: int
    service: str
    partition: int
    sequence: int
    hash: str


class ReasonOfAppeal(AnswerModel):
    subject: Literal["classification", "dispatch", "deadline", "escalation", "handling"]
    zh: str
    en: str
    at: datetime
    event: EntryOfReason
    grounds: list[GroundOfReason]


class ReasonsOfAppeal(AnswerModel):
    appeal_id: UUID
    reasons: list[ReasonOfAppeal]


class LifeOfAppeal(AnswerModel):
    """As the log held it at `at`; `owners` is what each service says, `state` what follows."""

    appeal_id: UUID
    at: datetime
    state: OverallState
    state_zh: str
    owners: dict[str, str]
    title: str | None
    enterprise_name: str | None
    uscc: str | None
    source_id: str | None
    channel: str | None
    kind: str | None
    urgency: Urgency
    item: str | None
    lead: str | None
    officer_id: str | None
    confidentiality: str
    clocks: list[ClockOfAppeal]
    ledger: TimeLedger
    actors: list[ActorOfAppeal]
    proof: ProofOfLife
    reasons: list[ReasonOfAppeal]
