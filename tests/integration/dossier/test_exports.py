"""Copies for outside: recorded before they are handed out, and no more in them than needed."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pytest
from python_calamine import CalamineWorkbook

from cli.export import ExportAsked, export_command
from cli.outcome import CommandError
from libs.common.contracts.dossier import Exported
from libs.common.contracts.envelope import Envelope
from libs.common.contracts.intake import ConfidentialitySet
from libs.common.eventstore.store import Pool
from services.dossier.domain.sheets.views import ViewName
from services.dossier.read_model.copies import CopyName
from tests.integration.dossier.keeping import keep
from tests.integration.dossier.telling import records_of
from tests.unit.dossier.life import NAME, USCC, appeal_number
from tests.unit.dossier.story import APPEAL, RLJ, Story, happy

SECRET = appeal_number(3)
HEADER_ROWS = 2


def reported() -> Story:
    """A report of wrongdoing, with an attack on whoever opens the table."""
    story = Story(appeal=SECRET).accepted("03-02 09:00")
    title = f"=HYPERLINK(1) {NAME} 举报某科长"
    story.happenings[:] = [
        replace(one, event=one.event.model_copy(update={"title": title}))
        for one in story.happenings
    ]
    secret = ConfidentialitySet(
        appeal_id=SECRET, confidentiality="whistleblower", reason="举报人要求"
    )
    return story.say("03-02 09:00", secret).classified("03-02 09:01").dispatched("03-02 09:02", RLJ)


@pytest.fixture
async def kept(pool: Pool) -> Pool:
    await keep(pool, records_of(happy(), reported()))
    return pool


def asked(
    out: Path, what: CopyName = "appeals", view: ViewName = "masked", recipient: str = "区督查室"
) -> ExportAsked:
    return ExportAsked(what, out, "qdc/wang", recipient, "月度通报", view)


async def json_of(dsn: str, wanted: ExportAsked) -> dict[str, Any]:
    assert await export_command(dsn, wanted) == 0
    body: dict[str, Any] = json.loads(wanted.out.read_bytes())
    return body


async def test_an_export_is_recorded_with_who_for_whom_why_and_the_fingerprint_on_the_copy(
    kept: Pool, dsn: str, tmp_path: Path
) -> None:
    body = await json_of(dsn, asked(tmp_path / "a.json"))
    (row,) = await kept.fetch("SELECT type, body FROM events")
    told = Envelope[Exported].model_validate_json(row["body"])
    assert (told.actor.unit, told.actor.id) == ("qdc", "wang")
    assert told.data.purpose == "月度通报 → 区督查室"
    assert (told.data.what, told.data.format, told.data.view) == ("appeals", "json", "masked")
    assert told.data.rows == len(body["tables"][0]["rows"]) == 2
    assert told.data.fingerprint == body["stamp"]["指纹 fingerprint"]


async def test_each_copy_has_a_fingerprint_of_its_own(kept: Pool, dsn: str, tmp_path: Path) -> None:
    for _ in range(2):
        await json_of(dsn, asked(tmp_path / "a.json"))
    bodies = await kept.fetch("SELECT body FROM events")
    marks = {Envelope[Exported].model_validate_json(row["body"]).data.fingerprint for row in bodies}
    assert len(marks) == 2


async def test_a_secret_appeal_is_masked_by_default_and_whole_only_in_a_full_copy(
    kept: Pool, dsn: str, tmp_path: Path
) -> None:
    masked = await json_of(dsn, asked(tmp_path / "a.json", "dossier"))
    assert "某科长" not in json.dumps(masked, ensure_ascii=False)
    rows = {row[0]: row for row in masked["tables"][0]["rows"]}
    assert rows[str(SECRET)][3] == "〔举报〕"
    assert rows[str(APPEAL)][3] == NAME
    full = await json_of(dsn, asked(tmp_path / "b.json", "dossier", "full"))
    assert "某科长" in json.dumps(full, ensure_ascii=False)


async def test_a_departments_copy_never_names_the_complainant_nor_holds_others_appeals(
    kept: Pool, dsn: str, tmp_path: Path
) -> None:
    copy = await json_of(dsn, asked(tmp_path / "a.json", "dossier", "department", "rlj"))
    whole = json.dumps(copy, ensure_ascii=False)
    for word in (NAME, USCC, str(happy().key), "GD000001"):
        assert word not in whole
    assert "〔诉求人〕 举报某科长" in whole
    assert [row[0] for row in copy["tables"][0]["rows"]] == [str(SECRET)]


@pytest.mark.parametrize("what", get_args(CopyName))
@pytest.mark.parametrize("ending", ["xlsx", "csv", "html", "json"])
async def test_every_table_and_report_can_be_had_in_every_format(
    kept: Pool, dsn: str, tmp_path: Path, what: CopyName, ending: str
) -> None:
    out = tmp_path / f"copy.{ending}"
    assert await export_command(dsn, asked(out, what)) == 0
    if ending == "xlsx":
        book = CalamineWorkbook.from_filelike(BytesIO(out.read_bytes()))
        assert book.sheet_names[0] == "说明"
        assert book.sheet_names[-1] == "证明"
    else:
        assert "月度通报" in out.read_text("utf-8-sig")


async def test_the_proof_names_the_chain_head_that_the_dossier_holds(
    kept: Pool, dsn: str, tmp_path: Path
) -> None:
    copy = await json_of(dsn, asked(tmp_path / "a.json", "progress", "full"))
    (row,) = copy["proof"]["rows"]
    head = await kept.fetchrow("SELECT chain_key, version, hash FROM chain_heads")
    assert head is not None
    assert (row[0], row[3], row[4]) == (head["chain_key"], head["version"], head["hash"].hex())


async def test_nothing_in_a_workbook_begins_like_a_formula(
    kept: Pool, dsn: str, tmp_path: Path
) -> None:
    out = tmp_path / "a.xlsx"
    assert await export_command(dsn, asked(out, "appeals", "full")) == 0
    book = CalamineWorkbook.from_filelike(BytesIO(out.read_bytes()))
    rows = book.get_sheet_by_name("诉求收集表").to_python()[HEADER_ROWS:]
    assert any(str(cell).startswith("'=HYPERLINK") for row in rows for cell in row)
    assert not any(str(cell).startswith("=") for row in rows for cell in row)


async def test_a_bulletin_shows_each_figure_with_its_formula(
    kept: Pool, dsn: str, tmp_path: Path
) -> None:
    copy = await json_of(dsn, asked(tmp_path / "a.json", "bulletin"))
    figures = copy["tables"][0]["rows"]
    assert {row[3] for row in figures} == {"rates-2026.1"}
    assert next(row for row in figures if row[0].startswith("满意率"))[1] == "100.00%"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"out": "a.pdf"}, "must end in"),
        ({"who": "wang"}, "unit/person"),
        ({"purpose": " "}, "what the copy is for"),
    ],
)
async def test_a_copy_without_name_purpose_or_known_format_is_refused_and_nothing_is_recorded(
    kept: Pool, dsn: str, tmp_path: Path, changed: dict[str, str], word: str
) -> None:
    out = tmp_path / changed.get("out", "a.csv")
    who, purpose = changed.get("who", "qdc/wang"), changed.get("purpose", "通报")
    with pytest.raises(CommandError, match=word):
        await export_command(dsn, ExportAsked("appeals", out, who, "区督查室", purpose))
    assert not out.exists()
    assert await kept.fetchval("SELECT count(*) FROM events") == 0
