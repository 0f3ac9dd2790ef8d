"""Columns found by their names, rows read one by one, reasons told without values."""

import csv
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from libs.common.contracts.inbound import Submission
from services.intake.adapters.importer.plan import plan
from services.intake.adapters.importer.report import ReportWriter
from services.intake.adapters.importer.rows import ImportRun
from tests.unit.intake.sheets import (
    DISTRICTS,
    HEADER,
    LINE,
    NOW,
    csv_text,
    run,
    write_csv,
)


def outcome(tmp_path: Path, **cells: str) -> Submission | list[tuple[str, str]]:
    row = {"工单编号": "GD1", "来电时间": "2026-11-03 09:15", "诉求内容": "厂房漏水"} | cells
    path = write_csv(tmp_path / "a.csv", csv_text(tuple(row), tuple(row.values())))
    _, _, rows = run(path)
    found = rows[0].outcome
    return found if isinstance(found, Submission) else [(p.field, p.code) for p in found]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"来电时间": "昨天"}, [("occurred_at", "cell_time")]),
        ({"来电时间": ""}, [("occurred_at", "missing")]),
        ({"来电时间": "2099-01-01"}, [("occurred_at", "time_future")]),
        ({"诉求内容": " \u3000"}, [("text", "missing")]),
        ({"工单编号": ""}, [("source_id", "missing")]),
        ({"紧急程度": "十万火急"}, [("urgency", "urgency_unknown")]),
        ({"诉求类型": "聊天"}, [("kind", "kind_unknown")]),
        ({"渠道": "飞鸽"}, [("channel", "channel_unknown")]),
        ({"所属街道": "桃花岛街道"}, [("sub_district", "sub_district_unknown")]),
        (
            {"统一社会信用代码": "9.14E+17"},
            [("enterprise.uscc", "number_rounded"), ("enterprise.uscc", "uscc_length")],
        ),
        (
            {"联系电话": "1.38E+10"},
            [("contact.phone", "number_rounded"), ("contact.phone", "phone")],
        ),
        ({"工单编号": "2.02611E+13"}, [("source_id", "number_rounded")]),
        ({"诉求标题": "长" * 201}, [("title", "too_long")]),
    ],
)
def test_a_bad_cell_is_told_by_field_and_reason(
    tmp_path: Path, cells: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert outcome(tmp_path, **cells) == expected


def test_what_clerks_write_for_nothing_is_nothing(tmp_path: Path) -> None:
    found = outcome(tmp_path, 统一社会信用代码="无", 联系电话="/", 企业名称="-", 联系人="N/A")
    assert isinstance(found, Submission)
    assert found.enterprise is None
    assert found.contact is None


def test_words_become_the_codes_of_the_wire_model(tmp_path: Path) -> None:
    found = outcome(
        tmp_path,
        紧急程度="加 急",
        诉求类型="投诉举报",
        渠道="１２３４５热线",
        联系电话="１３８００００１２３４",
    )
    assert isinstance(found, Submission)
    assert (found.urgency, found.kind, found.channel) == ("urgent", "complaint", "hotline")


def test_a_formula_is_text_and_stays_as_it_is(tmp_path: Path) -> None:
    for cell in ("=1+1", '=HYPERLINK("x","y")', "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1"):
        found = outcome(tmp_path, 诉求内容=f'"{cell.replace(chr(34), chr(34) * 2)}"')
        assert isinstance(found, Submission)
        assert found.text == cell


def test_a_sheet_without_an_enterprise_column_gives_appeals_without_one(tmp_path: Path) -> None:
    found = outcome(tmp_path)
    assert isinstance(found, Submission)
    assert (found.enterprise, found.channel) == (None, "file")


def test_the_dry_run_shows_the_first_rows_without_personal_data(tmp_path: Path) -> None:
    line = (*LINE[:2], "章小满说打13900001234", *LINE[3:])
    planned = plan(write_csv(tmp_path / "a.csv", csv_text(HEADER, *[line] * 8)))
    assert planned.row_count == 8
    assert len(planned.preview) == 5
    assert planned.preview[0]["text"] == "〔姓名1〕说打〔电话1〕"
    assert planned.preview[0]["contact_phone"] == "〔电话〕"
    assert "章小满" not in str(planned.preview)


def test_one_bad_row_does_not_keep_its_neighbours(tmp_path: Path) -> None:
    bad = ("GD2", "昨天", "x", "", "", "12")
    path = write_csv(tmp_path / "a.csv", csv_text(HEADER, LINE, bad, LINE, ("GD3", *LINE[1:])))
    _, importing, rows = run(path)
    assert [isinstance(row.outcome, Submission) for row in rows] == [True, False, True, True]
    tally = importing.tally
    assert (tally.rows, tally.good, tally.bad, tally.repeated) == (4, 3, 1, 1)


def test_an_unclosed_quote_is_told_at_its_row(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", csv_text(HEADER, LINE) + 'GD2,2026-11-03,"' + "长" * 140_000
    )
    _, _, rows = run(path)
    assert isinstance(rows[0].outcome, Submission)
    assert isinstance(rows[1].outcome, tuple)
    assert rows[1].outcome[0].code == "row_unreadable"


def test_the_report_names_row_column_and_reason_and_nothing_else(tmp_path: Path) -> None:
    header: tuple[Any, ...] = ("工单编号", "=来电时间", "诉求内容", "联系电话")
    path = write_csv(tmp_path / "a.csv", csv_text(header, ("GD1", "保密昨天", "x", "999")))
    planned, _, rows = run(path)
    target = tmp_path / "report.csv"
    with ReportWriter(target, planned) as report:
        for row in rows:
            if isinstance(row.outcome, tuple):
                report.add(row.number, row.outcome)
    assert report.written == 1
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert lines[0] == ["row", "column", "code", "reason_zh", "reason_en"]
    assert lines[1][:3] == ["2", "'=来电时间", "cell_time"]
    assert "保密" not in raw.decode()
    assert "999" not in raw.decode()


def test_the_rows_are_not_held_in_memory(tmp_path: Path) -> None:
    rows = (f"GD{number},2026-11-03 09:15,厂房漏水\r\n" for number in range(20_000))
    path = write_csv(tmp_path / "a.csv", "工单编号,来电时间,诉求内容\r\n" + "".join(rows))
    importing = ImportRun(plan(path), NOW, DISTRICTS)
    tracemalloc.start()
    for _ in importing:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert importing.tally.good == 20_000
    # The source ids alone, to count the repeated ones.
    assert peak < 8_000_000
