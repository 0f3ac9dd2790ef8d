"""A trained model as plain arrays and words: all that is stored, and nothing that can run."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from services.classifier.adapters.arrays import Floats
from services.classifier.adapters.calibration import Calibration
from services.classifier.adapters.features import Vocabulary
from services.classifier.domain.ranking import Thresholds

Metrics = dict[str, int | float | str | None]


@dataclass(frozen=True)
class Model:
    """`quantised` holds the weights as 8-bit steps of each feature's own `steps`.

    Columns: the items in catalogue order, then none of these, then urgency.
    """

    items: tuple[str, ...]
    categories: tuple[str, ...]
    catalogue_version: str
    inputs_sha256: str
    vocabulary: Vocabulary
    quantised: npt.NDArray[np.int8]
    steps: Floats
    calibration: Calibration
    thresholds: Thresholds
    metrics: Metrics

    @cached_property
    def weights(self) -> Floats:
        return self.quantised.astype(np.float32) * self.steps[:, None]

    @property
    def version(self) -> str:
        """Short and stable: the same inputs give the same version."""
        return f"{self.catalogue_version}-{self.inputs_sha256[:12]}"


def quantised(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Weights as whole steps from -127 to 127, and the step of each feature."""
    steps = (np.abs(weights).max(axis=1) / 127).astype(np.float32)
    steps[steps == 0] = 1
    return np.rint(weights / steps[:, None]).astype(np.int8), steps
