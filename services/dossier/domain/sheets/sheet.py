"""A copy of what the dossier knows, ready to be written as a table: with its proof inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

import orjson

from services.dossier.domain.sheets.cells import Cell

SHORT: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    title_zh: str
    title_en: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Whose copy it is and what for; the fingerprint is on every page, and in the dossier."""

    export_id: str
    fingerprint: str
    recipient: str
    purpose: str
    made_at: str

    @property
    def short(self) -> str:
        """Enough to find the copy by, for the margin of each page."""
        return self.fingerprint[:SHORT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`about` says what was counted and how, `proof` where in the chains it stands."""

    name: str
    title_zh: str
    title_en: str
    about: Sequence[tuple[str, Cell]]
    tables: Sequence[Table]
    proof: Table
    notes: Sequence[str] = field(default_factory=tuple[str, ...])

    def content_sha256(self) -> str:
        """Of all but the stamp, so that two copies of one content are seen as such."""
        return sha256(orjson.dumps(self.as_json())).hexdigest()

    def as_json(self) -> Mapping[str, object]:
        return {
            "name": self.name,
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "about": dict(self.about),
            "notes": list(self.notes),
            "tables": [table_json(table) for table in self.tables],
            "proof": table_json(self.proof),
        }


def table_json(table: Table) -> Mapping[str, object]:
    return {
        "title_zh": table.title_zh,
        "title_en": table.title_en,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
    }


def fingerprint_of(content_sha256: str, export_id: str, recipient: str) -> str:
    """Another one for each copy, even of the same content for the same recipient."""
    text = orjson.dumps([content_sha256, export_id, recipient])
    return sha256(text).hexdigest()
