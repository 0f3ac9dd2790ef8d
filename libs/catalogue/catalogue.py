from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final, TypeVar

from libs.catalogue.changes import ItemChange
from libs.catalogue.errors import SubDistrictNeededError, UnknownCodeError
from libs.catalogue.items import SUBDISTRICT_OFFICE, Category, Department, Item, ItemList
from libs.catalogue.org import SUPERVISION_OFFICE, Addressee, Organisation, SubDistrict, Unit
from libs.common.ids import DepartmentCode, ItemCode

T = TypeVar("T")

POSTS: Final = {
    "handler": ("经办人", "handler"),
    "liaison_officer": ("挂点干部", "liaison officer"),
    "deputy_in_charge": ("分管领导", "deputy in charge"),
}


@dataclass(frozen=True, slots=True)
class Post:
    """Who is told: a unit and the title of the post in it."""

    unit: DepartmentCode
    title_zh: str
    title_en: str


@dataclass(frozen=True)
class Catalogue:
    """One version in force. Look-ups by code raise UnknownCodeError."""

    effective_from: date
    sha256: str
    org_sha256: str
    listed: ItemList
    organisation: Organisation
    successors: Mapping[ItemCode, tuple[ItemCode, ...]] = field(
        default_factory=dict[ItemCode, tuple[ItemCode, ...]]
    )

    changes: tuple[ItemChange, ...] = ()

    def with_history(
        self, successors: Mapping[ItemCode, tuple[ItemCode, ...]], changes: tuple[ItemChange, ...]
    ) -> "Catalogue":
        """`successors` of all codes that have ended, `changes` of this version alone."""
        return replace(self, successors=successors, changes=changes)

    def resolve(self, code: str) -> tuple[ItemCode, ...]:
        """The items that stand for a code of this or of an older version; none if it has ended.

        Raises UnknownCodeError for a code that no version has had.
        """
        if code in self._items:
            return (ItemCode(code),)
        if code in self.successors:
            return self.successors[ItemCode(code)]
        raise UnknownCodeError("item", code, self.version)

    @property
    def version(self) -> str:
        return self.listed.version

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(self._items.values())

    @property
    def categories(self) -> tuple[Category, ...]:
        return self.listed.categories

    @property
    def departments(self) -> tuple[Department, ...]:
        """Every department that can lead: `jd` is replaced by the sub-districts' own offices."""
        return tuple(self._departments.values())

    @property
    def subdistricts(self) -> tuple[SubDistrict, ...]:
        return self.organisation.subdistricts

    def item(self, code: str) -> Item:
        return self._found(self._items, code, "item")

    def category(self, code: str) -> Category:
        return self._found(self._categories, code, "category")

    def department(self, code: str) -> Department:
        return self._found(self._departments, code, "department")

    def subdistrict(self, code: str) -> SubDistrict:
        return self._found(self._subdistricts, code, "sub-district")

    def unit(self, code: str) -> Unit:
        return self._found(self._units, code, "unit")

    def subdistrict_named(self, text: str) -> SubDistrict | None:
        """By code or Chinese name, with or without 街道 or 街道办事处."""
        wanted = text.strip().removesuffix("办事处").removesuffix("街道办").removesuffix("街道")
        for place in self.subdistricts:
            if wanted in {place.code, place.name_zh.removesuffix("街道")}:
                return place
        return None

    def lead_of(self, item: str, subdistrict: str | None) -> DepartmentCode:
        """Raises SubDistrictNeededError where only the place decides."""
        lead = self.item(item).lead
        if lead != SUBDISTRICT_OFFICE:
            return lead
        if subdistrict is None:
            raise SubDistrictNeededError(item)
        return self.subdistrict(subdistrict).office

    def co_handlers_of(self, item: str, subdistrict: str | None) -> tuple[DepartmentCode, ...]:
        """A sub-district office is left out where the place is not known."""
        office = self.subdistrict(subdistrict).office if subdistrict else None
        named = (office if unit == SUBDISTRICT_OFFICE else unit for unit in self.item(item).co)
        return tuple(unit for unit in named if unit is not None)

    def addressee(self, unit: str, role: Addressee) -> Post:
        """The top of the tree is its own parent."""
        found = self.unit(unit)
        match role:
            case "handler" | "liaison_officer" | "deputy_in_charge":
                return Post(found.id, *POSTS[role])
            case "unit_head":
                return head_of(found)
            case "supervision_office":
                return head_of(self.unit(SUPERVISION_OFFICE))
            case "parent_leader":
                return head_of(self.unit(found.parent) if found.parent else found)
            case "district_leader":
                return head_of(self.path_to_top(unit)[-1])

    def path_to_top(self, unit: str) -> tuple[Unit, ...]:
        """The unit itself, its parent and so on."""
        path = [self.unit(unit)]
        while path[-1].parent is not None:
            path.append(self.unit(path[-1].parent))
        return tuple(path)

    def _found(self, known: dict[str, T], code: str, kind: str) -> T:
        if code not in known:
            raise UnknownCodeError(kind, code, self.version)
        return known[code]

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.code: item for item in self.listed.items}

    @cached_property
    def _categories(self) -> dict[str, Category]:
        return {category.code: category for category in self.listed.categories}

    @cached_property
    def _subdistricts(self) -> dict[str, SubDistrict]:
        return {place.code: place for place in self.organisation.subdistricts}

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.organisation.units}

    @cached_property
    def _departments(self) -> dict[str, Department]:
        named = [one for one in self.listed.departments if one.id != SUBDISTRICT_OFFICE]
        offices = [office_of(self._units[place.office]) for place in self.subdistricts]
        return {one.id: one for one in (*named, *offices)}


def head_of(unit: Unit) -> Post:
    return Post(unit.id, unit.head_zh, unit.head_en)


def office_of(unit: Unit) -> Department:
    return Department(id=unit.id, name_zh=unit.name_zh, name_en=unit.name_en, level=unit.level)
