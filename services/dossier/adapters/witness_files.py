"""Checkpoints as files, for a witness outside: what stands there is never written over."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

NAME: Final = "checkpoint-{number:09d}.txt"
PATTERN: Final = "checkpoint-*.txt"


def write_notes(folder: Path, notes: Iterable[tuple[int, str]]) -> int:
    """How many were new. A restored database must not replace what it has forgotten."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for number, note in notes:
        path = folder / NAME.format(number=number)
        if not path.exists():
            new = path.with_suffix(".new")
            new.write_text(note, encoding="utf-8")
            new.replace(path)
            written += 1
    return written


def read_notes(folder: Path) -> list[tuple[str, str]]:
    """(file name, text) of every copy. Raises OSError; what is no UTF-8 comes with marks."""
    paths = sorted(folder.glob(PATTERN))
    return [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in paths]
