"""The answers of the router to those who ask it, as models."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from cli.documents.answers import AnswerModel, Refusal
from libs.common.contracts.router import Stage
from libs.common.contracts.router.joining import OrderEnd
from libs.common.contracts.values import Urgency


class ChangeSince(AnswerModel):
    version: int
    type: str
    at: datetime


class Stale(Refusal):
    """`changed` lists what has happened since the expected version; else it is left out."""

    changed: list[ChangeSince] | None = Field(default=None, max_length=100)


class DeskRow(AnswerModel):
    appeal_id: UUID
    item: str | None
    sub_district: str | None
    urgency: Urgency | None
    state: Stage
    version: int
    accepted_at: datetime | None
    dispatched_at: datetime | None


class Desk(AnswerModel):
    appeals: list[DeskRow] = Field(max_length=500)


class OrderedAppeal(AnswerModel):
    """`ended` is null while it is open; state, lead and item are null before its dispatch."""

    appeal_id: UUID
    ended: OrderEnd | None
    state: Stage | None
    lead: str | None
    item: str | None


class OrderOfAppeals(AnswerModel):
    order_id: UUID
    number: str
    title: str
    report_by: datetime | None
    issued_at: datetime
    version: int
    settled: int
    total: int
    appeals: list[OrderedAppeal]
