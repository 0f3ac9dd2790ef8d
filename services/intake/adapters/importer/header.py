"""Which row names the columns, and which column holds which field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.intake.adapters.importer.refusal import FileRefusedError
from services.intake.adapters.importer.words import Words, normalise

SEARCHED_ROWS: Final = 10
# One word may stand in a title above the table; two in one row are a header.
FEWEST_RECOGNISED: Final = 2


@dataclass(frozen=True, slots=True)
class Header:
    rows: int
    """How many rows stand above the first row of data."""
    names: tuple[str, ...]
    columns: dict[str, int]
    """Field -> index of its column."""

    @property
    def unmapped(self) -> tuple[str, ...]:
        used = set(self.columns.values())
        return tuple(name for index, name in enumerate(self.names) if name and index not in used)


def find_header(
    rows: Sequence[Sequence[str]], wanted: Mapping[str, str], words: Words
) -> Header | None:
    """The row that names most fields; the upper one of equals, one row before two."""
    candidates = [
        Header(index + height, names, recognise(names, wanted, words))
        for height in (1, 2)
        for index in range(min(len(rows), SEARCHED_ROWS) - height + 1)
        if (names := names_of(rows[index : index + height]))
    ]
    best = max(candidates, key=lambda header: len(header.columns), default=None)
    if best is None or len(best.columns) < min(FEWEST_RECOGNISED, len(wanted) or 2):
        return None
    return best


def names_of(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Of two rows the lower names a column; where it is blank the upper one spans both."""
    width = max(len(row) for row in rows)
    names = [""] * width
    for row in rows:
        if not any(cell.strip() for cell in row):
            return ()
        for index, cell in enumerate(row):
            names[index] = cell.strip() or names[index]
    return tuple(names)


def recognise(names: Sequence[str], wanted: Mapping[str, str], words: Words) -> dict[str, int]:
    """`wanted` (field -> header, or #3 for the third column) goes before the shipped words."""
    columns: dict[str, int] = {}
    for field, header in wanted.items():
        index = find_column(names, header)
        if index is not None:
            columns[field] = index
    for index, name in enumerate(names):
        field = words.fields.get(normalise(name), "") if name else ""
        if field and field not in columns and field not in wanted:
            columns[field] = index
    # A column that --map gives to one field is not given to another by its name.
    taken = {columns[field] for field in wanted if field in columns}
    return {
        field: index for field, index in columns.items() if field in wanted or index not in taken
    }


def find_column(names: Sequence[str], header: str) -> int | None:
    if header.startswith("#") and header[1:].isascii() and header[1:].isdigit():
        index = int(header[1:]) - 1
        return index if 0 <= index < len(names) else None
    if header.strip() in names:
        return names.index(header.strip())
    normalised = [normalise(name) if name else "" for name in names]
    wanted = normalise(header)
    return normalised.index(wanted) if wanted and wanted in normalised else None


def check_wanted(wanted: Mapping[str, str], header: Header | None, words: Words) -> None:
    """Raises FileRefusedError for a field that does not exist or a header that is not there."""
    for field in wanted:
        if field not in words.field_names:
            raise FileRefusedError("unknown_field", f"{field} ({', '.join(words.field_names)})")
    if header is not None:
        for field, name in wanted.items():
            if field not in header.columns:
                raise FileRefusedError("unknown_header", name)
