"""What became of each item from one version to the next: how old codes find today's items."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from libs.catalogue.items import CataloguePart, Item, ItemList
from libs.common.ids import DepartmentCode, ItemCode

ChangeKind: TypeAlias = Literal["added", "retired", "split", "merged", "moved", "renamed"]
ENDS: frozenset[ChangeKind] = frozenset({"retired", "split", "merged"})


class ItemChange(CataloguePart):
    """`successors` are where the item's appeals go from now on; a retired one may have none."""

    item: ItemCode
    kind: ChangeKind
    successors: tuple[ItemCode, ...] = Field(max_length=20)
    reason: str = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def check_successors(self) -> Self:
        least = {"retired": 0, "split": 2}.get(self.kind, 1)
        if len(set(self.successors)) < max(least, len(self.successors)):
            problem = f"{self.item} is {self.kind} into too few items, or names one twice"
            raise ValueError(problem)
        if self.kind in ENDS and self.item in self.successors:
            problem = f"{self.item} can not follow itself: a divided item needs new codes"
            raise ValueError(problem)
        return self


class Changes(CataloguePart):
    """`heard` lists the departments that were consulted."""

    base: str
    version: str
    changes: tuple[ItemChange, ...] = ()
    heard: tuple[DepartmentCode, ...] = ()

    @model_validator(mode="after")
    def check_once(self) -> Self:
        ended = Counter(change.item for change in self.changes if change.kind in ENDS)
        twice = [item for item, times in ended.items() if times > 1]
        if twice:
            problem = f"{twice[0]} ends twice in {self.version}"
            raise ValueError(problem)
        return self


def problems_of(before: ItemList, after: ItemList, changes: Changes) -> list[str]:
    """Where list and changes do not tell the same; empty when they do."""
    old, new = codes_of(before), codes_of(after)
    ended = {change.item for change in changes.changes if change.kind in ENDS}
    named = set(chain.from_iterable(change.successors for change in changes.changes))
    added = {change.item for change in changes.changes if change.kind == "added"}
    found = [f"{code} is gone, and no change says where to" for code in sorted(old - new - ended)]
    found += [f"{code} has ended, but still stands in the list" for code in sorted(ended & new)]
    found += [f"{code} follows another, but is not in the list" for code in sorted(named - new)]
    found += [
        f"{code} is new, and no change says why" for code in sorted(new - old - named - added)
    ]
    told = {change.item for change in changes.changes if change.kind in {"moved", "renamed"}}
    return found + [
        f"{code} has another lead or name, and no change says why"
        for code in sorted(code for code in old & new if differs(before, after, code))
        if code not in told
    ]


def differs(before: ItemList, after: ItemList, code: str) -> bool:
    old, new = item_of(before, code), item_of(after, code)
    return (old.lead, old.name_zh) != (new.lead, new.name_zh)


def codes_of(listed: ItemList) -> set[str]:
    return {item.code for item in listed.items}


def item_of(listed: ItemList, code: str) -> Item:
    return next(item for item in listed.items if item.code == code)


def lead_of(listed: ItemList, code: str) -> DepartmentCode | None:
    return next((item.lead for item in listed.items if item.code == code), None)


def affected(before: ItemList, after: ItemList, changes: Changes) -> frozenset[DepartmentCode]:
    """The departments that win or lose an item: each must be heard before it is published."""
    leads: set[DepartmentCode] = set()
    for change in changes.changes:
        if change.kind == "renamed":
            continue
        leads |= {lead for lead in (lead_of(before, change.item),) if lead is not None}
        found = (lead_of(after, code) for code in change.successors)
        leads |= {lead for lead in found if lead is not None}
    return frozenset(leads)


def successors_of(steps: Iterable[Sequence[ItemChange]]) -> Mapping[ItemCode, tuple[ItemCode, ...]]:
    """Every code that has ended, with the codes that stand for it after all steps, in order."""
    today: dict[ItemCode, tuple[ItemCode, ...]] = {}
    for changes in steps:
        ended = {change.item: change.successors for change in changes if change.kind in ENDS}
        today = {old: replaced(codes, ended) for old, codes in today.items()}
        today |= ended
    return today


def replaced(
    codes: Sequence[ItemCode], ended: Mapping[ItemCode, tuple[ItemCode, ...]]
) -> tuple[ItemCode, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(ended.get(code, (code,)) for code in codes)))
