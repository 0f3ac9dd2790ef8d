"""CSV as it is found: UTF-8 or GB18030, by comma, semicolon or tab, cells with line breaks."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.intake.adapters.importer.refusal import FileRefusedError

UTF_8: Final = "utf-8-sig"
GB18030: Final = "gb18030"
UTF_16: Final = "utf-16"
CHUNK: Final = 1024 * 1024
SAMPLE: Final = 200_000
# Of the signs that Chinese text is written in, nearly all are among the 3,755 of GB 2312's first
# level; other encodings read as GB18030 give rare signs.
FIRST_LEVEL_LAST_ROW: Final = 0xD7
FEWEST_COMMON: Final = 0.7
UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SEPARATORS: Final = (",", "\t", ";", "|")


def detect_encoding(path: Path) -> str:
    """By the bytes, whatever the file's mark or its sender declares; every byte is decoded."""
    if start_of(path).startswith(UTF_16_MARKS) and decodes(path, UTF_16):
        return UTF_16
    if decodes(path, UTF_8):
        return UTF_8
    if decodes(path, GB18030) and reads_as_chinese(path):
        return GB18030
    raise FileRefusedError("encoding")


def start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def text_offset(path: Path, encoding: str) -> int:
    """A UTF-8 mark before GB18030 bytes says something wrong and is no text."""
    declared_wrongly = encoding == GB18030 and start_of(path).startswith(codecs.BOM_UTF8)
    return len(codecs.BOM_UTF8) if declared_wrongly else 0


def decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            file.seek(text_offset(path, encoding))
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def reads_as_chinese(path: Path) -> bool:
    with path.open(encoding=GB18030, newline="") as file:
        file.seek(text_offset(path, GB18030))
        sample = file.read(SAMPLE)
    foreign = [sign for sign in sample if not sign.isascii()]
    common = sum(is_common(sign) for sign in foreign)
    return common >= FEWEST_COMMON * len(foreign)


def is_common(sign: str) -> bool:
    """Of GB 2312's first level, or one of its signs and full-width letters."""
    try:
        return sign.encode("gb2312")[0] <= FIRST_LEVEL_LAST_ROW
    except UnicodeEncodeError:
        return False


def read_records(path: Path, encoding: str, separator: str) -> Iterator[list[str] | None]:
    """One record each, line breaks inside quotes kept; None for one that can not be read.

    An unclosed quote swallows what follows up to the csv module's own limit of 131,072 signs.
    """
    with path.open(encoding=encoding, newline="") as file:
        file.seek(text_offset(path, encoding))
        reader = csv.reader(file, delimiter=separator)
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield None
