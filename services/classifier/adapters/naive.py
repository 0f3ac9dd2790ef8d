"""Naive Bayes over the same features, added to the ridge's weights: at run time one product.

The ridge learns which n-grams tell neighbours apart, naive Bayes how often an item uses each;
their mistakes differ. It never sees a text twice, so it is not misled by a writer's habits.
"""

from typing import Final

import numpy as np

from services.classifier.adapters.arrays import Floats, Longs, Sparse, product, sparse

SMOOTHING: Final = np.float32(0.015)
# Times the mean size of the ridge's weights: from 1 to 3 the held-out sets differ by half a point.
SHARE: Final = 1.5


def blended(
    features: Sparse, labels: Longs, weights: Floats, held_out: Floats, folds: Longs
) -> tuple[Floats, Floats]:
    """Both models' weights, and both models' scores of the texts of each fold without that fold."""
    classes = weights.shape[1]
    sums = sums_of(features, labels, classes)
    odds = log_odds(sums)
    share = np.float32(SHARE * float(np.abs(weights).mean()) / float(np.abs(odds).mean()))
    scores = held_out.copy()
    for fold in range(int(folds.max(initial=-1)) + 1):
        rows = np.flatnonzero(folds == fold)
        rest = sums - sums_of(features[rows], labels[rows], classes)
        scores[rows] += share * product(features[rows], log_odds(rest))
    return (weights + share * odds).astype(np.float32, copy=False), scores


def sums_of(features: Sparse, labels: Longs, classes: int) -> Floats:
    """How much of each feature all texts of a class have together; a row a class."""
    ones = np.ones(len(labels), dtype=np.float32)
    starts = np.arange(len(labels) + 1, dtype=np.int32)
    members = sparse(ones, labels.astype(np.int32), starts, classes)
    total: Sparse = members.T @ features
    return total.toarray()


def log_odds(sums: Floats) -> Floats:
    """The logarithm of each feature's share in a class, against the mean class; a column a class.

    A sum less a part of it may fall below 0 by rounding.
    """
    smoothed = np.maximum(sums, np.float32(0)) + SMOOTHING
    odds = np.log(smoothed / smoothed.sum(axis=1, keepdims=True))
    odds -= odds.mean(axis=0)
    return np.ascontiguousarray(odds.T)
