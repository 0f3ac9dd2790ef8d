"""Kernel ridge regression to one score a class, with exact held-out scores of every fold.

One inverse answers the fit and all folds: without fold G the residuals on G are
inv(A)[G, G]^-1 (inv(A) Y)[G], where A is the kernel plus the penalty.
"""

import numpy as np

from services.classifier.adapters.arrays import (
    Floats,
    Longs,
    Sparse,
    inverse_of_positive,
    solved,
)


def targets(labels: Longs, classes: int) -> Floats:
    """1 for a text's own class, and what makes each row sum to 0 for the others."""
    wanted = np.full((len(labels), classes), -1.0 / (classes - 1), dtype=np.float32)
    wanted[np.arange(len(labels)), labels] = 1.0
    return wanted


def fitted(
    similarity: Sparse, penalty: float, wanted: Floats, folds: Longs
) -> tuple[Floats, Floats]:
    """Dual weights, and the held-out scores of the rows whose fold is not negative."""
    matrix = similarity.toarray().astype(np.float32, order="F")
    matrix[np.diag_indices_from(matrix)] += np.float32(penalty)
    inverse = inverse_of_positive(matrix)
    dual = inverse @ wanted
    held_out = np.zeros_like(wanted)
    for fold in range(int(folds.max(initial=-1)) + 1):
        rows = np.flatnonzero(folds == fold)
        block = inverse[np.ix_(rows, rows)]
        held_out[rows] = wanted[rows] - solved(block, dual[rows])
    return dual, held_out


def primal(features: Sparse, dual: Floats) -> Floats:
    """Weights of the features: what each row brings, times its dual weight."""
    weights: Floats = features.T @ dual
    return weights
