"""Which files are read, and how; which are refused before they can do harm."""

import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from libs.common.contracts.inbound import Submission
from services.intake.adapters.importer import archive
from services.intake.adapters.importer.plan import plan
from services.intake.adapters.importer.refusal import FileRefusedError
from tests.unit.intake.old_excel import write_xls
from tests.unit.intake.sheets import (
    HEADER,
    LINE,
    csv_text,
    repack,
    run,
    write_csv,
    write_ods,
    write_xlsx,
)

TABLE = csv_text(HEADER, LINE)


def refusal(path: Path) -> str:
    with pytest.raises(FileRefusedError) as caught:
        plan(path)
    return caught.value.code


def only(path: Path) -> Submission:
    _, _, rows = run(path)
    assert len(rows) == 1
    assert isinstance(rows[0].outcome, Submission)
    return rows[0].outcome


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_is_read_in_every_encoding_and_with_every_separator(
    tmp_path: Path, encoding: str, found: str, separator: str
) -> None:
    path = write_csv(tmp_path / "a.csv", csv_text(HEADER, LINE, separator=separator), encoding)
    assert plan(path).encoding == found
    assert only(path).text == "厂房漏水"


def test_gbk_bytes_under_a_utf_8_mark_are_read_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + TABLE.encode("gbk"))
    assert plan(path).encoding == "gb18030"
    assert only(path).source_id == "GD1"


def test_text_that_only_decodes_as_gb18030_by_chance_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("工單編號,來電時間,訴求內容,廠房漏水請協調維修".encode("big5") * 20)
    assert refusal(path) == "encoding"


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE.encode() + b"\xff\xff")
    assert refusal(path) == "encoding"


def test_line_breaks_and_separators_in_quoted_cells_belong_to_the_cell(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        '工单编号,来电时间,诉求内容\r\nGD1,2026-11-03 09:15,"第一行,\n第二""行"""\r\n\r\n'
        "GD2,2026-11-03 09:16,乙\r\n",
    )
    _, _, rows = run(path)
    texts = [row.outcome.text for row in rows if isinstance(row.outcome, Submission)]
    assert texts == ['第一行,\n第二"行"', "乙"]
    assert [row.number for row in rows] == [2, 4]


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    cells = ("GD1", 46329.385416666664, "厂房漏水", "云雀示例五金店", "章小满", 13800001234)
    path = write_xlsx(tmp_path / "a.xlsx", HEADER, cells)
    found = only(path)
    assert found.occurred_at.astimezone(UTC) == datetime(2026, 11, 3, 1, 15, tzinfo=UTC)
    assert found.contact is not None
    assert found.contact.phone == "13800001234"


def test_an_open_document_sheet_is_read(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", HEADER, LINE)
    assert plan(path).table.format == "ods"
    assert only(path).text == "厂房漏水"


def test_a_workbook_of_the_old_excel_is_read(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "a.xls", HEADER, LINE)
    assert plan(path).table.format == "xls"
    assert only(path).text == "厂房漏水"


def test_the_content_decides_and_a_wrong_ending_is_told(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "a.csv", HEADER, LINE)
    text = write_csv(tmp_path / "a.xls", TABLE)
    assert (plan(book).table.format, plan(book).table.ending_fits) == ("xlsx", False)
    assert (plan(text).table.format, plan(text).table.ending_fits) == ("csv", False)
    assert plan(write_csv(tmp_path / "b.csv", TABLE)).table.ending_fits


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n ", "empty_file"),
        (b"<html><table><tr><td>1</td></tr></table>", "not_a_table"),
        (b"%PDF-1.7", "not_a_table"),
        (b"\x89PNG\r\n", "not_a_table"),
        (b"PK\x03\x04broken", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", "unreadable"),
        ("只有一句话，没有表头".encode(), "no_header"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(
    tmp_path: Path, start: bytes, code: str
) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(start)
    assert refusal(path) == code


def test_another_office_document_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as document:
        document.writestr("word/document.xml", "x")
    assert refusal(path) == "not_a_table"


def test_a_workbook_that_unpacks_a_hundredfold_is_not_opened(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "a.xlsx", HEADER, LINE)
    bomb = repack(book, tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", b" " * 30_000_000)
    assert bomb.stat().st_size < 100_000
    assert refusal(bomb) == "bomb"


def test_a_workbook_that_lies_about_its_size_is_not_opened(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "a.xlsx", HEADER, LINE)
    bomb = repack(book, tmp_path / "bomb.xlsx", "xl/extra.xml", b" " * 30_000_000)
    # In the directory, too, the entry now claims to hold ten bytes.
    lie = bomb.read_bytes().replace(struct.pack("<I", 30_000_000), struct.pack("<I", 10))
    bomb.write_bytes(lie)
    assert refusal(bomb) == "bomb"


def test_a_workbook_that_is_too_large_in_sum_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000)
    assert refusal(write_xlsx(tmp_path / "a.xlsx", HEADER, LINE)) == "bomb"


def test_an_archive_in_the_archive_is_not_opened(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "a.xlsx", HEADER, LINE)
    assert refusal(repack(book, tmp_path / "b.xlsx", "xl/embeddings/b.xlsx", b"PK")) == "bomb"


def test_a_cell_in_the_last_row_and_column_does_not_take_the_memory(tmp_path: Path) -> None:
    """Seventeen thousand million cells, if a parser lays out the whole rectangle."""
    book = write_xlsx(tmp_path / "a.xlsx", HEADER, LINE)
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="str"><v>a</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="str"><v>b</v></c></row></sheetData></worksheet>'
    )
    wide = repack(book, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", sheet.encode())
    assert refusal(wide) == "unreadable"


def test_a_refusal_speaks_both_languages_and_shows_no_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "章小满,13800001234\r\n")
    with pytest.raises(FileRefusedError) as caught:
        plan(path)
    assert "表头" in caught.value.message_zh
    assert "header" in caught.value.message_en
    assert "13800001234" not in str(caught.value)
