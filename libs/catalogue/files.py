"""A district's own catalogue folder: drafts beside released versions, and how one becomes other."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from importlib.resources import as_file
from pathlib import Path

from pydantic import ValidationError

from libs.catalogue.drafting import Draft
from libs.catalogue.errors import CatalogueDataError, words_of
from libs.catalogue.items import CataloguePart, ItemList
from libs.catalogue.load import (
    DATA,
    LISTED,
    RELEASES,
    Release,
    decode_catalogue,
    decode_changes,
    load_release,
    read,
    release_in_force,
    releases,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A version and what it is on a day: draft, consulted, coming, effective or retired."""

    version: str
    status: str
    effective_from: date | None
    items: int


def make_folder(folder: Path) -> None:
    """Copies the shipped versions. Raises CatalogueDataError where something lies there."""
    if folder.exists() and any(folder.iterdir()):
        problem = f"{folder.name} is not empty"
        raise CatalogueDataError(problem)
    with as_file(DATA) as shipped:
        shutil.copytree(shipped, folder, dirs_exist_ok=True)


def standings(folder: Path, day: date) -> list[Standing]:
    known = releases(folder)
    now = release_in_force(known, day)
    found: list[Standing] = []
    for one in known:
        status = "coming" if one.effective_from > day else "retired"
        status = "effective" if one.version == now.version else status
        items = len(load_release(one, folder).items)
        found.append(Standing(one.version, status, one.effective_from, items))
    return found + [
        Standing(one.version, one.status, None, len(one.items)) for one in drafts(folder)
    ]


def drafts(folder: Path) -> list[ItemList]:
    released = {one.catalogue for one in releases(folder)}
    names = sorted(path.name for path in folder.glob("catalogue-*.json"))
    return [listed(folder, name) for name in names if name not in released]


def read_draft(folder: Path, version: str) -> Draft:
    """Raises CatalogueDataError where no draft of that version lies."""
    if any(one.version == version for one in releases(folder)):
        problem = f"{version} is released and never edited again; draft the next one"
        raise CatalogueDataError(problem)
    own = listed(folder, f"catalogue-{version}.json")
    changes = decode_changes(read(folder, f"changes-{version}.json"))
    base = next((one for one in releases(folder) if one.version == changes.base), None)
    if base is None:
        problem = f"{version} follows {changes.base}, which is not released"
        raise CatalogueDataError(problem)
    return Draft(load_release(base, folder).listed, own, changes)


def write_draft(folder: Path, draft: Draft) -> None:
    version = draft.listed.version
    write(folder / f"catalogue-{version}.json", draft.listed)
    write(folder / f"changes-{version}.json", draft.changes)


def publish(folder: Path, draft: Draft, effective_from: date, day: date) -> Release:
    """Raises CatalogueDataError for a draft that is not ready, or a day that has gone."""
    known = releases(folder)
    require_ready(draft, known, effective_from, day)
    ready = replace(draft, listed=draft.listed.model_copy(update={"status": "effective"}))
    write_draft(folder, ready)
    version, last = draft.listed.version, known[-1]
    names = (f"catalogue-{version}.json", f"changes-{version}.json")
    digests = [sha256(read(folder, name)).hexdigest() for name in names]
    release = Release(
        version=version,
        effective_from=effective_from,
        catalogue=names[0],
        catalogue_sha256=digests[0],
        org=last.org,
        org_sha256=last.org_sha256,
        changes=names[1],
        changes_sha256=digests[1],
    )
    # A lead without a place in the tree of units would be found at the next start of a service.
    decode_catalogue(read(folder, names[0]), read(folder, last.org), effective_from)
    listing = LISTED.dump_json((*known, release), indent=1, exclude_none=True)
    (folder / RELEASES).write_bytes(listing + b"\n")
    return release


def require_ready(
    draft: Draft, known: tuple[Release, ...], effective_from: date, day: date
) -> None:
    problems = list(draft.problems)
    if draft.unheard:
        problems.append(f"not heard yet: {', '.join(draft.unheard)}")
    if not draft.changes.changes:
        problems.append("nothing has changed")
    if draft.base.version != known[-1].version:
        problems.append(f"it follows {draft.base.version}, but {known[-1].version} is the newest")
    if effective_from <= max(day, known[-1].effective_from):
        problems.append("it must take effect on a day to come, after the version before")
    if problems:
        raise CatalogueDataError("; ".join(problems))


def listed(folder: Path, name: str) -> ItemList:
    try:
        return ItemList.model_validate_json(read(folder, name))
    except ValidationError as error:
        raise CatalogueDataError(words_of(error)) from error


def write(path: Path, value: CataloguePart) -> None:
    text = json.dumps(value.model_dump(mode="json"), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
