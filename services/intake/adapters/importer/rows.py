"""Rows of a planned file as submissions, one at a time, each with its own problems."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from libs.common.contracts.inbound import Submission
from services.intake.adapters.importer.cells import is_rounded_number, read_time
from services.intake.adapters.importer.plan import ImportPlan, cell, data_rows
from services.intake.adapters.importer.refusal import FileRefusedError
from services.intake.adapters.importer.words import Words, normalise, shipped_words
from services.intake.domain.identity import half_width
from services.intake.domain.problems import Problem, problem, problems_of
from services.intake.domain.submission import find_problems

DEFAULT_CHANNEL: Final = "file"
# What clerks write where there is nothing to write.
NOTHING: Final = frozenset(
    {"", "-", "--", "—", "/", "\\", "无", "暂无", "空", "N/A", "n/a", "null", "NULL"}
)
NUMBERS: Final = ("source_id", "uscc", "contact_phone")
PATHS: Final = {
    "enterprise_name": "enterprise.name",
    "uscc": "enterprise.uscc",
    "contact_name": "contact.name",
    "contact_phone": "contact.phone",
    "contact_email": "contact.email",
}
FIELDS: Final = {path: name for name, path in PATHS.items()}
SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    outcome: Submission | tuple[Problem, ...]


@dataclass(slots=True)
class Tally:
    """`repeated` source ids are passed on all the same: intake answers repeats."""

    rows: int = 0
    good: int = 0
    bad: int = 0
    repeated: int = 0


@dataclass(slots=True)
class ImportRun:
    """Iterate once; the tally grows with it. Holds one row and the source ids, not the file."""

    plan: ImportPlan
    now: datetime
    sub_districts: Mapping[str, str]
    channel: str = DEFAULT_CHANNEL
    tally: Tally = field(default_factory=Tally)

    def __iter__(self) -> Iterator[Row]:
        if self.plan.missing:
            raise FileRefusedError("missing_columns", ", ".join(self.plan.missing))
        words = shipped_words()
        seen: set[tuple[str, str | None]] = set()
        for number, record in data_rows(self.plan.table, self.plan.header):
            outcome = self.read(record, words)
            self.tally.rows += 1
            if isinstance(outcome, tuple):
                self.tally.bad += 1
            else:
                self.tally.good += 1
                key = (outcome.channel, outcome.source_id)
                self.tally.repeated += key in seen
                seen.add(key)
            yield Row(number, outcome)

    def read(self, record: Sequence[str] | None, words: Words) -> Submission | tuple[Problem, ...]:
        if record is None:
            return (problem("row", "row_unreadable"),)
        reader = RowReader(record, self.plan.header.columns, words)
        fields = reader.fields(self.channel)
        told = {found.field for found in reader.problems}
        try:
            submission = Submission.model_validate(fields)
        except ValidationError as error:
            more = [found for found in problems_of(error) if found.field not in told]
            return (*reader.problems, *more)
        broken = find_problems(submission, self.now, self.sub_districts)
        return (*reader.problems, *broken) or submission


@dataclass(slots=True)
class RowReader:
    record: Sequence[str] = field(repr=False)
    columns: Mapping[str, int]
    words: Words = field(repr=False)
    problems: list[Problem] = field(default_factory=list[Problem])

    def fields(self, default_channel: str) -> dict[str, Any]:
        """As the wire model wants them; what is blank is left out."""
        for name in NUMBERS:
            if is_rounded_number(cell(self.record, self.columns, name)):
                self.problems.append(problem(PATHS.get(name, name), "number_rounded"))
        if self.line("source_id") is None:
            # Only HTTP has an Idempotency-Key that could stand in for it.
            self.problems.append(problem("source_id", "missing"))
        enterprise = present(name=self.line("enterprise_name"), uscc=self.line("uscc"))
        contact = present(
            name=self.line("contact_name"),
            phone=self.line("contact_phone"),
            email=self.line("contact_email"),
        )
        return present(
            source_id=self.line("source_id"),
            occurred_at=self.time("occurred_at"),
            channel=self.word("channel") or default_channel,
            title=self.line("title"),
            text=raw_cell(self.record, self.columns, "text"),
            enterprise=enterprise or None,
            contact=contact or None,
            sub_district=self.line("sub_district"),
            urgency=self.word("urgency"),
            kind=self.word("kind"),
        )

    def line(self, name: str) -> str | None:
        """Without line breaks; None for a blank and for what clerks write instead of one."""
        text = SPACES.sub(" ", cell(self.record, self.columns, name))
        return None if text in NOTHING else text

    def time(self, name: str) -> datetime | None:
        text = self.line(name)
        if text is None:
            return None
        time = read_time(text)
        if time is None:
            self.problems.append(problem(name, "cell_time"))
        return time

    def word(self, name: str) -> str | None:
        text = self.line(name)
        if text is None:
            return None
        code = self.words.values[name].get(normalise(half_width(text)))
        if code is None:
            self.problems.append(problem(name, f"{name}_unknown"))
        return code


def present(**fields: object) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def raw_cell(record: Sequence[str], columns: Mapping[str, int], name: str) -> str | None:
    """As it stands in the file, for the vault; None where it is blank."""
    return record[columns[name]] if cell(record, columns, name) else None
