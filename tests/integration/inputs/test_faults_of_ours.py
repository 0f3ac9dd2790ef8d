"""When something of ours fails, the sender is told whether to come again, and no log quotes him."""

import pytest

from tests.support.intake import Intake, submission

PRIVATE = "13800001234"


async def test_without_a_database_the_sender_is_told_to_come_again(intake: Intake) -> None:
    await intake.apply.pool.close()
    answer = await intake.submit(submission("a"))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "unavailable"
    assert answer.json()["message_zh"]
    assert answer.json()["message_en"]


async def test_an_error_of_the_database_reaches_neither_sender_nor_log(
    intake: Intake, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    # PostgreSQL quotes the whole row when a check fails, and asyncpg's error quotes PostgreSQL.
    await intake.database.fetch("ALTER TABLE intake.progress ADD CHECK (source_id = 'other')")
    answer = await intake.submit(submission(f"GD{PRIVATE}", text=f"电话 {PRIVATE}"))
    assert answer.status_code == 500
    assert answer.json()["code"] == "fault"
    captured = capfd.readouterr()
    said = answer.text + captured.out + captured.err + caplog.text
    assert "CheckViolationError 23514" in said
    assert PRIVATE not in said
    assert (await intake.submit(submission("other"))).status_code == 202
