"""Whether an XLSX or ODS file may be opened: what it unpacks to is counted before it is parsed."""

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final

from services.intake.adapters.importer.refusal import FileRefusedError

MOST_BYTES: Final = 200 * 1024 * 1024
HIGHEST_RATIO: Final = 100
# A small entry of one repeated sign packs far below 1:100 and harms nobody.
RATIO_COUNTS_FROM: Final = 1024 * 1024
MOST_ENTRIES: Final = 5_000
ARCHIVE_NAME: Final = re.compile(
    r"\.(?:zip|xlsx|xlsm|xlsb|ods|docx|pptx|gz|bz2|xz|7z|rar|tar)$", re.IGNORECASE
)
CHUNK: Final = 1024 * 1024
LOCAL_HEADER_LENGTH: Final = 30
LOCAL_HEADER_MAGIC: Final = b"PK\x03\x04"
STORED: Final = 0
DEFLATED: Final = 8


def check_archive(path: Path) -> frozenset[str]:
    """The names of the entries. Raises FileRefusedError for a bomb or a broken archive."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            entries = archive.infolist()
            check_declared(entries, path.stat().st_size)
            total = 0
            for entry in entries:
                total += unpacked_size(raw, entry, MOST_BYTES - total)
            return frozenset(entry.filename for entry in entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise FileRefusedError("unreadable") from error


def check_declared(entries: list[zipfile.ZipInfo], size: int) -> None:
    """By the directory alone; entries that share their bytes add up to more than the file."""
    too_much = sum(entry.file_size for entry in entries) > MOST_BYTES
    overlapping = sum(entry.compress_size for entry in entries) > size
    nested = any(ARCHIVE_NAME.search(entry.filename) for entry in entries)
    dense = any(
        entry.file_size > max(RATIO_COUNTS_FROM, HIGHEST_RATIO * entry.compress_size)
        for entry in entries
    )
    if too_much or overlapping or nested or dense or len(entries) > MOST_ENTRIES:
        raise FileRefusedError("bomb")


def unpacked_size(raw: IO[bytes], entry: zipfile.ZipInfo, allowed: int) -> int:
    """Counted by unpacking: a directory can lie, and the parser does not believe it either."""
    if entry.compress_type not in {STORED, DEFLATED} or entry.flag_bits & 1:
        raise FileRefusedError("unreadable")
    raw.seek(entry.header_offset)
    header = raw.read(LOCAL_HEADER_LENGTH)
    if len(header) < LOCAL_HEADER_LENGTH or not header.startswith(LOCAL_HEADER_MAGIC):
        raise FileRefusedError("unreadable")
    raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if entry.compress_type == STORED:
        return entry.compress_size
    return inflated_size(raw, entry.compress_size, min(allowed, entry.file_size))


def inflated_size(raw: IO[bytes], packed: int, allowed: int) -> int:
    """Raises FileRefusedError as soon as more than `allowed` bytes have come out."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    while packed > 0 and not inflater.eof:
        chunk = raw.read(min(packed, CHUNK))
        if not chunk:
            raise FileRefusedError("unreadable")
        packed -= len(chunk)
        while chunk:
            size += len(inflater.decompress(chunk, CHUNK))
            if size > allowed:
                raise FileRefusedError("bomb")
            chunk = inflater.unconsumed_tail
    return size
