"""A document as XLSX: text is written as text, never as a formula or a link."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.dossier.domain.sheets.cells import Cell, harmless
from services.dossier.domain.sheets.sheet import Document, Stamp, Table

LONGEST_CELL: Final = 32_000  # the format ends at 32,767 characters
LONGEST_NAME: Final = 31
CUT: Final = "……（已截断，全文见 CSV 或 JSON / cut short: whole in CSV and JSON）"
UNFIT_FOR_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
SAFE: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
NARROWEST: Final = 8
WIDEST: Final = 60
SAMPLED: Final = 200


def workbook_of(document: Document, stamp: Stamp) -> bytes:
    """One sheet a table, the stamp above each and in each footer."""
    file = BytesIO()
    workbook = Workbook(file, SAFE)
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = workbook.add_format({"text_wrap": True, "valign": "top"})
    names: set[str] = set()
    for table in (about_table(document, stamp), *document.tables, document.proof):
        sheet = workbook.add_worksheet(sheet_name(table.title_zh, names))
        write_table(sheet, table, stamp, (bold, plain))
    workbook.close()
    return file.getvalue()


def about_table(document: Document, stamp: Stamp) -> Table:
    rows: list[Sequence[Cell]] = [
        (document.title_zh, document.title_en),
        *document.about,
        *stamp_rows(stamp),
        ("内容哈希 content sha256", document.content_sha256()),
        *(("说明 note", note) for note in document.notes),
    ]
    return Table(title_zh="说明", title_en="About", columns=("项目 what", "内容 value"), rows=rows)


def stamp_rows(stamp: Stamp) -> tuple[tuple[str, str], ...]:
    return (
        ("指纹 fingerprint", stamp.fingerprint),
        ("接收人 recipient", stamp.recipient),
        ("用途 purpose", stamp.purpose),
        ("导出时间 made at", stamp.made_at),
        ("导出编号 export", stamp.export_id),
    )


def stamp_line(stamp: Stamp) -> str:
    return (
        f"指纹 {stamp.short} · {stamp.recipient} · {stamp.purpose} · {stamp.made_at} · "
        "请勿转发，泄露可追溯 / do not pass on: each copy can be traced"
    )


def write_table(
    sheet: Worksheet, table: Table, stamp: Stamp, formats: tuple[Format, Format]
) -> None:
    bold, plain = formats
    sheet.write_string(0, 0, fitting(stamp_line(stamp)))
    # An ampersand begins a code in a footer.
    sheet.set_footer(f"&L{stamp.short}&R&P / &N")
    for column, name in enumerate(table.columns):
        sheet.write_string(1, column, fitting(name), bold)
        sheet.set_column(column, column, width_of(table, column))
    sheet.freeze_panes(2, 0)
    for number, row in enumerate(table.rows, start=2):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell, plain)
            elif cell is not None:
                sheet.write_string(number, column, fitting(cell), plain)


def fitting(text: str) -> str:
    safe = harmless(text)
    return safe if len(safe) <= LONGEST_CELL else safe[:LONGEST_CELL] + CUT


def width_of(table: Table, column: int) -> int:
    cells = [table.columns[column], *(row[column] for row in table.rows[:SAMPLED])]
    # A Chinese character takes the room of two Latin ones.
    widths = [len(text.encode("gb18030")) for text in map(str, cells)]
    return min(WIDEST, max(NARROWEST, *widths) + 2)


def sheet_name(title: str, taken: set[str]) -> str:
    base = title.translate(UNFIT_FOR_NAMES).strip()[:LONGEST_NAME] or "表"
    name, number = base, 2
    while name.casefold() in taken:
        suffix = f" {number}"
        name, number = base[: LONGEST_NAME - len(suffix)] + suffix, number + 1
    taken.add(name.casefold())
    return name
