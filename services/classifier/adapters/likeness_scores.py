"""How alike texts are: the cosine of what the model sees of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np

from services.classifier.adapters.arrays import Doubles, Longs, Sparse
from services.classifier.adapters.features import Vocabulary
from services.classifier.domain.likeness import Matter
from services.classifier.domain.ranking import CERTAIN


def similarities(
    vocabulary: Vocabulary,
    new: Mapping[UUID, Matter],
    known: Mapping[UUID, Matter],
    pairs: Sequence[tuple[UUID, UUID]],
) -> Mapping[UUID, Sequence[tuple[Matter, int]]]:
    """For each later appeal its earlier ones with the likeness in basis points."""
    usable = [(later, earlier) for later, earlier in pairs if earlier in known and later in new]
    found: defaultdict[UUID, list[tuple[Matter, int]]] = defaultdict(list)
    if not usable:
        return found
    left = vocabulary.features([new[later].text for later, _ in usable])
    right = vocabulary.features([known[earlier].text for _, earlier in usable])
    cosines: list[float] = row_products(left, right, len(vocabulary.keys)).tolist()
    for (later, earlier), cosine in zip(usable, cosines, strict=True):
        found[later].append((known[earlier], basis_points(cosine)))
    return found


def row_products(left: Sparse, right: Sparse, width: int) -> Doubles:
    """Inner product of each row with the row of the same number; whole kernels would be squares."""
    one, other = places_of(left, width), places_of(right, width)
    _, here, there = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    products = left.data[here].astype(np.float64) * right.data[there]
    sums = np.bincount(one[here] // width, products, minlength=len(left.indptr) - 1)
    return sums.astype(np.float64)


def places_of(rows: Sparse, width: int) -> Longs:
    numbers = np.repeat(np.arange(len(rows.indptr) - 1), np.diff(rows.indptr))
    places: Longs = numbers.astype(np.int64) * width + rows.indices
    return places


def basis_points(cosine: float) -> int:
    return max(0, min(CERTAIN, round(cosine * CERTAIN)))
