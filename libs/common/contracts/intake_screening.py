"""What intake decides between a submission and its acceptance: questions, rejection, emergency."""

from typing import ClassVar, TypeAlias

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event
from libs.common.contracts.intake_words import (
    EmergencyReceiver,
    MaskedLine,
    PersonId,
    RejectionCode,
)
from libs.common.contracts.values import Sha256Hex, Version
from libs.common.ids import AppealId


class InfoRequested(Event):
    """要求补充, by a seat before acceptance, at most two rounds. Pauses accept, starts supplement.

    `round` counts from 1.
    """

    TYPE: ClassVar = "intake.info-requested.v1"

    appeal_id: AppealId
    round: int = Field(ge=1, le=2)
    missing: MaskedLine
    requested_at: AwareDatetime


class InfoSupplied(Event):
    """补充完成, by the firm or the producer. Resumes accept, stops supplement.

    The raw text lies in the vault beside the submission.
    """

    TYPE: ClassVar = "intake.info-supplied.v1"

    appeal_id: AppealId
    round: int = Field(ge=1, le=2)
    text: str
    marks: dict[str, int]
    commitment: Sha256Hex
    supplied_at: AwareDatetime


class InfoTimedOut(Event):
    """逾期未补, on sla's LimitPassed of the supplement clock: closed as if withdrawn.

    视同撤回; it is not a solved case.
    """

    TYPE: ClassVar = "intake.info-timed-out.v1"

    appeal_id: AppealId
    round: int = Field(ge=1, le=2)
    limit_passed_at: AwareDatetime


class SupplementForwarded(Event):
    """补充转达: what a firm adds after intake has handed its appeal on, for whoever holds it."""

    TYPE: ClassVar = "intake.supplement-forwarded.v1"

    appeal_id: AppealId
    number: int = Field(ge=1, le=100)
    text: str
    marks: dict[str, int]
    commitment: Sha256Hex
    supplied_at: AwareDatetime


class RejectionProposed(Event):
    """拟不予受理, by a seat: nothing is rejected until a second officer confirms."""

    TYPE: ClassVar = "intake.rejection-proposed.v1"

    appeal_id: AppealId
    code: RejectionCode
    ground: MaskedLine
    proposed_by: PersonId


class RejectionDeclined(Event):
    """不同意不予受理, by the second officer: the appeal stays to be accepted."""

    TYPE: ClassVar = "intake.rejection-declined.v1"

    appeal_id: AppealId
    code: RejectionCode
    reason: MaskedLine


class AppealRejected(Event):
    """不予受理, confirmed by a second officer; the legal path is told. Stops every clock."""

    TYPE: ClassVar = "intake.appeal-rejected.v1"

    appeal_id: AppealId
    code: RejectionCode
    ground: MaskedLine
    legal_path_zh: str = Field(min_length=1, max_length=500)
    legal_path_en: str = Field(min_length=1, max_length=500)
    rules_version: Version
    proposed_by: PersonId
    confirmed_by: PersonId
    rejected_at: AwareDatetime


class ObjectionRaised(Event):
    """提出异议, by the firm or for it: once an appeal."""

    TYPE: ClassVar = "intake.objection-raised.v1"

    appeal_id: AppealId
    ground: MaskedLine


class RejectionOverturned(Event):
    """异议成立, by a supervisor, once: the appeal is to be accepted again. Starts accept anew."""

    TYPE: ClassVar = "intake.rejection-overturned.v1"

    appeal_id: AppealId
    code: RejectionCode
    reason: MaskedLine
    overturned_at: AwareDatetime


class RejectionUpheld(Event):
    """异议不成立, by a supervisor: the rejection stands."""

    TYPE: ClassVar = "intake.rejection-upheld.v1"

    appeal_id: AppealId
    code: RejectionCode
    reason: MaskedLine


class EmergencyOffered(Event):
    """拟转紧急, to 110, 119, 120 or 122: until they acknowledge, intake keeps the appeal."""

    TYPE: ClassVar = "intake.emergency-offered.v1"

    appeal_id: AppealId
    receiver: EmergencyReceiver
    reason: MaskedLine
    offered_at: AwareDatetime


class EmergencyDeclined(Event):
    """未接收: the receiver does not take it, so who received it first keeps it."""

    TYPE: ClassVar = "intake.emergency-declined.v1"

    appeal_id: AppealId
    receiver: EmergencyReceiver
    reason: MaskedLine


class EmergencyTransferred(Event):
    """紧急转接, acknowledged by the receiver with its own number. Stops every clock."""

    TYPE: ClassVar = "intake.emergency-transferred.v1"

    appeal_id: AppealId
    receiver: EmergencyReceiver
    receipt: str = Field(min_length=1, max_length=100)
    offered_at: AwareDatetime
    acknowledged_at: AwareDatetime


ScreeningEvent: TypeAlias = (
    InfoRequested
    | InfoSupplied
    | InfoTimedOut
    | SupplementForwarded
    | RejectionProposed
    | RejectionDeclined
    | AppealRejected
    | ObjectionRaised
    | RejectionOverturned
    | RejectionUpheld
    | EmergencyOffered
    | EmergencyDeclined
    | EmergencyTransferred
)
