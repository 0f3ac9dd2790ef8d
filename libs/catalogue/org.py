"""The tree of units and their posts; posts have titles and never a person's name."""

from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from libs.catalogue.items import CataloguePart, Level, require_unique
from libs.common.ids import DepartmentCode

# Seen from the unit whose clock it is.
Addressee: TypeAlias = Literal[
    "handler",
    "liaison_officer",
    "unit_head",
    "deputy_in_charge",
    "supervision_office",
    "parent_leader",
    "district_leader",
]
SubDistrictCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
SUPERVISION_OFFICE: Final = DepartmentCode("qdc")


class SubDistrict(CataloguePart):
    code: SubDistrictCode
    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)

    @property
    def office(self) -> DepartmentCode:
        return DepartmentCode(f"jd-{self.code}")


class Unit(CataloguePart):
    id: DepartmentCode = Field(min_length=1, max_length=20)
    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    level: Level
    parent: DepartmentCode | None
    head_zh: str = Field(min_length=1, max_length=60)
    head_en: str = Field(min_length=1, max_length=120)


class Organisation(CataloguePart):
    version: str = Field(pattern=r"^\d{4}\.\d{1,3}$")
    provenance: str = Field(min_length=1, max_length=500)
    subdistricts: tuple[SubDistrict, ...] = Field(min_length=1)
    units: tuple[Unit, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def check_names(self) -> Self:
        require_unique("unit", (unit.id for unit in self.units))
        require_unique("sub-district", (place.code for place in self.subdistricts))
        known = {unit.id for unit in self.units}
        for needed in (SUPERVISION_OFFICE, *(place.office for place in self.subdistricts)):
            if needed not in known:
                problem = f"the unit {needed} is missing"
                raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def check_tree(self) -> Self:
        parents = {unit.id: unit.parent for unit in self.units}
        roots = [name for name, parent in parents.items() if parent is None]
        if len(roots) != 1:
            problem = f"the tree needs one top, not {len(roots)}"
            raise ValueError(problem)
        for name in parents:
            if not reaches_top(name, parents):
                problem = f"the unit {name} does not hang from the top"
                raise ValueError(problem)
        return self


def reaches_top(name: DepartmentCode, parents: dict[DepartmentCode, DepartmentCode | None]) -> bool:
    above: DepartmentCode | None = name
    for _ in parents:
        if above not in parents:
            return False
        above = parents[above]
        if above is None:
            return True
    return False
