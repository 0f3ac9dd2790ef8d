"""The dry run: what would be read from which column, before anything is sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from services.intake.adapters.importer.header import Header, check_wanted, find_header
from services.intake.adapters.importer.refusal import FileRefusedError
from services.intake.adapters.importer.table import Rows, Table, open_table
from services.intake.adapters.importer.words import Words, shipped_words
from services.intake.domain.hygiene import clean
from services.intake.domain.masking import KnownPersons, mask

REQUIRED: Final = ("source_id", "occurred_at", "text")
PERSONAL: Final = {
    "contact_name": "〔姓名〕",
    "contact_phone": "〔电话〕",
    "contact_email": "〔邮箱〕",
}
SHOWN_ROWS: Final = 5
SHOWN_SIGNS: Final = 60


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """`mapping` is field -> header, `missing` what is required and has no column."""

    table: Table
    header: Header
    mapping: dict[str, str]
    missing: tuple[str, ...]
    preview: tuple[dict[str, str], ...] = field(repr=False)
    row_count: int

    @property
    def unmapped(self) -> tuple[str, ...]:
        return self.header.unmapped

    @property
    def encoding(self) -> str | None:
        return self.table.encoding

    def column_of(self, field_name: str) -> str:
        """The header of a field's column, for reports; the field itself where it has none."""
        return self.mapping.get(field_name, field_name)


def plan(path: Path, wanted: Mapping[str, str] | None = None) -> ImportPlan:
    """Raises FileRefusedError when there is nothing to plan. `wanted` is field -> header or #3."""
    words = shipped_words()
    asked = dict(wanted or {})
    check_wanted(asked, None, words)
    table = open_table(path, lambda rows: recognised(rows, asked, words))
    header = find_header(table.start, asked, words)
    if header is None:
        raise FileRefusedError("no_header")
    check_wanted(asked, header, words)
    shown, count = look_through(table, header)
    return ImportPlan(
        table=table,
        header=header,
        mapping={
            name: header.names[index] or f"#{index + 1}" for name, index in header.columns.items()
        },
        missing=tuple(name for name in REQUIRED if name not in header.columns),
        preview=tuple(show(row, header.columns) for row in shown),
        row_count=count,
    )


def recognised(rows: Rows, wanted: Mapping[str, str], words: Words) -> int:
    header = find_header(rows, wanted, words)
    return 0 if header is None else len(header.columns)


def look_through(table: Table, header: Header) -> tuple[list[list[str]], int]:
    """The rows to show and the number of all, in one reading: a large workbook takes seconds."""
    shown: list[list[str]] = []
    count = 0
    for _, record in data_rows(table, header):
        count += 1
        if record is not None and len(shown) < SHOWN_ROWS:
            shown.append(record)
    return shown, count


def data_rows(table: Table, header: Header) -> Iterator[tuple[int, list[str] | None]]:
    """With the row's number as a spreadsheet shows it; blank rows are passed over but counted."""
    for number, record in enumerate(table.records(), start=1):
        if number > header.rows and (record is None or any(cell.strip() for cell in record)):
            yield number, record


def show(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    known = KnownPersons.of_contact(
        cell(row, columns, "contact_name") or None,
        cell(row, columns, "contact_phone") or None,
        cell(row, columns, "enterprise_name") or None,
    )
    shown: dict[str, str] = {}
    for name in columns:
        text = cell(row, columns, name)
        if name in PERSONAL and text:
            text = PERSONAL[name]
        elif name not in {"source_id", "occurred_at"}:
            text = mask(text, known).text
        shown[name] = text if len(text) <= SHOWN_SIGNS else text[: SHOWN_SIGNS - 1] + "…"
    return shown


def cell(row: Sequence[str], columns: Mapping[str, int], name: str) -> str:
    """Cleaned and stripped; nothing where the row is shorter than the header."""
    index = columns.get(name)
    return "" if index is None or index >= len(row) else clean(row[index]).strip()
