"""What seats, officers, supervisors, firms and emergency services may ask of intake.

By HTTP, or on the actions topic, which the router reads too: no two services take an action of
the same name, and each passes over those of the other.
"""

from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from libs.common.contracts.envelope import Actor
from libs.common.contracts.inbound import NO_NUL
from libs.common.contracts.intake_words import (
    Confidentiality,
    EmergencyReceiver,
    RejectionCode,
    SiteOutcome,
)
from libs.common.contracts.values import AppealKind, Urgency
from libs.common.ids import AppealId

STRICT: Final = ConfigDict(
    frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
)
# Typed by people and masked before it stands in an event: a mark may be longer than what it hides.
Line: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=NO_NUL)]
Reply: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=5_000, pattern=NO_NUL)]
Supplement: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000, pattern=NO_NUL)
]


class IntakeActionModel(BaseModel):
    """`command_id` is the sender's own and makes a repeat harmless."""

    model_config = STRICT

    command_id: str = Field(min_length=1, max_length=200)
    appeal_id: AppealId
    actor: Actor
    # The version of intake's stream that the sender has seen; None does not check.
    expected_version: int | None = Field(default=None, ge=0, lt=2**31)


class AcceptAppealAction(IntakeActionModel):
    """受理, by a seat. What is left out stays as the producer said."""

    action: Literal["accept-appeal"]
    urgency: Urgency | None = None
    kind: AppealKind | None = None
    sub_district: str | None = Field(default=None, max_length=10)


class RequestSupplementAction(IntakeActionModel):
    """要求补充, by a seat: what is missing."""

    action: Literal["request-supplement"]
    missing: Line


class SupplySupplementAction(IntakeActionModel):
    """补充, by the firm or the producer. By HTTP alone: on the topic others could read it."""

    action: Literal["supply-supplement"]
    text: Supplement


class ProposeRejectionAction(IntakeActionModel):
    """拟不予受理, by a seat."""

    action: Literal["propose-rejection"]
    code: RejectionCode
    ground: Line


class ConfirmRejectionAction(IntakeActionModel):
    """确认不予受理, by another person than who proposed it."""

    action: Literal["confirm-rejection"]


class DeclineRejectionAction(IntakeActionModel):
    """不同意不予受理, by another person than who proposed it."""

    action: Literal["decline-rejection"]
    reason: Line


class ObjectToRejectionAction(IntakeActionModel):
    """提出异议, once, by the firm, or for it by the producer or a seat."""

    action: Literal["object-to-rejection"]
    ground: Line


class OverturnRejectionAction(IntakeActionModel):
    """异议成立, once, by a supervisor."""

    action: Literal["overturn-rejection"]
    reason: Line


class UpholdRejectionAction(IntakeActionModel):
    """异议不成立, by a supervisor."""

    action: Literal["uphold-rejection"]
    reason: Line


class AnswerAtIntakeAction(IntakeActionModel):
    """即时答复 of an inquiry, by a seat, from an entry of the knowledge base."""

    action: Literal["answer-at-intake"]
    knowledge_id: str = Field(min_length=1, max_length=100)
    public_reply: Reply


class ResolveOnSiteAction(IntakeActionModel):
    """现场即办, by the liaison officer, with the record of the visit."""

    action: Literal["resolve-on-site"]
    outcome: SiteOutcome
    visited_at: AwareDatetime
    site_record: Reply
    public_reply: Reply


class OfferEmergencyAction(IntakeActionModel):
    """拟转紧急, by a seat."""

    action: Literal["offer-emergency"]
    receiver: EmergencyReceiver
    reason: Line


class AcknowledgeEmergencyAction(IntakeActionModel):
    """接收, by the receiver itself (its unit is 110, 119, 120 or 122), with its own number."""

    action: Literal["acknowledge-emergency"]
    receipt: str = Field(min_length=1, max_length=100)


class DeclineEmergencyAction(IntakeActionModel):
    """不接收, by the receiver itself."""

    action: Literal["decline-emergency"]
    reason: Line


class RequestWithdrawalAction(IntakeActionModel):
    """撤诉, by the firm, or for it by the producer or a seat; after acceptance it is forwarded."""

    action: Literal["request-withdrawal"]
    reason: Line


class LinkEnterpriseAction(IntakeActionModel):
    """关联企业, by a seat or the liaison officer: once an appeal that came without a firm."""

    action: Literal["link-enterprise"]
    uscc: str = Field(min_length=1, max_length=64)
    enterprise_name: str | None = Field(default=None, min_length=1, max_length=200)


class ChangeConfidentialityAction(IntakeActionModel):
    """保密, by the firm, a seat or a supervisor; only a supervisor lifts it."""

    action: Literal["change-confidentiality"]
    confidentiality: Confidentiality
    reason: Line | None = None


IntakeAction: TypeAlias = (
    AcceptAppealAction
    | RequestSupplementAction
    | SupplySupplementAction
    | ProposeRejectionAction
    | ConfirmRejectionAction
    | DeclineRejectionAction
    | ObjectToRejectionAction
    | OverturnRejectionAction
    | UpholdRejectionAction
    | AnswerAtIntakeAction
    | ResolveOnSiteAction
    | OfferEmergencyAction
    | AcknowledgeEmergencyAction
    | DeclineEmergencyAction
    | RequestWithdrawalAction
    | LinkEnterpriseAction
    | ChangeConfidentialityAction
)
INTAKE_ACTION: TypeAdapter[IntakeAction] = TypeAdapter(
    Annotated[IntakeAction, Field(discriminator="action")]
)
INTAKE_ACTIONS: Final[frozenset[str]] = frozenset(
    get_args(model.model_fields["action"].annotation)[0] for model in get_args(IntakeAction)
)
