"""What a person is known by, as keyed hashes: enough to find the vault's rows again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal, TypeAlias
from uuid import UUID

import orjson

from libs.common.contracts.inbound import SubmittedContact
from libs.common.errors import RefusedError
from services.intake.domain.identity import half_width, is_id_card, is_phone, normalise_phone
from services.intake.domain.masking import Mark, mask_numbers
from services.intake.domain.masking.spans import Kind

Tag: TypeAlias = Literal["contact", "text", "subject"]
SubjectKind: TypeAlias = Literal["phone", "email", "document", "bank-card", "appeal"]
# blake2b knows a purpose apart by `person`: these keys open nothing that other hashes guard.
PURPOSE: Final = b"vault-keys"
DIGEST_BYTES: Final = 8
LENGTH_OF_ID_CARD: Final = 18
KINDS: Final[dict[Kind, SubjectKind]] = {
    Kind.PHONE: "phone",
    Kind.EMAIL: "email",
    Kind.DOCUMENT: "document",
    Kind.BANK_CARD: "bank-card",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """`value` in the one spelling that every other is brought to."""

    kind: SubjectKind
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubjectKeys:
    key: bytes = field(repr=False)

    def of_submission(
        self, contact: SubmittedContact | None, marks: tuple[Mark, ...]
    ) -> tuple[int, ...]:
        """Search keys of a vault row, the contact's apart from those of others in the text."""
        found = {self.number("contact", one) for one in subjects_of_contact(contact)}
        found |= {self.number("text", one) for one in subjects_of_marks(marks)}
        return tuple(sorted(found))

    def number(self, tag: Tag, subject: Subject) -> int:
        return int.from_bytes(self.digest(tag, subject), signed=True)

    def fingerprint(self, subject: Subject) -> str:
        """What PersonalDataErased says of the person; 16 hexadecimal digits."""
        return self.digest("subject", subject).hex()

    def digest(self, tag: Tag, subject: Subject) -> bytes:
        text = orjson.dumps([tag, subject.kind, subject.value])
        key = self.key[: blake2b.MAX_KEY_SIZE]
        return blake2b(text, digest_size=DIGEST_BYTES, key=key, person=PURPOSE).digest()


def subjects_of_contact(contact: SubmittedContact | None) -> Iterator[Subject]:
    if contact is None:
        return
    if contact.phone and contact.phone.strip():
        yield Subject("phone", normalise_phone(contact.phone))
    if contact.email and contact.email.strip():
        yield Subject("email", half_width(contact.email).strip().casefold())


def subjects_of_marks(marks: tuple[Mark, ...]) -> Iterator[Subject]:
    for mark in marks:
        if (kind := KINDS.get(mark.kind)) is not None:
            yield Subject(kind, spelled(kind, mark.value))


def subjects_in(text: str) -> set[Subject]:
    """Whoever is named by a number or an address of the structured kinds."""
    return set(subjects_of_marks(mask_numbers(text).marks))


def spelled(kind: SubjectKind, value: str) -> str:
    match kind:
        case "phone":
            return normalise_phone(value)
        case "email":
            return half_width(value).strip().casefold()
        case _:
            return half_width(value).strip().upper()


def read_subject(written: str) -> Subject:
    """`phone:…`, `email:…`, `document:…`, `bank-card:…` or `appeal:…`, or the value alone.

    Raises RefusedError.
    """
    kind, separator, value = written.partition(":")
    if not separator:
        kind, value = kind_of(written.strip()), written
    value = half_width(value).strip()
    if not value:
        raise no_subject()
    match kind:
        case "phone" if is_phone(normalise_phone(value)):
            return Subject("phone", normalise_phone(value))
        case "email" if "@" in value:
            return Subject("email", spelled("email", value))
        case "document" | "bank-card":
            return Subject(kind, "".join(value.split()).upper())
        case "appeal" if is_uuid(value):
            return Subject("appeal", str(UUID(value)))
        case _:
            raise no_subject()


def kind_of(value: str) -> str:
    """What a value without a word before it must be."""
    if "@" in value:
        return "email"
    if is_uuid(value):
        return "appeal"
    if len(value) == LENGTH_OF_ID_CARD and is_id_card(half_width(value)):
        return "document"
    return "phone"


def is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def no_subject() -> RefusedError:
    return RefusedError(
        "subject",
        "删除对象写成 phone:、email:、document:、bank-card: 或 appeal: 加号码、邮箱或诉求编号。",
        "name the subject as phone:, email:, document:, bank-card: or appeal: and the value.",
    )
