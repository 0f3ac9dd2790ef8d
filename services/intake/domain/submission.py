"""What a submission must keep to before it becomes an event, and what the event takes from it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic_core import to_json

from libs.common.contracts.inbound import Submission, SubmittedContact
from libs.common.contracts.values import AppealKind, Urgency
from services.intake.domain.hygiene import clean, is_blank
from services.intake.domain.identity import (
    find_uscc_fault,
    half_width,
    is_phone,
    normalise_phone,
    normalise_uscc,
)
from services.intake.domain.masking import KnownPersons, Mark, Masked, mask, mask_numbers
from services.intake.domain.problems import Problem, problem

CLOCK_SKEW: Final = timedelta(minutes=5)
OLDEST: Final = timedelta(days=20 * 365 + 5)
# A record may have 256 KB; the rest of the event and its envelope take less than 16 KB.
MOST_TEXT_BYTES: Final = 240_000
MOST_BYTES_PER_SIGN: Final = 4
LONGEST_MASKED_TITLE: Final = 500
LONGEST_NAME: Final = 200
# Cleaned texts hold no controls, and no detector reads across one.
BETWEEN: Final = "\x1f"
EMAIL: Final = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}")
TITLE_LENGTH: Final = 40
STOP: Final = re.compile("[。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Ready for the event: cleaned, normalised, masked. The vault keeps the submission itself."""

    channel: str
    source_id: str | None
    occurred_at: datetime
    title: str = field(repr=False)
    text: str = field(repr=False)
    marks: tuple[Mark, ...] = field(repr=False)
    enterprise_name: str | None
    uscc: str | None
    sub_district: str | None
    urgency: Urgency | None
    kind: AppealKind | None
    confidentiality: Literal["confidential", "whistleblower"] | None = None

    def mark_counts(self) -> dict[str, int]:
        """How many different values of each kind title and text hold together."""
        return Masked(self.text, self.marks).counts()


def sub_districts_by_word(sub_districts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every word that means a sub-district -> its code: code, name, name without 街道."""
    words: dict[str, str] = {}
    for code, name in sub_districts:
        words |= {code.upper(): code, name: code, name.removesuffix("街道"): code}
        words[name.removesuffix("街道") + "街道办"] = code
        words[name.removesuffix("街道") + "街道办事处"] = code
    return words


def find_problems(
    submission: Submission, now: datetime, sub_districts: Mapping[str, str]
) -> tuple[Problem, ...]:
    """All of them at once. `sub_districts` is what `sub_districts_by_word` makes."""
    return (
        *check_time(submission.occurred_at, now),
        *check_text(clean(submission.text)),
        *check_enterprise(submission),
        *check_contact(submission.contact),
        *check_sub_district(submission.sub_district, sub_districts),
    )


def prepare(
    submission: Submission, now: datetime, sub_districts: Mapping[str, str]
) -> Prepared | tuple[Problem, ...]:
    if problems := find_problems(submission, now, sub_districts):
        return problems
    title, text, marks = mask_title_and_text(submission, clean(submission.text))
    # Once more: a mark can be longer than what it stands for.
    if bytes_in_event(text) > MOST_TEXT_BYTES:
        return (problem("text", "text_too_large"),)
    return Prepared(
        channel=submission.channel,
        source_id=submission.source_id,
        occurred_at=submission.occurred_at,
        title=title,
        text=text,
        marks=marks,
        enterprise_name=public_name(submission),
        uscc=uscc(submission),
        sub_district=find_sub_district(submission.sub_district, sub_districts),
        urgency=submission.urgency,
        kind=submission.kind,
        confidentiality=submission.confidentiality,
    )


def check_time(occurred_at: datetime, now: datetime) -> Iterator[Problem]:
    if occurred_at > now + CLOCK_SKEW:
        yield problem("occurred_at", "time_future")
    elif occurred_at < now - OLDEST:
        yield problem("occurred_at", "time_too_old")


def check_text(cleaned: str) -> Iterator[Problem]:
    if is_blank(cleaned):
        yield problem("text", "empty")
    elif bytes_in_event(cleaned) > MOST_TEXT_BYTES:
        yield problem("text", "text_too_large")


def check_enterprise(submission: Submission) -> Iterator[Problem]:
    code = uscc(submission)
    if code is not None and (fault := find_uscc_fault(code)) is not None:
        yield problem("enterprise.uscc", fault.value)


def check_contact(contact: SubmittedContact | None) -> Iterator[Problem]:
    if contact is None:
        return
    if contact.phone and contact.phone.strip() and not is_phone(normalise_phone(contact.phone)):
        yield problem("contact.phone", "phone")
    if contact.email and contact.email.strip():
        address = half_width(contact.email).strip()
        if not EMAIL.fullmatch(address):
            yield problem("contact.email", "email")


def check_sub_district(word: str | None, known: Mapping[str, str]) -> Iterator[Problem]:
    if word and word.strip() and find_sub_district(word, known) is None:
        yield problem("sub_district", "sub_district_unknown")


def find_sub_district(word: str | None, known: Mapping[str, str]) -> str | None:
    if word is None:
        return None
    bare = half_width(word).strip()
    return known.get(bare) or known.get(bare.upper())


def uscc(submission: Submission) -> str | None:
    """Normalised, not checked; None where the field is left out or blank."""
    if submission.enterprise is None or submission.enterprise.uscc is None:
        return None
    return normalise_uscc(submission.enterprise.uscc) or None


def enterprise_name(submission: Submission) -> str | None:
    if submission.enterprise is None or submission.enterprise.name is None:
        return None
    return clean(submission.enterprise.name).strip() or None


def known_persons(submission: Submission) -> KnownPersons:
    contact = submission.contact
    return KnownPersons.of_contact(
        clean(contact.name) if contact and contact.name else None,
        contact.phone if contact else None,
        enterprise_name(submission),
    )


def public_name(submission: Submission) -> str | None:
    """A firm may be called after its owner, but no name of a firm holds a phone or a card."""
    name = enterprise_name(submission)
    return None if name is None else mask_numbers(name).text[:LONGEST_NAME]


def mask_title_and_text(submission: Submission, text: str) -> tuple[str, str, tuple[Mark, ...]]:
    """Together, so that 〔电话1〕 is one phone in both. No title: the text's first sentence."""
    title = clean(submission.title or "").strip()
    masked = mask(f"{title}{BETWEEN}{text}", known_persons(submission))
    title, _, text = masked.text.partition(BETWEEN)
    if not title:
        title = cut(STOP.split(text.strip(), maxsplit=1)[0], TITLE_LENGTH)
    return cut(title, LONGEST_MASKED_TITLE), text, masked.marks


def cut(sentence: str, length: int) -> str:
    """Never inside a mark: half a mark says nothing, and its number would be taken for text."""
    if len(sentence) <= length:
        return sentence
    head = sentence[: length - 1]
    opened = head.rfind("〔")
    return (head[:opened] if opened > head.rfind("〕") else head) + "…"


def bytes_in_event(text: str) -> int:
    """As JSON; for a text that is small in any case, the most that it could have."""
    most = len(text) * MOST_BYTES_PER_SIGN
    return most if most <= MOST_TEXT_BYTES else len(to_json(text))
