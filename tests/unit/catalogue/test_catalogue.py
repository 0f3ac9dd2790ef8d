from datetime import date
from hashlib import sha256
from importlib.resources import files
from itertools import chain
from typing import Final

import pytest

from libs.catalogue.errors import SubDistrictNeededError, UnknownCodeError
from libs.catalogue.items import SUBDISTRICT_OFFICE
from libs.catalogue.load import Release, load_catalogue, release_in_force, releases
from services.sla.adapters.policy_files import load_policies

CATALOGUE: Final = load_catalogue()
PLACES: Final = [place.code for place in CATALOGUE.subdistricts]


def test_it_holds_ten_categories_137_items_and_ten_sub_districts() -> None:
    assert len(CATALOGUE.categories) == 10
    assert len(CATALOGUE.items) == 137
    assert len(PLACES) == 10


def test_every_item_in_every_sub_district_has_one_lead_that_exists() -> None:
    for item in CATALOGUE.items:
        for place in PLACES:
            lead = CATALOGUE.lead_of(item.code, place)
            helpers = CATALOGUE.co_handlers_of(item.code, place)
            assert CATALOGUE.department(lead).id == lead
            assert all(CATALOGUE.department(helper).id == helper for helper in helpers)
            assert lead not in helpers


def test_an_item_of_the_place_goes_to_the_office_of_that_place() -> None:
    local = next(item for item in CATALOGUE.items if item.lead == SUBDISTRICT_OFFICE)
    assert CATALOGUE.lead_of(local.code, "SJ") == "jd-SJ"
    assert CATALOGUE.department("jd-SJ").name_zh == "沙井街道办事处"


def test_an_item_of_the_place_has_no_lead_without_a_place() -> None:
    local = next(item for item in CATALOGUE.items if item.lead == SUBDISTRICT_OFFICE)
    with pytest.raises(SubDistrictNeededError, match="街道"):
        CATALOGUE.lead_of(local.code, None)


def test_a_helping_office_is_left_out_where_the_place_is_unknown() -> None:
    helped = next(item for item in CATALOGUE.items if SUBDISTRICT_OFFICE in item.co)
    assert "jd-XA" in CATALOGUE.co_handlers_of(helped.code, "XA")
    everywhere = CATALOGUE.co_handlers_of(helped.code, None)
    assert len(everywhere) == len(helped.co) - 1


def test_an_unknown_code_is_refused_with_the_version() -> None:
    with pytest.raises(UnknownCodeError, match=r"'ZZZ-01'.*2026\.1"):
        CATALOGUE.item("ZZZ-01")
    with pytest.raises(UnknownCodeError, match="sub-district 'ZZ'"):
        CATALOGUE.co_handlers_of("FIN-01", "ZZ")
    with pytest.raises(UnknownCodeError, match=r"version '1999\.1'"):
        load_catalogue("1999.1")


@pytest.mark.parametrize("written", ["XA", "新安", "新安街道", "新安街道办", " 新安街道办事处 "])
def test_a_sub_district_is_found_however_it_is_written(written: str) -> None:
    found = CATALOGUE.subdistrict_named(written)
    assert found is not None
    assert found.code == "XA"


@pytest.mark.parametrize("written", ["", "街道", "朝阳街道", "xa1"])
def test_a_name_that_is_no_sub_district_is_not_guessed(written: str) -> None:
    assert CATALOGUE.subdistrict_named(written) is None


def test_what_is_not_published_is_marked_illustrative() -> None:
    published = [one.name_zh for one in CATALOGUE.categories if one.provenance == "published"]
    assert len(published) == 7
    assert "illustrative" in CATALOGUE.listed.provenance
    assert "illustrative" in CATALOGUE.organisation.provenance


def test_the_digest_is_that_of_the_file() -> None:
    raw = (files("libs.catalogue") / "data" / "catalogue-2026.1.json").read_bytes()
    assert CATALOGUE.sha256 == sha256(raw).hexdigest()


def test_every_addressee_of_every_ladder_is_a_post_of_every_lead() -> None:
    ladders = [ladder for policy in load_policies().values() for ladder in policy.ladders.values()]
    for department in CATALOGUE.departments:
        for step in chain.from_iterable(ladders):
            assert CATALOGUE.addressee(department.id, step.to).title_zh


def test_escalation_climbs_from_community_to_district() -> None:
    path = [(unit.id, unit.level) for unit in CATALOGUE.path_to_top("sq-SY-01")]
    assert path == [("sq-SY-01", "community"), ("jd-SY", "subdistrict"), ("qzf", "district")]
    assert CATALOGUE.addressee("sq-SY-01", "unit_head").unit == "sq-SY-01"
    assert CATALOGUE.addressee("sq-SY-01", "parent_leader").unit == "jd-SY"
    assert CATALOGUE.addressee("jd-SY", "parent_leader").title_zh == "区长"
    assert CATALOGUE.addressee("swj", "supervision_office").unit == "qdc"
    assert CATALOGUE.addressee("swj", "deputy_in_charge").title_zh == "分管领导"
    assert CATALOGUE.addressee("qzf", "parent_leader").unit == "qzf"


def test_the_version_in_force_is_the_last_one_begun() -> None:
    first = releases()[0]
    later = Release.model_validate(
        first.model_dump() | {"version": "2027.1", "effective_from": date(2027, 3, 1)}
    )
    known = (first, later)
    assert release_in_force(known, date(2027, 2, 28)) == first
    assert release_in_force(known, date(2027, 3, 1)) == later
    assert release_in_force(known, date(2020, 1, 1)) == first
