"""Columns found by their names, rows read one by one, reasons told without values."""

import csv
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.inbound import Submission
from services.intake.adapters.importer.cells import SERIAL_ZERO, read_time
from services.intake.adapters.importer.plan import plan
from services.intake.adapters.importer.refusal import FileRefusedError
from services.intake.adapters.importer.report import ReportWriter
from services.intake.adapters.importer.rows import ImportRun
from services.intake.adapters.importer.words import shipped_words
from tests.unit.intake.sheets import (
    DISTRICTS,
    HEADER,
    LINE,
    NOW,
    csv_text,
    run,
    write_csv,
    write_xlsx,
)

SHANGHAI_0915 = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)


def outcome(tmp_path: Path, **cells: str) -> Submission | list[tuple[str, str]]:
    row = {"工单编号": "GD1", "来电时间": "2026-11-03 09:15", "诉求内容": "厂房漏水"} | cells
    path = write_csv(tmp_path / "a.csv", csv_text(tuple(row), tuple(row.values())))
    _, _, rows = run(path)
    found = rows[0].outcome
    return found if isinstance(found, Submission) else [(p.field, p.code) for p in found]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-02 09:15",
        "2026-03-02T09:15:00",
        "2026-03-02T09:15:00+08:00",
        "2026-03-02T01:15:00Z",
        "2026/3/2 9:15",
        "2026.3.2 9:15:00",
        "2026年3月2日 9点15分",
        "2026年3月2日9时15分00秒",
        "2026年3月2日 星期一 上午9:15",
        "２０２６年３月２日　９：１５",
        "2026-03-02 09:15:00.000",
        "202603020915",
        "20260302091500",
        "46083.385416666664",
        "2026/3/2 9:15 AM",
    ],
)
def test_a_time_is_read_in_every_usual_spelling(cell: str) -> None:
    assert read_time(cell) == SHANGHAI_0915


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "2026-11-03 25:61",
        "昨天下午",
        "3/2/2026",
        "12",
        "123456",
        "2026",
        "",
        "09:15",
        "2026年13月1日",
    ],
)
def test_what_is_no_time_or_could_be_two_is_none(cell: str) -> None:
    assert read_time(cell) is None


@given(seconds=st.integers(20_000 * 86_400, 70_000 * 86_400))
def test_a_serial_number_of_a_sheet_means_its_second(seconds: int) -> None:
    assert read_time(f"{seconds / 86_400:.10f}") == SERIAL_ZERO + timedelta(seconds=seconds)


def test_the_afternoon_is_after_noon() -> None:
    assert read_time("2026年3月2日下午3点") == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert read_time("2026年3月2日 中午12:30") == datetime(2026, 3, 2, 4, 30, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("rows", "header_rows"),
    [
        ([HEADER, LINE], 1),
        ([("2026年11月工单", "", "", "", "", ""), ("",) * 6, HEADER, LINE], 3),
        (
            [
                ("工单编号", "来电时间", "诉求内容", "企业信息", "联系信息", ""),
                ("", "", "", "企业名称", "联系人", "联系电话"),
                LINE,
            ],
            2,
        ),
        (
            [
                (
                    "工单编号（必填）*",
                    " 来电\n时间 ",
                    "诉求内容：",
                    "企业名称",
                    "联系人",
                    "联系电话",
                ),
                LINE,
            ],
            1,
        ),
    ],
)
def test_the_header_is_found_below_titles_and_across_merged_cells(
    tmp_path: Path, rows: list[tuple[str, ...]], header_rows: int
) -> None:
    planned, _, read = run(write_xlsx(tmp_path / "a.xlsx", *rows))
    assert planned.header.rows == header_rows
    assert [row.number for row in read] == [header_rows + 1]
    assert isinstance(read[0].outcome, Submission)
    assert set(planned.mapping) == {
        "source_id",
        "occurred_at",
        "text",
        "enterprise_name",
        "contact_name",
        "contact_phone",
    }


def test_blank_and_repeated_headers_are_left_out_and_the_first_wins(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        csv_text(
            ("工单编号", "", "来电时间", "诉求内容", "诉求内容", "经办科室"),
            ("GD1", "x", "2026-11-03 09:15", "甲", "乙", "丙"),
        ),
    )
    planned, _, rows = run(path)
    assert planned.unmapped == ("诉求内容", "经办科室")
    assert isinstance(rows[0].outcome, Submission)
    assert rows[0].outcome.text == "甲"


def test_any_other_sheet_is_read_by_a_given_mapping(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", csv_text(("甲", "乙", "丙"), ("7", "2026-11-03", "漏水")))
    with pytest.raises(FileRefusedError, match="--map"):
        plan(path)
    planned, _, rows = run(path, {"source_id": "甲", "occurred_at": " 乙 ", "text": "#3"})
    assert planned.mapping == {"source_id": "甲", "occurred_at": "乙", "text": "丙"}
    assert isinstance(rows[0].outcome, Submission)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"text": "没有"}, "unknown_header"),
        ({"text": "#9"}, "unknown_header"),
        ({"color": "工单编号"}, "unknown_field"),
    ],
)
def test_a_mapping_that_names_nothing_is_refused(
    tmp_path: Path, wanted: dict[str, str], code: str
) -> None:
    path = write_csv(tmp_path / "a.csv", csv_text(HEADER, LINE))
    with pytest.raises(FileRefusedError) as caught:
        plan(path, wanted)
    assert caught.value.code == code


def test_a_plan_tells_what_is_missing_and_the_run_refuses_it(tmp_path: Path) -> None:
    planned = plan(write_csv(tmp_path / "a.csv", csv_text(("工单编号", "诉求内容"), ("1", "x"))))
    assert planned.missing == ("occurred_at",)
    with pytest.raises(FileRefusedError, match="occurred_at"):
        list(ImportRun(planned, NOW, DISTRICTS))


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


def test_no_header_word_stands_for_two_fields() -> None:
    words = shipped_words()
    assert words.fields["工单编号"] == "source_id"
    assert len(words.field_names) == 13
    assert set(words.values) == {"urgency", "kind", "channel"}
