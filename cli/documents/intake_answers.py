"""The answers of intake's routes for people: actions, the register and the vault."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from cli.documents.answers import AnswerModel, Refusal, Stage
from libs.common.contracts.intake_words import Confidentiality, Purpose, VaultField


class Change(AnswerModel):
    version: int
    type: str
    recorded_at: datetime


class Stale(Refusal):
    """`changes` is what the sender had not seen; it stands where the version was stale."""

    changes: list[Change] | None = None


class WaitingAppeal(AnswerModel):
    appeal_id: UUID
    producer_id: str
    source_id: str
    stage: Stage
    submitted_at: datetime
    changed_at: datetime


class WaitingAppeals(AnswerModel):
    """The longest unmoved first."""

    appeals: list[WaitingAppeal] = Field(max_length=500)


class RegisteredEnterprise(AnswerModel):
    enterprise_id: UUID
    uscc: str
    name: str
    sub_district: str | None
    officer_id: str | None
    officer_unit: str | None
    version: int
    changed_at: datetime


class FollowedEnterprises(AnswerModel):
    enterprises: list[RegisteredEnterprise] = Field(max_length=500)


class VaultView(AnswerModel):
    """The fields that this role may see; that they were read is recorded already."""

    appeal_id: UUID
    confidentiality: Confidentiality
    fields: dict[VaultField, Any]
    withheld: list[VaultField]
    disclosure_purpose: Purpose
