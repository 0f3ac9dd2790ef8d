import copy
import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any, Final

import pytest

from libs.catalogue.errors import CatalogueDataError
from libs.catalogue.load import decode_catalogue, load_release, releases

DATA: Final = files("libs.catalogue") / "data"
ITEMS: Final[dict[str, Any]] = json.loads((DATA / "catalogue-2026.1.json").read_bytes())
ORG: Final[dict[str, Any]] = json.loads((DATA / "org-2026.1.json").read_bytes())

Spoil = Callable[[dict[str, Any], dict[str, Any]], None]


def unknown_lead(items: dict[str, Any], org: dict[str, Any]) -> None:
    items["categories"][0]["items"][0]["lead"] = "nobody"


def lead_helps_itself(items: dict[str, Any], org: dict[str, Any]) -> None:
    first = items["categories"][0]["items"][0]
    first["co"] = [first["lead"]]


def two_leads(items: dict[str, Any], org: dict[str, Any]) -> None:
    category = items["categories"][0]["items"]
    category.append(category[0] | {"lead": "gxj", "co": []})


def item_in_wrong_category(items: dict[str, Any], org: dict[str, Any]) -> None:
    items["categories"][0]["items"].append(items["categories"][1]["items"].pop())


def unknown_urgency(items: dict[str, Any], org: dict[str, Any]) -> None:
    items["categories"][0]["items"][0]["sla"] = "soon"


def no_office(items: dict[str, Any], org: dict[str, Any]) -> None:
    org["subdistricts"].append({"code": "ZZ", "name_zh": "某街道", "name_en": "Some"})


def homeless_department(items: dict[str, Any], org: dict[str, Any]) -> None:
    org["units"] = [unit for unit in org["units"] if unit["id"] not in {"zsj", "rx"}]


def second_top(items: dict[str, Any], org: dict[str, Any]) -> None:
    org["units"][3]["parent"] = None


def ring(items: dict[str, Any], org: dict[str, Any]) -> None:
    org["units"][2]["parent"] = org["units"][3]["id"]
    org["units"][3]["parent"] = org["units"][2]["id"]


def stray_parent(items: dict[str, Any], org: dict[str, Any]) -> None:
    org["units"][2]["parent"] = "moon"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (unknown_lead, "FIN-01 names the department nobody"),
        (lead_helps_itself, "FIN-01 names a department twice"),
        (two_leads, "the item FIN-01 stands there twice"),
        (item_in_wrong_category, "stands in the category FIN"),
        (unknown_urgency, "'normal', 'urgent' or 'complex'"),
        (no_office, "the unit jd-ZZ is missing"),
        (homeless_department, "the department zsj has no place"),
        (second_top, "one top, not 2"),
        (ring, "does not hang from the top"),
        (stray_parent, "does not hang from the top"),
    ],
)
def test_bad_data_is_refused_with_the_reason(spoil: Spoil, reason: str) -> None:
    items, org = copy.deepcopy(ITEMS), copy.deepcopy(ORG)
    spoil(items, org)
    with pytest.raises(CatalogueDataError, match=reason):
        decode_catalogue(json.dumps(items).encode(), json.dumps(org).encode(), date(2026, 1, 1))


def test_a_file_that_was_changed_after_its_release_is_refused() -> None:
    released = releases()[0]
    with pytest.raises(CatalogueDataError, match="not the file that was released"):
        load_release(released.model_copy(update={"catalogue_sha256": "0" * 64}))
