"""Cross-validation folds that keep near-duplicates together and labels spread."""

from collections import defaultdict
from typing import Final

import numpy as np

from services.classifier.adapters.arrays import Longs, Sparse, components

FOLDS: Final = 5
NEAR: Final = 0.6


def near_duplicates(similarity: Sparse) -> Longs:
    """Texts with a cosine above NEAR, directly or through others, share a number."""
    near = similarity.copy()
    near.data = (near.data >= NEAR).astype(np.float32)
    near.eliminate_zeros()
    return components(near).astype(np.int64)


def folds_of(labels: Longs, groups: Longs) -> Longs:
    """The fold of each text: each group goes where its label is rarest so far."""
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups.tolist()):
        members[group].append(place)
    folds = np.zeros(len(labels), dtype=np.int64)
    counts = np.zeros((int(labels.max()) + 1, FOLDS), dtype=np.int64)
    totals = np.zeros(FOLDS, dtype=np.int64)
    for places in members.values():
        label = int(labels[places[0]])
        fold = int(np.lexsort((totals, counts[label]))[0])
        folds[places] = fold
        counts[:, fold] += np.bincount(labels[places], minlength=len(counts))
        totals[fold] += len(places)
    return folds
