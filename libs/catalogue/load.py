"""Reads the versions that ship with the package and refuses what does not fit together."""

from datetime import date
from hashlib import sha256
from importlib.resources import files
from typing import Final

from pydantic import Field, TypeAdapter, ValidationError

from libs.catalogue.catalogue import Catalogue
from libs.catalogue.errors import CatalogueDataError, UnknownCodeError
from libs.catalogue.items import SUBDISTRICT_OFFICE, CataloguePart, ItemList
from libs.catalogue.org import Organisation
from libs.common.contracts.values import Sha256Hex

DATA: Final = files("libs.catalogue") / "data"
FILE_NAME: Final = r"^[a-z]+-\d{4}\.\d{1,3}\.json$"


class Release(CataloguePart):
    version: str
    effective_from: date
    catalogue: str = Field(pattern=FILE_NAME)
    catalogue_sha256: Sha256Hex
    org: str = Field(pattern=FILE_NAME)
    org_sha256: Sha256Hex


def releases() -> tuple[Release, ...]:
    """Oldest first."""
    listed = TypeAdapter(tuple[Release, ...]).validate_json((DATA / "releases.json").read_bytes())
    return tuple(sorted(listed, key=lambda release: release.effective_from))


def load_catalogue(version: str | None = None) -> Catalogue:
    """The newest version, or the one named. Raises UnknownCodeError and CatalogueDataError."""
    known = releases()
    chosen = [one for one in known if version in {None, one.version}]
    if not chosen:
        raise UnknownCodeError("version", str(version), known[-1].version)
    return load_release(chosen[-1])


def release_in_force(known: tuple[Release, ...], day: date) -> Release:
    """Before the first version there was none, so the first one stands in."""
    begun = [release for release in known if release.effective_from <= day]
    return begun[-1] if begun else known[0]


def load_release(release: Release) -> Catalogue:
    catalogue = (DATA / release.catalogue).read_bytes()
    org = (DATA / release.org).read_bytes()
    require_digest(release.catalogue, catalogue, release.catalogue_sha256)
    require_digest(release.org, org, release.org_sha256)
    return decode_catalogue(catalogue, org, release.effective_from)


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
        raise CatalogueDataError(str(error)) from error
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
