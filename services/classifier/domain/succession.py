"""From an item that a model learned to the item or items that stand for it today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Succession:
    """`version` is of the catalogue in force; without one, items stand for themselves."""

    version: str = ""
    successors: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    categories: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, item: str) -> Sequence[str]:
        """Several where the item was divided, so that only a person can tell which is meant."""
        return self.successors.get(item) or (item,)

    def is_clear(self, item: str) -> bool:
        """Whether exactly one item in force stands for it."""
        today = self.of(item)
        return len(today) == 1 and (not self.categories or today[0] in self.categories)

    def category_of(self, item: str, otherwise: str) -> str:
        return self.categories.get(item, otherwise)
