"""From texts to weighted, normalised n-gram features of a fixed vocabulary."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.classifier.adapters.arrays import Floats, Ints, Longs, Sparse, sparse
from services.classifier.adapters.ngrams import Grams, length_of, ngrams

TABLE_BITS: Final = 21
SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
ORDER_WEIGHTS: Final = (0.0, 0.8, 1.0, 0.7)


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams that count, ascending by key, each with its weight."""

    keys: Longs
    weights: Floats

    @cached_property
    def table(self) -> Ints:
        """Open addressing with linear probing: lookups touch one line of memory, mostly."""
        table = np.full(1 << TABLE_BITS, -1, dtype=np.int32)
        waiting = np.arange(len(self.keys), dtype=np.int32)
        slots = slots_of(self.keys)
        while len(waiting):
            free = table[slots] < 0
            # The first of several that want one free slot gets it; the others try the next.
            _, first = np.unique(np.where(free, slots, -1), return_index=True)
            first = first[free[first]]
            table[slots[first]] = waiting[first]
            left = np.ones(len(waiting), dtype=np.bool_)
            left[first] = False
            waiting, slots = waiting[left], next_slots(slots[left])
        return table

    def find(self, keys: Longs) -> Ints:
        """The number of each key, -1 for a key that is not in the vocabulary."""
        slots = slots_of(keys)
        found = self.table[slots]
        wrong = np.flatnonzero((found >= 0) & (self.keys[found] != keys))
        while len(wrong):
            slots[wrong] = next_slots(slots[wrong])
            found[wrong] = self.table[slots[wrong]]
            here = found[wrong]
            wrong = wrong[(here >= 0) & (self.keys[here] != keys[wrong])]
        return found

    def features(self, texts: Sequence[str]) -> Sparse:
        """Rows of Euclidean length 1, or 0 where nothing of the text is known."""
        return self.weighted(ngrams(texts), len(texts))

    def weighted(self, grams: Grams, rows: int) -> Sparse:
        width = len(self.keys)
        found = self.find(grams.keys)
        known = found >= 0
        places, counts = np.unique(grams.rows[known] * width + found[known], return_counts=True)
        row_of, indices = np.divmod(places, width)
        data = (1.0 + np.log(counts)).astype(np.float32) * self.weights[indices]
        squares = np.bincount(row_of, data * data, minlength=rows)
        lengths = np.sqrt(np.where(squares > 0, squares, 1.0)).astype(np.float32)
        starts = np.searchsorted(row_of, np.arange(rows + 1)).astype(np.int32)
        return sparse(data / lengths[row_of], indices.astype(np.int32), starts, width)


def slots_of(keys: Longs) -> Longs:
    spread = keys.astype(np.uint64) * SPREAD
    return (spread >> np.uint64(64 - TABLE_BITS)).astype(np.int64)


def next_slots(slots: Longs) -> Longs:
    return (slots + 1) & ((1 << TABLE_BITS) - 1)


def vocabulary_of(texts: Sequence[str], rarest: tuple[int, int, int, int]) -> Vocabulary:
    """The n-grams of the texts that occur in at least `rarest[length]` of them.

    Weight: inverse document frequency, smoothed, times a weight for the length.
    """
    grams = ngrams(texts)
    pairs = np.unique(np.stack([grams.keys, grams.rows]), axis=1)
    keys, frequency = np.unique(pairs[0], return_counts=True)
    lengths = length_of(keys)
    kept = frequency >= np.array(rarest)[lengths]
    inverse = np.log((1 + len(texts)) / (1 + frequency[kept])) + 1
    weights = inverse * np.array(ORDER_WEIGHTS)[lengths[kept]]
    return Vocabulary(keys=keys[kept], weights=weights.astype(np.float32))
