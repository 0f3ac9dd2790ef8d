"""One file as rows of text, whatever its format, its name's ending, encoding or separator."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, Literal, TypeAlias

from services.intake.adapters.importer.archive import check_archive
from services.intake.adapters.importer.delimited import SEPARATORS, detect_encoding, read_records
from services.intake.adapters.importer.refusal import FileRefusedError
from services.intake.adapters.importer.workbook import first_rows, read_sheet

Format: TypeAlias = Literal["csv", "xlsx", "xls", "ods"]
Rows: TypeAlias = Sequence[Sequence[str]]
# How well the first rows of a sheet, or of one separator, name the columns.
Score: TypeAlias = Callable[[Rows], int]

ENDINGS: Final[dict[Format, frozenset[str]]] = {
    "csv": frozenset({".csv", ".txt", ".tsv"}),
    "xlsx": frozenset({".xlsx", ".xlsm"}),
    "xls": frozenset({".xls"}),
    "ods": frozenset({".ods"}),
}
ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What is often saved under .xls or .csv and is no table: web pages, XML, PDF, pictures, archives.
FOREIGN: Final = (
    b"<",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
)
START: Final = 4096
LOOKED_AT: Final = 12


@dataclass(frozen=True, slots=True)
class Table:
    path: Path
    format: Format
    encoding: str | None
    separator: str | None
    sheet: str | None
    start: Rows = field(repr=False)
    """The first rows, among which the header stands."""

    @property
    def ending_fits(self) -> bool:
        return self.path.suffix.lower() in ENDINGS[self.format]

    def records(self) -> Iterator[list[str] | None]:
        """None stands for a record that can not be read."""
        if self.encoding is not None and self.separator is not None:
            yield from read_records(self.path, self.encoding, self.separator)
        elif self.sheet is not None:
            yield from read_sheet(self.path, self.sheet)


def open_table(path: Path, score: Score) -> Table:
    """By content, not by name. Raises FileRefusedError for what is no table."""
    file_format = detect_format(path)
    if file_format != "csv":
        starts = first_rows(path, LOOKED_AT)
        if not starts:
            raise FileRefusedError("empty_file")
        best = max(starts, key=lambda start: (score(start.rows), bool(start.rows)))
        return Table(path, file_format, None, None, best.name, best.rows)
    encoding = detect_encoding(path)
    tables = [
        Table(path, "csv", encoding, separator, None, start_of(path, encoding, separator))
        for separator in SEPARATORS
    ]
    return max(tables, key=lambda table: score(table.start))


def start_of(path: Path, encoding: str, separator: str) -> list[list[str]]:
    records = islice(read_records(path, encoding, separator), LOOKED_AT)
    return [record or [] for record in records]


def detect_format(path: Path) -> Format:
    with path.open("rb") as file:
        start = file.read(START)
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileRefusedError("empty_file")
    if start.startswith(OLE):
        return "xls"
    if start.startswith(ZIP):
        return archive_format(check_archive(path))
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(FOREIGN):
        raise FileRefusedError("not_a_table")
    return "csv"


def archive_format(names: frozenset[str]) -> Format:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise FileRefusedError("not_a_table")
