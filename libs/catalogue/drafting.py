"""The next version as it is written: items divided, put together, moved and retired. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from libs.catalogue.changes import ChangeKind, Changes, ItemChange, affected, codes_of, problems_of
from libs.catalogue.errors import CatalogueDataError, UnknownCodeError, words_of
from libs.catalogue.items import Category, Item, ItemList
from libs.common.ids import DepartmentCode, ItemCode


@dataclass(frozen=True, slots=True)
class NewItem:
    """What a new item is called and who leads it; the rest is taken from the one it follows."""

    code: str
    name_zh: str
    lead: str


@dataclass(frozen=True, slots=True)
class Draft:
    """`base` is the version that it follows."""

    base: ItemList
    listed: ItemList
    changes: Changes

    @property
    def problems(self) -> list[str]:
        return problems_of(self.base, self.listed, self.changes)

    @property
    def unheard(self) -> list[DepartmentCode]:
        return sorted(affected(self.base, self.listed, self.changes) - set(self.changes.heard))


def new_draft(base: ItemList, version: str) -> Draft:
    """Raises CatalogueDataError for a version of no valid form."""
    listed = checked(base.model_dump(mode="json") | {"version": version, "status": "draft"})
    return Draft(base, listed, Changes(base=base.version, version=version))


def split(draft: Draft, code: str, parts: Sequence[NewItem], reason: str) -> Draft:
    old = existing(draft, code)
    change = change_of(old.code, "split", [part.code for part in parts], reason)
    items = [new_item(old, part) for part in parts]
    return edited(draft, lambda one: items if one.code == code else [one], [change])


def merge(draft: Draft, codes: Sequence[str], into: NewItem, reason: str) -> Draft:
    """Into a new item, or into one that stands already: then its name and lead stay."""
    olds = [existing(draft, code) for code in codes if code != into.code]
    stands = into.code in codes_of(draft.listed)
    items = [] if stands else [new_item(olds[0], into)]
    gone = {old.code for old in olds}
    changes = [change_of(old.code, "merged", [into.code], reason) for old in olds]

    def edit(one: Item) -> Sequence[Item]:
        if one.code not in gone:
            return [one]
        return items if one.code == olds[0].code else []

    return edited(draft, edit, changes)


def move(draft: Draft, code: str, lead: str, reason: str) -> Draft:
    old = existing(draft, code)
    moved = old.model_copy(
        update={"lead": lead, "co": tuple(unit for unit in old.co if unit != lead)}
    )
    change = change_of(old.code, "moved", [old.code], reason)
    return edited(draft, lambda one: [moved] if one.code == code else [one], [change])


def retire(draft: Draft, code: str, successors: Sequence[str], reason: str) -> Draft:
    old = existing(draft, code)
    change = change_of(old.code, "retired", successors, reason)
    return edited(draft, lambda one: [] if one.code == code else [one], [change])


def heard(draft: Draft, units: Sequence[str]) -> Draft:
    """Once every department that wins or loses an item has been heard, it is consulted."""
    known = {*draft.changes.heard, *map(DepartmentCode, units)}
    changes = draft.changes.model_copy(update={"heard": tuple(sorted(known))})
    told = replace(draft, changes=changes)
    status = "draft" if told.unheard else "consulted"
    return replace(told, listed=told.listed.model_copy(update={"status": status}))


def edited(
    draft: Draft, edit: Callable[[Item], Sequence[Item]], changes: Sequence[ItemChange]
) -> Draft:
    """What was consulted before an edit has to be consulted again."""
    categories = [edited_category(category, edit) for category in draft.listed.categories]
    document = draft.listed.model_dump(mode="json") | {"categories": categories, "status": "draft"}
    told = draft.changes.model_copy(
        update={"changes": (*draft.changes.changes, *changes), "heard": ()}
    )
    return Draft(draft.base, checked(document), rechecked(told))


def edited_category(
    category: Category, edit: Callable[[Item], Sequence[Item]]
) -> dict[str, object]:
    items = [new.model_dump(mode="json") for item in category.items for new in edit(item)]
    document: dict[str, object] = category.model_dump(mode="json")
    return document | {"items": items}


def new_item(old: Item, part: NewItem) -> Item:
    """Description and keywords are copied, for the editor of the file to mend."""
    return old.model_copy(
        update={
            "code": ItemCode(part.code),
            "name_zh": part.name_zh,
            "lead": DepartmentCode(part.lead),
            "co": tuple(unit for unit in old.co if unit != part.lead),
        }
    )


def existing(draft: Draft, code: str) -> Item:
    for item in draft.listed.items:
        if item.code == code:
            return item
    raise UnknownCodeError("item", code, draft.listed.version)


def change_of(item: str, kind: ChangeKind, successors: Sequence[str], reason: str) -> ItemChange:
    codes = tuple(ItemCode(code) for code in successors)
    try:
        return ItemChange(item=ItemCode(item), kind=kind, successors=codes, reason=reason)
    except ValidationError as error:
        raise CatalogueDataError(words_of(error)) from error


def checked(document: Mapping[str, object]) -> ItemList:
    try:
        return ItemList.model_validate(document)
    except ValidationError as error:
        raise CatalogueDataError(words_of(error)) from error


def rechecked(changes: Changes) -> Changes:
    """A copy is not validated by itself."""
    try:
        return Changes.model_validate(changes.model_dump())
    except ValidationError as error:
        raise CatalogueDataError(words_of(error)) from error
