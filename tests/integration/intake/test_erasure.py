"""What is erased is gone from the vault, stays told of, and goes again after a restore."""

import hmac
import json
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from cli.erase import erase_subject, keys_of
from cli.reconcile import Report, compare
from cli.retention import apply
from libs.common.clock import system_clock
from libs.common.contracts.inbound import Submission
from libs.common.eventstore.store import Pool
from libs.common.runtime.process import Process
from services.intake.adapters import erasure
from services.intake.adapters.holding import Listed
from services.intake.adapters.rule_files import load_retention
from services.intake.adapters.subjects import read_subject
from tests.integration.intake.desk import Desk
from tests.support.databases import Database
from tests.support.intake import PRODUCER, SEATS, sent, submission
from tests.support.settings import intake_settings

PHONE: Final = "13800138000"
BASIS: Final = "个人信息保护法第四十七条"
RETENTION: Final = """\
version = "test"
legal_basis = "期限届满"
[channels.default]
days_after_end = 1
days_at_most = 1000
"""


def process_on(database: Database, pool: Pool) -> Process:
    return Process("intake", intake_settings(database), pool)


async def erase(process: Process, *, mentions: bool = False, dry_run: bool = False) -> int:
    report = await erase_subject(
        process, f"phone:{PHONE}", BASIS, "boss", with_mentions=mentions, dry_run=dry_run
    )
    return report.erased


async def vault(desk: Desk) -> set[UUID]:
    rows = await desk.intake.database.fetch("SELECT appeal_id FROM intake.vault")
    return {row["appeal_id"] for row in rows}


async def test_a_person_leaves_the_vault_and_the_trail_says_so(
    desk: Desk, database: Database
) -> None:
    own = await desk.letter("1", contact={"phone": "+86 138 0013 8000"})
    other = await desk.letter("2", text=f"请让{PHONE}的机主回电")
    async with database.pool("intake") as pool:
        process = process_on(database, pool)
        assert await erase(process, dry_run=True) == 0
        assert await vault(desk) == {own, other}
        assert await erase(process) == 1
        assert await vault(desk) == {other}
        assert await erase(process) == 0
        told = await desk.last(f"intake-vault-{own}")
        assert (told["data"]["legal_basis"], told["data"]["reason"]) == (BASIS, "subject_request")
        assert (told["actor"]["id"], told["partitionkey"]) == ("boss", str(own))
        assert PHONE not in str(told)
        query = f"/v1/vault/{own}?role=seat&person=p&purpose=contact"
        assert (await desk.get(query, SEATS)).status_code == 410
        assert await erase(process, mentions=True) == 1
        assert await vault(desk) == set()


async def test_a_commitment_can_be_opened_before_and_not_after(
    desk: Desk, database: Database
) -> None:
    letter = await desk.letter("1", contact={"phone": PHONE})
    row = (await database.fetch("SELECT raw, salt FROM intake.vault"))[0]
    text = Submission.model_validate_json(row["raw"]).text
    said = (await desk.last(f"intake-{letter}"))["data"]["commitment"]
    assert hmac.digest(row["salt"], text.encode(), "sha256").hex() == said
    async with database.pool("intake") as pool:
        await erase(process_on(database, pool))
    assert await database.fetch("SELECT salt FROM intake.vault") == []


async def test_a_refused_record_with_the_number_is_emptied_too(
    desk: Desk, database: Database
) -> None:
    broken = submission("b", contact={"phone": PHONE}, occurred_at="gestern")
    await desk.intake.take(sent(broken, 0))
    await desk.intake.take(sent(submission("c", occurred_at="gestern"), 1))
    async with database.pool("intake") as pool:
        await erase(process_on(database, pool))
    rows = await database.fetch("SELECT value, state FROM intake.dead_letters ORDER BY id")
    assert [(row["value"] is None, row["state"]) for row in rows] == [
        (True, "discarded"),
        (False, "parked"),
    ]


async def test_what_a_restore_brings_back_is_erased_again(desk: Desk, database: Database) -> None:
    own = await desk.letter("1", contact={"phone": PHONE})
    before = (await database.fetch("SELECT * FROM intake.vault"))[0]
    async with database.pool("intake") as pool:
        process = process_on(database, pool)
        await erase(process)
        # As from a backup of before the erasure.
        await pool.execute(
            "INSERT INTO vault VALUES ($1, $2, $3, $4, $5)", *(before[n] for n in range(5))
        )
        assert await erase(process) == 0
        known = await erasure.erased_before(pool)
        found = await erasure.still_there(pool, keys_of(process), known)
        assert found.own == (own,)
        fingerprint = keys_of(process).fingerprint(read_subject(f"phone:{PHONE}"))
        assert list(known.subjects) == [fingerprint]
        await erasure.remove(pool, found.own)
    assert await vault(desk) == set()
    assert await desk.types(own, "intake-vault") == ["personal-data-erased"]


async def test_a_supplement_is_found_and_erased_with_its_appeal(
    desk: Desk, database: Database
) -> None:
    letter = await desk.letter("1")
    await desk.does("request-supplement", letter, missing="电话")
    await desk.does("supply-supplement", letter, "producer", text=f"电话{PHONE}")
    async with database.pool("intake") as pool:
        assert await erase(process_on(database, pool), mentions=True) == 1
    assert await database.fetch("SELECT 1 FROM intake.vault_supplements") == []


async def test_a_schedule_erases_what_ended_long_ago_and_nothing_else(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    over, still_open = await desk.letter("1"), await desk.letter("2")
    await desk.does("request-withdrawal", over, "producer", reason="已解决")
    path = tmp_path / "retention.toml"
    path.write_text(RETENTION)
    rules = load_retention(path)
    async with database.pool("intake") as pool:
        process = process_on(database, pool)
        assert await apply(process, rules, "schedule", dry_run=False) == {}
        process.clock = lambda: system_clock() + timedelta(days=2)
        assert await apply(process, rules, "schedule", dry_run=True) == {"letter": 1}
        assert await vault(desk) == {over, still_open}
        assert await apply(process, rules, "schedule", dry_run=False) == {"letter": 1}
    assert await vault(desk) == {still_open}
    assert (await desk.last(f"intake-vault-{over}"))["data"]["legal_basis"] == "期限届满 [test]"


async def test_a_producers_list_is_compared_field_by_field(desk: Desk, database: Database) -> None:
    for number in ("1", "2", "3"):
        await desk.intake.submit(submission(number))
    changed = {"text": "另一件事", "sub_district": "FH"}
    rows = [submission("1"), submission("2", **changed), submission("9")]
    listed = [
        Listed(PRODUCER, Submission.model_validate_json(json.dumps(row)), str(row["sub_district"]))
        for row in rows
    ]
    report = Report()
    async with database.pool("intake") as pool:
        await compare(process_on(database, pool), PRODUCER, listed, report)
    assert report.missing == ["9"]
    assert report.extra == ["3"]
    assert report.differing == {"2": ["sub_district", "text"]}
    assert not report.is_equal
    async with database.pool("intake") as pool:
        equal = Report()
        await compare(process_on(database, pool), PRODUCER, listed[:1], equal)
    assert equal.extra == ["2", "3"]
