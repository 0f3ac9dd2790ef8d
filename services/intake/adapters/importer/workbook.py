"""Sheets of a workbook, read in a process of its own whose memory and time are bounded.

A small file can name a cell in the last row and the last column, or one long text a million
times: what a parser makes of it can not be told beforehand, so it must not take intake with it.
"""

import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from services.intake.adapters.importer.refusal import FileRefusedError

READER: Final = "services.intake.adapters.importer.workbook_reader"
ROWS: Final = TypeAdapter(list[str])


@dataclass(frozen=True, slots=True)
class SheetStart:
    name: str
    rows: list[list[str]]


STARTS: Final = TypeAdapter(list[SheetStart])


def first_rows(path: Path, count: int) -> list[SheetStart]:
    """The first rows of every visible sheet."""
    with closing(run_reader("starts", str(count), str(path))) as lines:
        return STARTS.validate_json(b"".join(lines))


def read_sheet(path: Path, sheet: str) -> Iterator[list[str]]:
    for line in run_reader("rows", sheet, str(path)):
        yield ROWS.validate_json(line)


def run_reader(*arguments: str) -> Generator[bytes, None, None]:
    """Raises FileRefusedError when the reader ends in any way but well."""
    command = [sys.executable, "-m", READER, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            yield from process.stdout or ()
        except GeneratorExit:
            process.kill()
            raise
    if process.returncode != 0:
        raise FileRefusedError("unreadable")
