"""The next version: drafted, consulted, published, and old codes that still find their way."""

from datetime import date
from pathlib import Path

import pytest

from libs.catalogue.changes import ItemChange, problems_of, successors_of
from libs.catalogue.drafting import Draft, NewItem, heard, merge, move, new_draft, retire, split
from libs.catalogue.errors import CatalogueDataError, UnknownCodeError
from libs.catalogue.files import make_folder, publish, read_draft, standings, write_draft
from libs.catalogue.load import FOLDER, RELEASES, load_catalogue, load_release, releases
from libs.common.ids import ItemCode

TODAY = date(2026, 3, 2)
LATER = date(2026, 7, 1)
PARTS = (NewItem("TAL-20", "技能人才招聘", "rlj"), NewItem("TAL-21", "高校毕业生引进", "zzb"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_folder(tmp_path / "own")
    return tmp_path / "own"


def drafted(folder: Path) -> Draft:
    return new_draft(load_release(releases(folder)[-1], folder).listed, "2026.2")


def published(folder: Path, draft: Draft, day: date = LATER) -> None:
    write_draft(folder, heard(draft, draft.unheard))
    publish(folder, read_draft(folder, draft.listed.version), day, TODAY)


def codes(draft: Draft) -> set[str]:
    return {item.code for item in draft.listed.items}


def test_a_divided_item_ends_and_its_parts_stand_in_its_place(folder: Path) -> None:
    draft = split(drafted(folder), "TAL-01", PARTS, "两类诉求")
    assert "TAL-01" not in codes(draft)
    assert {"TAL-20", "TAL-21"} <= codes(draft)
    assert draft.problems == []
    assert draft.unheard == ["rlj", "zzb"]


def test_items_are_put_together_into_a_new_one_or_one_that_stands(folder: Path) -> None:
    new = merge(drafted(folder), ["PUB-10", "PUB-11"], NewItem("PUB-30", "设施", "cgj"), "合并")
    assert codes(new) & {"PUB-10", "PUB-11", "PUB-30"} == {"PUB-30"}
    old = merge(drafted(folder), ["PUB-10", "PUB-11"], NewItem("PUB-10", "", ""), "合并")
    assert codes(old) & {"PUB-10", "PUB-11"} == {"PUB-10"}
    assert new.problems == old.problems == []


def test_a_moved_item_keeps_its_code_and_both_departments_are_heard(folder: Path) -> None:
    draft = move(drafted(folder), "FIN-01", "gxj", "划转")
    assert next(item.lead for item in draft.listed.items if item.code == "FIN-01") == "gxj"
    assert draft.unheard == ["gxj", "jrj"]


def test_it_is_consulted_when_all_who_win_or_lose_were_heard(folder: Path) -> None:
    draft = move(drafted(folder), "FIN-01", "gxj", "划转")
    assert heard(draft, ["gxj"]).listed.status == "draft"
    told = heard(heard(draft, ["gxj"]), ["jrj"])
    assert told.listed.status == "consulted"
    assert move(told, "FIN-02", "gxj", "划转").listed.status == "draft"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((PARTS[0],), "too few"),
        ((PARTS[0], PARTS[0]), "names one twice"),
        ((NewItem("TAL-01", "同", "rlj"), PARTS[0]), "can not follow itself"),
        ((NewItem("TAL-02", "同", "rlj"), PARTS[0]), "stands there twice"),
        ((NewItem("TAL-22", "无主", "nobody"), PARTS[0]), "not there"),
        ((NewItem("tal22", "错码", "rlj"), PARTS[0]), "pattern"),
    ],
)
def test_a_division_that_makes_no_sense_is_refused(
    folder: Path, parts: tuple[NewItem, ...], words: str
) -> None:
    with pytest.raises(CatalogueDataError, match=words):
        split(drafted(folder), "TAL-01", parts, "理由")


def test_an_item_that_is_not_there_can_not_be_changed(folder: Path) -> None:
    with pytest.raises(UnknownCodeError, match="XXX-01"):
        move(drafted(folder), "XXX-01", "gxj", "理由")


def test_a_file_edited_by_hand_must_say_what_it_changed(folder: Path) -> None:
    draft = drafted(folder)
    changed = move(draft, "FIN-01", "gxj", "划转")
    assert problems_of(draft.base, changed.listed, draft.changes) == [
        "FIN-01 has another lead or name, and no change says why"
    ]
    shorter = retire(draft, "FIN-01", [], "停办")
    assert problems_of(draft.base, shorter.listed, draft.changes) == [
        "FIN-01 is gone, and no change says where to"
    ]


def test_a_published_version_takes_effect_on_its_day_and_not_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(folder, split(drafted(folder), "TAL-01", PARTS, "两类诉求"))
    monkeypatch.setenv(FOLDER, str(folder))
    before, after = load_catalogue(on=date(2026, 6, 30)), load_catalogue(on=LATER)
    assert (before.version, after.version) == ("2026.1", "2026.2")
    assert before.resolve("TAL-01") == ("TAL-01",)
    assert after.resolve("TAL-01") == ("TAL-20", "TAL-21")
    with pytest.raises(UnknownCodeError):
        before.resolve("TAL-20")
    assert [(one.version, one.status) for one in standings(folder, TODAY)] == [
        ("2026.1", "effective"),
        ("2026.2", "coming"),
    ]
    assert standings(folder, LATER)[0].status == "retired"


def test_what_is_not_ready_is_not_published(folder: Path) -> None:
    draft = move(drafted(folder), "FIN-01", "gxj", "划转")
    with pytest.raises(CatalogueDataError, match="not heard yet: gxj, jrj"):
        publish(folder, draft, LATER, TODAY)
    with pytest.raises(CatalogueDataError, match="nothing has changed"):
        publish(folder, drafted(folder), LATER, TODAY)
    ready = heard(draft, draft.unheard)
    with pytest.raises(CatalogueDataError, match="a day to come"):
        publish(folder, ready, TODAY, TODAY)
    assert len(releases(folder)) == 1


def test_what_is_published_is_not_edited_and_a_changed_file_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(folder, move(drafted(folder), "FIN-01", "gxj", "划转"))
    with pytest.raises(CatalogueDataError, match="never edited"):
        read_draft(folder, "2026.2")
    file = folder / "catalogue-2026.2.json"
    file.write_text(file.read_text(encoding="utf-8").replace("gxj", "kcj"), encoding="utf-8")
    monkeypatch.setenv(FOLDER, str(folder))
    with pytest.raises(CatalogueDataError, match="not the file that was released"):
        load_catalogue(on=LATER)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[{}]", "no json"])
def test_a_broken_list_of_versions_is_refused(folder: Path, text: str) -> None:
    (folder / RELEASES).write_text(text)
    with pytest.raises(CatalogueDataError):
        releases(folder)


def test_a_folder_in_use_is_not_overwritten(folder: Path) -> None:
    with pytest.raises(CatalogueDataError, match="not empty"):
        make_folder(folder)


def ended(item: str, *successors: str) -> ItemChange:
    kind = "split" if len(successors) > 1 else "merged"
    codes_now = tuple(map(ItemCode, successors))
    return ItemChange(item=ItemCode(item), kind=kind, successors=codes_now, reason="理由")


def test_a_code_finds_today_through_every_version_between() -> None:
    steps = [
        [ended("A-01", "B-01", "B-02")],
        [ended("B-01", "C-01"), ended("B-02", "C-01")],
        [ended("C-01", "D-01")],
    ]
    assert successors_of(steps)[ItemCode("A-01")] == ("D-01",)
    assert successors_of(steps[:1])[ItemCode("A-01")] == ("B-01", "B-02")
