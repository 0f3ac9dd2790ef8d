"""Personal data in running text becomes typed, numbered marks such as 〔电话1〕."""

from services.intake.domain.masking.mask import Mark, Masked, mask, mask_numbers
from services.intake.domain.masking.persons import KnownPersons
from services.intake.domain.masking.spans import Kind

__all__ = ["Kind", "KnownPersons", "Mark", "Masked", "mask", "mask_numbers"]
