"""What may be asked of intake about one appeal."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from libs.common.contracts.envelope import Actor
from libs.common.contracts.intake_words import (
    Confidentiality,
    EmergencyReceiver,
    OfficerId,
    RejectionCode,
    SiteOutcome,
)
from libs.common.contracts.values import AppealKind, Urgency
from libs.common.ids import AppealId, EnterpriseId
from services.intake.domain.submission import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAppeal:
    """A submission that has passed every check.

    `raw` and `salt` are for the vault alone; `commitment` is HMAC-SHA-256 of the raw text under
    that salt and may stand in the event. `search_keys` find the row again for an erasure.
    """

    appeal_id: AppealId
    enterprise_id: EnterpriseId | None
    producer_id: str
    source_id: str
    prepared: Prepared
    commitment: str
    raw: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    search_keys: tuple[int, ...] = field(default=(), repr=False)
    officer_id: OfficerId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked from outside, and when it arrived."""

    appeal_id: AppealId
    command_id: str
    actor: Actor
    now: datetime
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FromOutside:
    """Every text in a command is masked already."""

    asked: Asked

    @property
    def appeal_id(self) -> AppealId:
        return self.asked.appeal_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAppeal(FromOutside):
    urgency: Urgency | None
    kind: AppealKind | None
    sub_district: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSupplement(FromOutside):
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplySupplement(FromOutside):
    """`raw` and `salt` go into the vault beside the submission."""

    text: str
    marks: dict[str, int]
    commitment: str
    raw: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    search_keys: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRejection(FromOutside):
    code: RejectionCode
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRejection(FromOutside): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRejection(FromOutside):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToRejection(FromOutside):
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverturnRejection(FromOutside):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpholdRejection(FromOutside):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAtIntake(FromOutside):
    knowledge_id: str
    public_reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveOnSite(FromOutside):
    outcome: SiteOutcome
    visited_at: datetime
    site_record: str
    public_reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEmergency(FromOutside):
    receiver: EmergencyReceiver
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeEmergency(FromOutside):
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineEmergency(FromOutside):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAppeal(FromOutside):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnterprise(FromOutside):
    """`uscc` has passed its check; `enterprise_id` is made from it."""

    enterprise_id: EnterpriseId
    uscc: str
    enterprise_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeConfidentiality(FromOutside):
    confidentiality: Confidentiality
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptAppeal:
    """Follows a link, on a stream under the enterprise's key."""

    appeal_id: AppealId
    enterprise_id: EnterpriseId
    chain_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOutSupplement:
    """sla has seen the supplement limit that fell due at `due` pass."""

    appeal_id: AppealId
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAnew:
    """Router found that an appeal without a dispatch needs one after all (rules.md 28)."""

    appeal_id: AppealId
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowConfidentiality:
    """A supervisor has set it at the router: the vault must show no more than that."""

    appeal_id: AppealId
    confidentiality: Confidentiality


Heard: TypeAlias = AdoptAppeal | TimeOutSupplement | AcceptAnew | FollowConfidentiality
IntakeCommand: TypeAlias = SubmitAppeal | Heard | FromOutside
