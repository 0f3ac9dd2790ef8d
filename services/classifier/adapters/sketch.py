"""Keys under which an appeal can be found again by its firm, its place and item, and its text."""

import hashlib
from collections.abc import Iterator
from typing import Final

import numpy as np

from services.classifier.adapters.ngrams import ngrams
from services.classifier.domain.likeness import Matter

# MinHash: four bands of two; texts of Jaccard 0.5 share a band 68 times of 100, of 0.7 93 times.
BANDS: Final = 4
ROWS: Final = 2
SEED: Final = 20_260_301
MULTIPLIERS: Final = np.random.default_rng(SEED).integers(1, 2**63, BANDS * ROWS, dtype=np.uint64)
ODD: Final = MULTIPLIERS | np.uint64(1)
FEWEST: Final = 8


def keys_of(matter: Matter) -> list[int]:
    """Signed 64-bit keys; none of a text that says too little, and of no known place or firm."""
    return [hashed(name) for name in names_of(matter)]


def names_of(matter: Matter) -> Iterator[str]:
    if matter.enterprise_id is not None:
        yield f"firm/{matter.enterprise_id}"
    if matter.sub_district is None:
        return
    cell = f"{matter.sub_district}/{matter.item}"
    yield f"cell/{cell}"
    for band, value in enumerate(bands_of(matter.text)):
        yield f"text/{cell}/{band}/{value}"


def bands_of(text: str) -> list[str]:
    """The same for the same set of n-grams, in whatever order they stand."""
    grams = np.unique(ngrams([text]).keys).astype(np.uint64)
    if len(grams) < FEWEST:
        return []
    least = ((grams[:, None] * ODD[None, :]) >> np.uint64(16)).min(axis=0)
    pairs: list[list[int]] = least.reshape(BANDS, ROWS).tolist()
    return ["-".join(map(str, pair)) for pair in pairs]


def hashed(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
