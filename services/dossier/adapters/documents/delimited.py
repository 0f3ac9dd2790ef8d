"""A document as CSV: one file, a table below the other, readable by Excel as UTF-8."""

import csv
from io import StringIO
from typing import Final

from services.dossier.adapters.documents.workbook import about_table
from services.dossier.domain.sheets.cells import Cell, harmless_cell
from services.dossier.domain.sheets.sheet import Document, Stamp

# Excel takes a file without it for GBK.
BYTE_ORDER_MARK: Final = "\ufeff"


def csv_of(document: Document, stamp: Stamp) -> bytes:
    file = StringIO(newline="")
    writer = csv.writer(file)
    for table in (*document.tables, document.proof, about_table(document, stamp)):
        writer.writerow([f"{table.title_zh} {table.title_en}", stamp.short])
        writer.writerow([written(name) for name in table.columns])
        writer.writerows([written(cell) for cell in row] for row in table.rows)
        writer.writerow([])
    return (BYTE_ORDER_MARK + file.getvalue()).encode()


def written(cell: Cell) -> str | int:
    """NUL is no character of a text file."""
    safe = harmless_cell(cell)
    return "" if safe is None else safe.replace("\0", "") if isinstance(safe, str) else safe
