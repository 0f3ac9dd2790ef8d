"""Who has read personal data in the vault, and what has been erased from it."""

from typing import Annotated, ClassVar, Final, TypeAlias, get_args

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event
from libs.common.contracts.intake_words import (
    Confidentiality,
    ErasureReason,
    MaskedLine,
    Purpose,
    VaultField,
)
from libs.common.ids import AppealId

# A keyed hash of what the subject is known by: enough to find it again, not to read it.
SubjectFingerprint: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class VaultDisclosed(Event):
    """查阅: who read which fields of the vault, and for what. The actor stands in the envelope.

    Written in the transaction in which the data is read, before it is shown.
    """

    TYPE: ClassVar = "intake.disclosed.v1"

    appeal_id: AppealId
    purpose: Purpose
    fields: tuple[VaultField, ...] = Field(min_length=1, max_length=10)
    withheld: tuple[VaultField, ...] = Field(default=(), max_length=10)
    confidentiality: Confidentiality
    note: MaskedLine | None = None


class PersonalDataErased(Event):
    """个人信息删除: raw text, contact, salt and search keys are gone; the chain stays valid.

    The commitment of the erased text can not be opened any more.
    """

    TYPE: ClassVar = "intake.personal-data-erased.v1"

    appeal_id: AppealId
    reason: ErasureReason
    legal_basis: MaskedLine
    subject: SubjectFingerprint | None
    erased_at: AwareDatetime


VaultEvent: TypeAlias = VaultDisclosed | PersonalDataErased
VAULT_EVENTS: Final[tuple[type[VaultEvent], ...]] = get_args(VaultEvent)
