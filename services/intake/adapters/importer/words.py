"""The shipped table of what columns and values are called, read once by whoever imports a file."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

TABLE: Final = Path(__file__).with_name("headers.toml")
BRACKETED: Final = re.compile(r"[(\[【〔<].{0,40}?[)\]】〕>]")
NO_WORD: Final = re.compile(r"[\W_]+")


class WordTable(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    columns: dict[str, list[str]]
    words: dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Words:
    fields: dict[str, str]
    """Normalised header -> field."""
    values: dict[str, dict[str, str]]
    """Field -> normalised word -> the wire model's code."""
    field_names: tuple[str, ...]


@cache
def shipped_words() -> Words:
    table = WordTable.model_validate(tomllib.loads(TABLE.read_text(encoding="utf-8")))
    return Words(
        fields={normalise(word): name for name, words in table.columns.items() for word in words},
        values={
            name: {normalise(word): code for code, words in codes.items() for word in words}
            for name, codes in table.words.items()
        },
        field_names=tuple(table.columns),
    )


def normalise(word: str) -> str:
    """联系电话（必填）*, 联 系 电 话 and 联系电话 are one word."""
    folded = unicodedata.normalize("NFKC", word).lower()
    return NO_WORD.sub("", BRACKETED.sub("", folded)) or NO_WORD.sub("", folded)
