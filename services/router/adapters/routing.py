"""The routing table from the catalogue that ships with the release."""

from libs.catalogue.catalogue import Catalogue
from libs.common.ids import DepartmentCode, ItemCode
from services.router.domain.routing_table import ItemOwners, RoutingTable


def routing_table(catalogue: Catalogue, *, version: str, fallback: str) -> RoutingTable:
    items = {
        ItemCode(item.code): ItemOwners(
            item.category,
            DepartmentCode(item.lead),
            tuple(DepartmentCode(code) for code in item.co),
        )
        for item in catalogue.items
    }
    # What was classified just before a version took effect still names the item of the day.
    for old, successors in catalogue.successors.items():
        if len(successors) == 1 and old not in items:
            items[old] = items[successors[0]]
    return RoutingTable(
        version=version,
        catalogue_version=catalogue.version,
        items=items,
        sub_districts=frozenset(place.code for place in catalogue.subdistricts),
        departments=frozenset(department.id for department in catalogue.departments),
        fallback=DepartmentCode(fallback),
    )
