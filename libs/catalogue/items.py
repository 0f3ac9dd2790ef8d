"""What firms may ask for, and which department leads: a total function, checked at load."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.ids import DepartmentCode, ItemCode

# Stands for the office of the sub-district where the firm is.
SUBDISTRICT_OFFICE: Final = DepartmentCode("jd")
Level = Literal["district", "branch", "utility", "subdistrict", "community"]
Provenance = Literal["published", "illustrative"]


class CataloguePart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(CataloguePart):
    code: ItemCode = Field(pattern=r"^[A-Z]{3}-\d{2}$")
    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    lead: DepartmentCode
    co: tuple[DepartmentCode, ...]
    sla: Literal["normal", "urgent", "complex"]
    description_zh: str = Field(min_length=1, max_length=500)
    keywords_zh: tuple[str, ...] = Field(min_length=1)

    @property
    def category(self) -> str:
        return self.code[:3]

    @model_validator(mode="after")
    def check_units(self) -> Self:
        if self.lead in self.co or len(set(self.co)) < len(self.co):
            problem = f"{self.code} names a department twice"
            raise ValueError(problem)
        return self


class Category(CataloguePart):
    code: str = Field(pattern=r"^[A-Z]{3}$")
    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    provenance: Provenance
    items: tuple[Item, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def check_codes(self) -> Self:
        strays = [item.code for item in self.items if item.category != self.code]
        if strays:
            problem = f"{strays[0]} stands in the category {self.code}"
            raise ValueError(problem)
        return self


class Department(CataloguePart):
    id: DepartmentCode = Field(min_length=1, max_length=20)
    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=120)
    level: Level


class ItemList(CataloguePart):
    version: str = Field(pattern=r"^\d{4}\.\d{1,3}$")
    status: Literal["draft", "consulted", "effective", "retired"]
    provenance: str = Field(min_length=1, max_length=500)
    departments: tuple[Department, ...]
    categories: tuple[Category, ...] = Field(min_length=1)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for category in self.categories for item in category.items)

    @model_validator(mode="after")
    def check_names(self) -> Self:
        require_unique("category", (category.code for category in self.categories))
        require_unique("item", (item.code for item in self.items))
        require_unique("item", (item.name_zh for item in self.items))
        require_unique("department", (department.id for department in self.departments))
        return self

    @model_validator(mode="after")
    def check_total(self) -> Self:
        known = {department.id for department in self.departments}
        for item in self.items:
            unknown = [unit for unit in (item.lead, *item.co) if unit not in known]
            if unknown:
                problem = f"{item.code} names the department {unknown[0]}, which is not there"
                raise ValueError(problem)
        return self


def require_unique(kind: str, names: Iterable[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        problem = f"the {kind} {twice[0]} stands there twice"
        raise ValueError(problem)
