"""Character n-grams of many texts at once, as exact 63-bit keys (three code points of 21 bits).

No hash: two n-grams never share a key, and a key can be read back as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from services.classifier.adapters.arrays import Ints, Longs
from services.classifier.domain.text import SEPARATOR, fold, meaningful

LONGEST: Final = 3
BITS: Final = 21
PLANE: Final = 0x10000
DIGIT: Final = ord("0")
SURROGATES: Final = range(0xD800, 0xE000)


@dataclass(frozen=True)
class Grams:
    """One entry for each n-gram found: its key and the row of its text."""

    keys: Longs
    rows: Longs


@lru_cache(maxsize=1)
def spelling() -> Ints:
    """For each code point of the first plane its folded code point, 0 for a separator."""
    folded = [
        ord(SEPARATOR) if code in SURROGATES else ord(fold(chr(code))) for code in range(PLANE)
    ]
    return np.array([code if code < PLANE else 0 for code in folded], dtype=np.int32)


def folded(texts: Sequence[str]) -> tuple[Longs, Longs]:
    """All characters that count, and the row of each; texts are divided by separators."""
    cleaned = [meaningful(text) for text in texts]
    joined = SEPARATOR.join(cleaned)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    characters = spelling()[np.where(codes < PLANE, codes, 0)].astype(np.int64)
    lengths = np.fromiter((len(text) + 1 for text in cleaned), np.int64, len(cleaned))
    rows = np.repeat(np.arange(len(cleaned), dtype=np.int64), lengths)[: len(characters)]
    return without_repeats(characters, rows)


def without_repeats(characters: Longs, rows: Longs) -> tuple[Longs, Longs]:
    """Runs of digits or separators say no more than one of them."""
    if len(characters) == 0:
        return characters, rows
    again = (characters[1:] == characters[:-1]) & (rows[1:] == rows[:-1])
    keep = np.ones(len(characters), dtype=np.bool_)
    keep[1:] = ~(again & ((characters[1:] == 0) | (characters[1:] == DIGIT)))
    return characters[keep], rows[keep]


def ngrams(texts: Sequence[str]) -> Grams:
    characters, rows = folded(texts)
    keys: list[Longs] = []
    places: list[Longs] = []
    window = characters
    whole = characters != 0
    for order in range(1, LONGEST + 1):
        if order > 1:
            whole = whole[:-1] & (characters[order - 1 :] != 0)
            window = (window[:-1] << BITS) | characters[order - 1 :]
        keys.append(window[whole])
        places.append(rows[: len(whole)][whole])
    return Grams(keys=np.concatenate(keys), rows=np.concatenate(places))


def spelled(key: int) -> str:
    """The text of a key."""
    mask = (1 << BITS) - 1
    codes = (key >> 2 * BITS, key >> BITS & mask, key & mask)
    return "".join(chr(code) for code in codes if code)


def length_of(keys: Longs) -> Longs:
    return 1 + (keys >> BITS > 0).astype(np.int64) + (keys >> 2 * BITS > 0).astype(np.int64)
