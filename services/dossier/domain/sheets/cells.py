"""Text that a spreadsheet can not take for a formula, whoever wrote it."""

from typing import Final, TypeAlias

Cell: TypeAlias = str | int | None
# What spreadsheets read as the start of a formula, with their full-width forms, and the white
# space and quotes that some of them skip before they look.
STARTERS: Final = frozenset("=+-@\t\r\n|%＝＋－＠｜％")
SKIPPED: Final = " '\"\u00a0\u3000\u200b\ufeff"
MARK: Final = "'"
MINUS_ALONE: Final = frozenset("-－—")


def harmless(text: str) -> str:
    """With an apostrophe before it where it could be run; a lone dash is a dash."""
    bare = text.lstrip(SKIPPED)
    if not bare or set(text) <= MINUS_ALONE:
        return text
    begins_badly = bare[0] in STARTERS or text[0] in STARTERS
    return MARK + text if begins_badly else text


def harmless_cell(cell: Cell) -> Cell:
    return harmless(cell) if isinstance(cell, str) else cell
