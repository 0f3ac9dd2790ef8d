"""Reads the versions of a catalogue folder and refuses what does not fit together.

The folder is the one that ships with the package, or the one that APPEALS_CATALOGUE_DIR names:
a district's own.
"""

import os
from datetime import date, timedelta, timezone
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from pydantic import Field, TypeAdapter, ValidationError

from libs.catalogue.catalogue import Catalogue
from libs.catalogue.changes import Changes, successors_of
from libs.catalogue.errors import CatalogueDataError, UnknownCodeError, words_of
from libs.catalogue.items import SUBDISTRICT_OFFICE, CataloguePart, ItemList
from libs.catalogue.org import Organisation
from libs.common.clock import system_clock
from libs.common.contracts.values import Sha256Hex

DATA: Final = files("libs.catalogue") / "data"
FOLDER: Final = "APPEALS_CATALOGUE_DIR"
RELEASES: Final = "releases.json"
FILE_NAME: Final = r"^[a-z]+-\d{4}\.\d{1,3}\.json$"
SHANGHAI: Final = timezone(timedelta(hours=8))


class Release(CataloguePart):
    version: str
    effective_from: date
    catalogue: str = Field(pattern=FILE_NAME)
    catalogue_sha256: Sha256Hex
    org: str = Field(pattern=FILE_NAME)
    org_sha256: Sha256Hex
    # What became of the items of the version before; none for the first.
    changes: str | None = Field(default=None, pattern=FILE_NAME)
    changes_sha256: Sha256Hex | None = None


LISTED: Final = TypeAdapter(tuple[Release, ...])


def catalogue_folder() -> Traversable:
    named = os.environ.get(FOLDER)
    return Path(named) if named else DATA


def releases(folder: Traversable | None = None) -> tuple[Release, ...]:
    """Oldest first. Raises CatalogueDataError."""
    where = folder or catalogue_folder()
    try:
        listed = LISTED.validate_json(read(where, RELEASES))
    except ValidationError as error:
        problem = f"{RELEASES}: {words_of(error)}"
        raise CatalogueDataError(problem) from error
    if not listed:
        problem = f"{RELEASES} lists no version"
        raise CatalogueDataError(problem)
    return tuple(sorted(listed, key=lambda release: release.effective_from))


def load_catalogue(version: str | None = None, *, on: date | None = None) -> Catalogue:
    """The version in force today or `on` a day, or the one named.

    Raises UnknownCodeError and CatalogueDataError.
    """
    known = releases()
    if version is None:
        return load_release(release_in_force(known, on or today()))
    chosen = [one for one in known if one.version == version]
    if not chosen:
        raise UnknownCodeError("version", version, known[-1].version)
    return load_release(chosen[-1])


def today() -> date:
    return system_clock().astimezone(SHANGHAI).date()


def release_in_force(known: tuple[Release, ...], day: date) -> Release:
    """Before the first version there was none, so the first one stands in."""
    begun = [release for release in known if release.effective_from <= day]
    return begun[-1] if begun else known[0]


def load_release(release: Release, folder: Traversable | None = None) -> Catalogue:
    where = folder or catalogue_folder()
    catalogue, org = read(where, release.catalogue), read(where, release.org)
    require_digest(release.catalogue, catalogue, release.catalogue_sha256)
    require_digest(release.org, org, release.org_sha256)
    steps = [one for one in releases(where) if one.effective_from <= release.effective_from]
    found = decode_catalogue(catalogue, org, release.effective_from)
    changes = [load_changes(one, where).changes for one in steps]
    return found.with_history(successors_of(changes), changes[-1])


def release_before(version: str) -> Catalogue | None:
    """The version that the named one took the place of."""
    known = releases()
    place = [one.version for one in known].index(version)
    return load_release(known[place - 1]) if place > 0 else None


def load_changes(release: Release, folder: Traversable) -> Changes:
    """None are listed for the first version. Raises CatalogueDataError."""
    if release.changes is None:
        return Changes(base=release.version, version=release.version)
    raw = read(folder, release.changes)
    require_digest(release.changes, raw, release.changes_sha256 or "")
    return decode_changes(raw)


def decode_changes(raw: bytes) -> Changes:
    try:
        return Changes.model_validate_json(raw)
    except ValidationError as error:
        raise CatalogueDataError(words_of(error)) from error


def read(folder: Traversable, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        problem = f"{name} can not be read"
        raise CatalogueDataError(problem) from error


def require_digest(name: str, raw: bytes, expected: str) -> None:
    if sha256(raw).hexdigest() != expected:
        problem = f"{name} is not the file that was released"
        raise CatalogueDataError(problem)


def decode_catalogue(catalogue: bytes, org: bytes, effective_from: date) -> Catalogue:
    """Raises CatalogueDataError."""
    try:
        listed = ItemList.model_validate_json(catalogue)
        organisation = Organisation.model_validate_json(org)
    except ValidationError as error:
        raise CatalogueDataError(words_of(error)) from error
    units = {unit.id for unit in organisation.units}
    homeless = [
        department.id
        for department in listed.departments
        if department.id != SUBDISTRICT_OFFICE and department.id not in units
    ]
    if homeless:
        problem = f"the department {homeless[0]} has no place in the tree of units"
        raise CatalogueDataError(problem)
    return Catalogue(
        effective_from=effective_from,
        sha256=sha256(catalogue).hexdigest(),
        org_sha256=sha256(org).hexdigest(),
        listed=listed,
        organisation=organisation,
    )
