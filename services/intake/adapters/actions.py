"""What people ask of intake, by HTTP or Kafka, as commands for our streams; texts are masked."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from libs.common.contracts import intake_actions as actions
from libs.common.contracts.intake_actions import INTAKE_ACTION, INTAKE_ACTIONS, IntakeAction
from libs.common.contracts.topics import Topic
from libs.common.errors import PoisonError, RefusedError
from libs.common.fingerprints import fingerprints
from libs.common.ids import enterprise_id_of, named_id
from libs.common.subscription import InboundSubscription, Record, Request
from services.intake.adapters.standing import Place
from services.intake.adapters.subjects import SubjectKeys
from services.intake.domain import commands
from services.intake.domain.commands import Asked, FromOutside, IntakeCommand
from services.intake.domain.hygiene import clean, is_blank
from services.intake.domain.identity import find_uscc_fault, normalise_uscc
from services.intake.domain.masking import KnownPersons, mask, mask_numbers

NOBODY: Final = KnownPersons()
LONGEST_NAME: Final = 200
LONGEST: Final = {"site_record": 10_000, "public_reply": 10_000}
LONGEST_LINE: Final = 2_000
# Fields that people type; all others are codes, ids and times.
TEXTS: Final = frozenset(
    {"missing", "ground", "reason", "public_reply", "site_record", "receipt", "knowledge_id"}
)
ABOUT_ALL: Final = frozenset({"command_id", "appeal_id", "actor", "expected_version", "action"})
COMMANDS: Final[Mapping[type[IntakeAction], Callable[..., FromOutside]]] = {
    actions.AcceptAppealAction: commands.AcceptAppeal,
    actions.RequestSupplementAction: commands.RequestSupplement,
    actions.ProposeRejectionAction: commands.ProposeRejection,
    actions.ConfirmRejectionAction: commands.ConfirmRejection,
    actions.DeclineRejectionAction: commands.DeclineRejection,
    actions.ObjectToRejectionAction: commands.ObjectToRejection,
    actions.OverturnRejectionAction: commands.OverturnRejection,
    actions.UpholdRejectionAction: commands.UpholdRejection,
    actions.AnswerAtIntakeAction: commands.AnswerAtIntake,
    actions.ResolveOnSiteAction: commands.ResolveOnSite,
    actions.OfferEmergencyAction: commands.OfferEmergency,
    actions.AcknowledgeEmergencyAction: commands.AcknowledgeEmergency,
    actions.DeclineEmergencyAction: commands.DeclineEmergency,
    actions.RequestWithdrawalAction: commands.WithdrawAppeal,
    actions.ChangeConfidentialityAction: commands.ChangeConfidentiality,
}


class Named(BaseModel):
    """The one field by which services tell their actions apart."""

    action: str


NAMED: Final = TypeAdapter(Named)


@dataclass(frozen=True, slots=True)
class Actions:
    """`is_signed` raises PoisonError for a record whose unit must sign and has not."""

    fingerprint_key: bytes = field(repr=False)
    new_salt: Callable[[], bytes]
    partition_of: Callable[[str], int]
    subjects: SubjectKeys
    check_signature: Callable[[Record, IntakeAction, datetime], None]

    def subscription(self) -> InboundSubscription[IntakeCommand]:
        return InboundSubscription(topic=Topic.ACTIONS, admit=self.admit)

    def admit(self, record: Record, now: datetime) -> list[Request[IntakeCommand]]:
        """Nothing for another service's action, or for what nobody can read: the router parks it.

        The record's key must be the appeal's: a stream under another key does not exist.
        """
        if not is_ours(record.value or b""):
            return []
        action = INTAKE_ACTION.validate_json(record.value or b"")
        if isinstance(action, actions.SupplySupplementAction):
            raise PoisonError("by_http_alone", "a supplement holds personal data: send it by HTTP")
        self.check_signature(record, action, now)
        try:
            key = (record.key or b"").decode("ascii")
        except UnicodeDecodeError as error:
            raise PoisonError("bad_key", "the key is not an id in ASCII") from error
        return self.requests(action, Place(record.partition, key), now)

    def requests(
        self,
        action: IntakeAction,
        place: Place,
        now: datetime,
        known: KnownPersons = NOBODY,
    ) -> list[Request[IntakeCommand]]:
        """The command, and for a link its effect on the enterprise's file. Raises RefusedError."""
        command = self.command_of(action, now, known)
        first = Request[IntakeCommand](
            command=command,
            stream_id=f"intake-{action.appeal_id}",
            partition=place.partition,
            key=place.key,
            subject=str(action.appeal_id),
            causation_id=named_id(f"intake-action:{action.command_id}"),
            correlation_id=action.appeal_id,
            actor=action.actor,
            # Other services keep their own answers: one sender may number for all of them.
            command_id=f"action:{action.command_id}",
            fingerprints=fingerprints(self.fingerprint_key, action.model_dump(mode="json")),
        )
        if isinstance(command, commands.LinkEnterprise):
            return [first, self.adoption(first, command)]
        return [first]

    def adoption(
        self, first: Request[IntakeCommand], command: commands.LinkEnterprise
    ) -> Request[IntakeCommand]:
        key = str(command.enterprise_id)
        adopt = commands.AdoptAppeal(
            appeal_id=command.appeal_id,
            enterprise_id=command.enterprise_id,
            chain_key=first.key,
        )
        return Request(
            command=adopt,
            stream_id=f"intake-adopted-{command.appeal_id}",
            partition=self.partition_of(key),
            key=key,
            subject=first.subject,
            causation_id=first.causation_id,
            correlation_id=first.correlation_id,
            actor=first.actor,
        )

    def command_of(self, action: IntakeAction, now: datetime, known: KnownPersons) -> FromOutside:
        asked = Asked(
            appeal_id=action.appeal_id,
            command_id=action.command_id,
            actor=action.actor,
            now=now,
            expected_version=action.expected_version,
        )
        if isinstance(action, actions.SupplySupplementAction):
            return self.supplement(asked, action.text, known)
        if isinstance(action, actions.LinkEnterpriseAction):
            return link_of(asked, action)
        values: dict[str, Any] = {
            name: masked(name, value, known)
            for name in type(action).model_fields.keys() - ABOUT_ALL
            if (value := getattr(action, name)) is not None or name in type(action).model_fields
        }
        return COMMANDS[type(action)](asked=asked, **values)

    def supplement(self, asked: Asked, text: str, known: KnownPersons) -> commands.SupplySupplement:
        cleaned = clean(text)
        if is_blank(cleaned):
            raise blank("text")
        found, salt = mask(cleaned, known), self.new_salt()
        return commands.SupplySupplement(
            asked=asked,
            text=found.text,
            marks=found.counts(),
            commitment=hmac.digest(salt, text.encode(), "sha256").hex(),
            raw=text.encode(),
            salt=salt,
            search_keys=self.subjects.of_submission(None, found.marks),
        )


def is_ours(value: bytes) -> bool:
    try:
        return NAMED.validate_json(value).action in INTAKE_ACTIONS
    except ValidationError:
        return False


def masked(name: str, value: object, known: KnownPersons) -> object:
    """Raises RefusedError for a text that is blank, or too long once it is masked."""
    if name not in TEXTS or not isinstance(value, str):
        return value
    cleaned = clean(value)
    if is_blank(cleaned):
        raise blank(name)
    text = mask(cleaned, known).text
    if len(text) > LONGEST.get(name, LONGEST_LINE):
        raise too_long(name)
    return text


def link_of(asked: Asked, action: actions.LinkEnterpriseAction) -> commands.LinkEnterprise:
    uscc = checked_uscc(action.uscc)
    return commands.LinkEnterprise(
        asked=asked,
        enterprise_id=enterprise_id_of(uscc),
        uscc=uscc,
        enterprise_name=public_name(action.enterprise_name),
    )


def checked_uscc(written: str) -> str:
    """Normalised. Raises RefusedError where its check digit, or anything else, is wrong."""
    uscc = normalise_uscc(written)
    if find_uscc_fault(uscc) is not None:
        raise RefusedError(
            "uscc",
            "统一社会信用代码有误，请核对 18 位代码。",
            "this is no valid unified social credit code; check its 18 signs.",
        )
    return uscc


def public_name(name: str | None) -> str | None:
    return None if name is None else mask_numbers(clean(name).strip()).text[:LONGEST_NAME] or None


def blank(name: str) -> RefusedError:
    return RefusedError("empty", f"“{name}”内容为空，请填写。", f"{name} is empty; fill it in.")


def too_long(name: str) -> RefusedError:
    return RefusedError(
        "too_long", f"“{name}”内容过长，请缩短。", f"{name} is too long once masked; shorten it."
    )
