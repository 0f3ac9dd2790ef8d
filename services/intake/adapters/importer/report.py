"""The rows that were not taken in, as a CSV that Excel opens: where and why, never what."""

import csv
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from services.intake.adapters.importer.plan import ImportPlan
from services.intake.adapters.importer.rows import FIELDS
from services.intake.domain.problems import Problem

COLUMNS: Final = ("row", "column", "code", "reason_zh", "reason_en")
# A cell that begins so is run by a spreadsheet program; an apostrophe makes it text.
RUN_BY_SHEETS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class ReportWriter:
    """UTF-8 with a mark, so that Excel shows Chinese; `written` counts the lines of reasons."""

    def __init__(self, path: Path, plan: ImportPlan) -> None:
        self.plan = plan
        self.written = 0
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.lines = csv.writer(self.file)
        self.lines.writerow(COLUMNS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()

    def add(self, row_number: int, problems: tuple[Problem, ...]) -> None:
        for found in problems:
            column = self.plan.column_of(FIELDS.get(found.field, found.field))
            line = (column, found.code, found.message_zh, found.message_en)
            self.lines.writerow((row_number, *(safe_cell(text) for text in line)))
            self.written += 1


def safe_cell(text: str) -> str:
    return f"'{text}" if text.startswith(RUN_BY_SHEETS) else text
