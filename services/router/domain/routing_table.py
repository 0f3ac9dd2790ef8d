"""Item and sub-district to exactly one lead department: total, so that nothing is without owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from libs.common.errors import PoisonError
from libs.common.ids import DepartmentCode, ItemCode

# In the catalogue this stands for the sub-district office of wherever the appeal comes from.
SUB_DISTRICT_OFFICE: Final = DepartmentCode("jd")


@dataclass(frozen=True, slots=True)
class ItemOwners:
    """What the catalogue says of one item."""

    category: str
    lead: DepartmentCode
    co_handlers: tuple[DepartmentCode, ...]


@dataclass(frozen=True, slots=True)
class Route:
    lead: DepartmentCode
    co_handlers: tuple[DepartmentCode, ...]
    rule_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingTable:
    """`fallback` leads where the office of an unnamed sub-district would (区政府兜底)."""

    version: str
    catalogue_version: str
    items: Mapping[ItemCode, ItemOwners]
    sub_districts: frozenset[str]
    departments: frozenset[str]
    fallback: DepartmentCode

    def route(self, item: ItemCode, sub_district: str | None) -> Route:
        """Raises PoisonError for an item that this catalogue does not have."""
        owners = self.items.get(item)
        if owners is None:
            raise PoisonError("unknown_item", f"item {item} is not in {self.catalogue_version}")
        lead, rule_id = self.resolve(owners.lead, sub_district), f"{item}/lead"
        if owners.lead == SUB_DISTRICT_OFFICE:
            rule_id = f"{item}/sub-district-office/{sub_district or 'unnamed'}"
        others = [self.resolve(code, sub_district) for code in owners.co_handlers]
        co_handlers = tuple(dict.fromkeys(code for code in others if code != lead))
        return Route(lead, co_handlers, rule_id)

    def resolve(self, code: DepartmentCode, sub_district: str | None) -> DepartmentCode:
        if code != SUB_DISTRICT_OFFICE:
            return code
        if sub_district in self.sub_districts:
            return DepartmentCode(f"{SUB_DISTRICT_OFFICE}-{sub_district}")
        return self.fallback
