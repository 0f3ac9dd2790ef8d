import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.catalogue.items import Item
from libs.catalogue.load import load_catalogue
from libs.common.errors import PoisonError
from libs.common.ids import ItemCode
from services.router.adapters.routing import routing_table

CATALOGUE = load_catalogue()
TABLE = routing_table(CATALOGUE, version="test", fallback="qfb")
PLACES = [place.code for place in CATALOGUE.subdistricts]
KNOWN = {department.id for department in CATALOGUE.departments}


@pytest.mark.parametrize("place", [*PLACES, None, "ZZ"])
def test_every_item_has_exactly_one_lead_wherever_it_comes_from(place: str | None) -> None:
    for item in CATALOGUE.items:
        route = TABLE.route(item.code, place)
        assert route.lead in KNOWN
        assert route.lead not in route.co_handlers
        assert set(route.co_handlers) <= KNOWN
        assert len(set(route.co_handlers)) == len(route.co_handlers)


@given(st.sampled_from(CATALOGUE.items), st.sampled_from(PLACES))
def test_an_item_of_the_sub_districts_goes_to_the_office_of_its_place(
    item: Item, place: str
) -> None:
    if TABLE.items[item.code].lead == "jd":
        assert TABLE.route(item.code, place).lead == f"jd-{place}"


def test_where_the_place_is_not_named_the_service_centre_leads_and_the_rule_says_so() -> None:
    local = next(item for item in CATALOGUE.items if item.lead == "jd")
    route = TABLE.route(local.code, None)
    assert route.lead == "qfb"
    assert route.rule_id == f"{local.code}/sub-district-office/unnamed"


def test_an_item_that_the_catalogue_lacks_is_an_incident_and_no_default() -> None:
    with pytest.raises(PoisonError) as caught:
        TABLE.route(ItemCode("ZZZ-99"), "XX")
    assert caught.value.code == "unknown_item"
