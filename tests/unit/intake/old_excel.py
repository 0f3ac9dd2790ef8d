"""A BIFF8 workbook in a compound file, as Excel 97 to 2003 wrote it: text cells only."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Final

SECTOR: Final = 512
END_OF_CHAIN: Final = 0xFFFFFFFE
FAT_SECTOR: Final = 0xFFFFFFFD
FREE: Final = 0xFFFFFFFF
NO_ENTRY: Final = 0xFFFFFFFF
SMALLEST_STREAM: Final = 4096
BOF, EOF, BOUNDSHEET, LABEL = 0x0809, 0x000A, 0x0085, 0x0204
GLOBALS, WORKSHEET = 0x0005, 0x0010


def write_xls(path: Path, *rows: Sequence[str]) -> Path:
    path.write_bytes(compound_file("Workbook", workbook_stream(rows)))
    return path


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def start(kind: int) -> bytes:
    return record(BOF, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def workbook_stream(rows: Sequence[Sequence[str]]) -> bytes:
    name = "Sheet1"
    head = start(GLOBALS)
    sheet_at = len(head) + 4 + 8 + len(name) + 4
    bound = struct.pack("<IBBBB", sheet_at, 0, 0, len(name), 0) + name.encode()
    cells = b"".join(
        record(LABEL, struct.pack("<HHHHB", y, x, 0, len(text), 1) + text.encode("utf-16-le"))
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
    )
    stream = head + record(BOUNDSHEET, bound) + record(EOF, b"")
    assert len(stream) == sheet_at
    stream += start(WORKSHEET) + cells + record(EOF, b"")
    return stream.ljust(SMALLEST_STREAM, b"\0")


def compound_file(name: str, stream: bytes) -> bytes:
    """Sector 0 the allocation table, sector 1 the directory, then the stream."""
    count = -(-len(stream) // SECTOR)
    chain = [*range(3, 2 + count), END_OF_CHAIN]
    table = [FAT_SECTOR, END_OF_CHAIN, *chain]
    fat = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    directory = (
        entry("Root Entry", kind=5, child=1, first=END_OF_CHAIN, size=0)
        + entry(name, kind=2, child=NO_ENTRY, first=2, size=len(stream))
        + bytes(256)
    )
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, SMALLEST_STREAM, END_OF_CHAIN, 0, END_OF_CHAIN, 0, 0),
    )
    header += struct.pack("<108I", *[FREE] * 108)
    return header + fat + directory + stream.ljust(count * SECTOR, b"\0")


def entry(name: str, *, kind: int, child: int, first: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, NO_ENTRY, NO_ENTRY, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )
