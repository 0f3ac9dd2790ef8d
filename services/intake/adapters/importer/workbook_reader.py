"""The bounded process: prints a workbook's cells as JSON lines. No formula is evaluated."""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MOST_MEMORY: Final = 2 * 1024**3
MOST_CPU_SECONDS: Final = 120
Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
# Excel keeps 15 digits of a number: an 18-digit code has lost its end for ever.
EXACT_BELOW: Final = 10**15


def main(arguments: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    action, which, path = arguments
    with Path(path).open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
        if action == "rows":
            for row in cells(workbook.get_sheet_by_name(which)):
                print_line(row)
        else:
            starts = [
                {
                    "name": name,
                    "rows": list(islice(cells(workbook.get_sheet_by_name(name)), int(which))),
                }
                for name in visible_sheets(workbook)
            ]
            print_line(starts)
    return 0


def visible_sheets(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def cells(sheet: CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [as_text(cell) for cell in row]


def as_text(cell: Cell) -> str:
    """Times as ISO 8601; a number beyond Excel's precision keeps an E, which no code has."""
    match cell:
        case bool() | str():
            return str(cell)
        case float() if cell.is_integer() and abs(cell) < EXACT_BELOW:
            return str(int(cell))
        case float():
            return f"{cell:.15E}" if abs(cell) >= EXACT_BELOW else repr(cell)
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def print_line(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
