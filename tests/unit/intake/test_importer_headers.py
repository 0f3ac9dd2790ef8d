"""Which row names the columns, by which words, and how a mapping overrules them."""

from pathlib import Path

import pytest

from libs.common.contracts.inbound import Submission
from services.intake.adapters.importer.plan import plan
from services.intake.adapters.importer.refusal import FileRefusedError
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


def test_no_header_word_stands_for_two_fields() -> None:
    words = shipped_words()
    assert words.fields["工单编号"] == "source_id"
    assert len(words.field_names) == 13
    assert set(words.values) == {"urgency", "kind", "channel"}
