"""Names of codes, out of the catalogue that is in force."""

from libs.catalogue.load import load_catalogue
from services.dossier.domain.lines import Line, Names


def catalogue_names() -> Names:
    """Codes that it does not know are shown as they are. Raises CatalogueDataError."""
    catalogue = load_catalogue()
    named = (
        *((one.code, one.name_zh, one.name_en) for one in catalogue.items),
        *((one.code, one.name_zh, one.name_en) for one in catalogue.categories),
        *((one.id, one.name_zh, one.name_en) for one in catalogue.organisation.units),
        *((one.code, one.name_zh, one.name_en) for one in catalogue.subdistricts),
        *((one.id, one.name_zh, one.name_en) for one in catalogue.departments),
    )
    return {code: Line(zh, en) for code, zh, en in named}
