"""The masking itself: find, decide between overlapping finds, replace, number."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from services.intake.domain.identity import find_uscc_fault, half_width, is_id_card
from services.intake.domain.masking.accounts import find_accounts, find_emails
from services.intake.domain.masking.addresses import find_addresses
from services.intake.domain.masking.names import find_names, occurrences
from services.intake.domain.masking.numbers import find_numbers
from services.intake.domain.masking.persons import KnownPersons
from services.intake.domain.masking.spans import Kind, Span

MARK: Final = re.compile(f"〔({'|'.join(Kind)})([0-9]{{1,6}})〕")
FULL_WIDTH: Final = re.compile("[０-９Ａ-Ｚａ-ｚ＠]")
USCC: Final = re.compile(
    "(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"
)
NOBODY: Final = KnownPersons()
Detector: TypeAlias = Callable[[str, str, KnownPersons], Iterator[Span]]


@dataclass(frozen=True, slots=True)
class Mark:
    kind: Kind
    number: int
    value: str = field(repr=False)

    def __str__(self) -> str:
        return f"〔{self.kind}{self.number}〕"


@dataclass(frozen=True, slots=True)
class Masked:
    """`marks` holds the values, for the vault alone; one value has one number in a text."""

    text: str
    marks: tuple[Mark, ...]

    def counts(self) -> dict[str, int]:
        """How many different values of each kind were found; what an event may hold."""
        counts: dict[str, int] = {}
        for mark in self.marks:
            counts[mark.kind] = counts.get(mark.kind, 0) + 1
        return counts


def mask(text: str, known: KnownPersons = NOBODY) -> Masked:
    """Masking what is masked changes nothing; marks that stand in the text keep their numbers."""
    return replace_all(text, known, detect)


def mask_numbers(text: str) -> Masked:
    """Without names and addresses, for the names of firms, which are public."""
    return replace_all(text, NOBODY, detect_numbers)


def replace_all(text: str, known: KnownPersons, detector: Detector) -> Masked:
    spans = find_spans(text, known, detector)
    if not spans:
        return Masked(text, ())
    marks: dict[tuple[Kind, str], Mark] = {}
    last = highest_numbers(text)
    # A mark may end what hid its neighbour, so until nothing is found; each pass takes signs away.
    while spans:
        pieces: list[str] = []
        position = 0
        for span in spans:
            mark = marks.get((span.kind, span.value))
            if mark is None:
                last[span.kind] = last.get(span.kind, 0) + 1
                mark = marks[span.kind, span.value] = Mark(span.kind, last[span.kind], span.value)
            pieces += (text[position : span.start], str(mark))
            position = span.end
        text = "".join(pieces) + text[position:]
        spans = find_spans(text, known, detector)
    return Masked(text, tuple(marks.values()))


def highest_numbers(text: str) -> dict[Kind, int]:
    highest: dict[Kind, int] = {}
    for match in MARK.finditer(text):
        kind = Kind(match[1])
        highest[kind] = max(highest.get(kind, 0), int(match[2]))
    return highest


def find_spans(text: str, known: KnownPersons, detector: Detector) -> list[Span]:
    """In the order of the text, none overlapping: an earlier detector wins."""
    folded = half_width(text) if FULL_WIDTH.search(text) else text
    found = list(detector(folded, text, known))
    if not found:
        return []
    taken = bytearray(len(text))
    for start, end in public_parts(folded, known):
        taken[start:end] = b"\1" * (end - start)
    spans: list[Span] = []
    for span in found:
        if 1 not in taken[span.start : span.end]:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def detect(folded: str, text: str, known: KnownPersons) -> Iterator[Span]:
    yield from detect_numbers(folded, text, known)
    yield from find_addresses(folded)
    # Not folded: a full-width letter or comma takes no part in a name, but may end it.
    yield from find_names(text, known)


def detect_numbers(folded: str, text: str, known: KnownPersons) -> Iterator[Span]:
    yield from find_emails(folded)
    for phone in known.phones:
        for span in occurrences(folded, phone):
            yield Span(span.start, span.end, Kind.PHONE, known.phones[-1])
    yield from find_numbers(folded)
    yield from find_accounts(folded)


def public_parts(text: str, known: KnownPersons) -> Iterator[tuple[int, int]]:
    """What stays readable: marks already there, enterprise codes, the enterprise's own name."""
    for match in MARK.finditer(text):
        yield match.span()
    for match in USCC.finditer(text):
        if find_uscc_fault(match[0]) is None and not is_rather_a_person(match[0]):
            yield match.span()
    if known.enterprise:
        for span in occurrences(text, known.enterprise):
            yield span.start, span.end


def is_rather_a_person(code: str) -> bool:
    """Of digits alone it may check both ways; the codes of firms begin with 9, no home region."""
    return code[:17].isdigit() and code[0] != "9" and is_id_card(code)
