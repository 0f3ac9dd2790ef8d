"""The array types of the classifier, and the one place that calls SciPy, which has no types."""

from importlib import import_module
from typing import Any, Final, Protocol, TypeAlias, cast

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


class Sparse(Protocol):
    """What we use of `scipy.sparse.csr_array`: rows are texts, columns are features."""

    data: Floats
    indices: Ints
    indptr: Ints
    shape: tuple[int, int]

    @property
    def T(self) -> "Sparse": ...  # noqa: N802 - SciPy's name

    def __matmul__(self, other: Any, /) -> Any: ...  # noqa: ANN401 - sparse or dense

    def __getitem__(self, rows: Any, /) -> "Sparse": ...  # noqa: ANN401 - any row selection

    def toarray(self) -> Floats: ...

    def copy(self) -> "Sparse": ...

    def eliminate_zeros(self) -> None: ...


SPARSE: Final = import_module("scipy.sparse")
LINALG: Final = import_module("scipy.linalg")
GRAPH: Final = import_module("scipy.sparse.csgraph")


def sparse(data: Floats, indices: Ints, indptr: Ints, width: int) -> Sparse:
    rows = len(indptr) - 1
    return cast("Sparse", SPARSE.csr_array((data, indices, indptr), shape=(rows, width)))


def stacked(parts: list[Sparse]) -> Sparse:
    return cast("Sparse", SPARSE.vstack(parts, format="csr"))


def product(features: Sparse, weights: Floats) -> Floats:
    return cast("Floats", features @ weights)


def kernel(left: Sparse, right: Sparse) -> Sparse:
    """Inner products of all rows of both."""
    return cast("Sparse", (left @ right.T).tocsr())


def inverse_of_positive(matrix: Floats) -> Floats:
    """The inverse of a symmetric positive definite matrix; `matrix` is overwritten.

    Single precision halves time and memory; the penalty on the diagonal keeps it safe.
    """
    factor, _ = LINALG.lapack.spotrf(matrix, lower=1, overwrite_a=1)
    inverse, _ = LINALG.lapack.spotri(factor, lower=1, overwrite_c=1)
    lower = np.tril(cast("Floats", inverse))
    lower += np.tril(lower, -1).T
    return lower


def solved(matrix: Floats, right: Floats) -> Floats:
    return cast("Floats", LINALG.solve(matrix, right, assume_a="pos"))


def components(near: Sparse) -> Ints:
    """The number of each row's connected component."""
    return cast("Ints", GRAPH.connected_components(near, directed=False)[1])
