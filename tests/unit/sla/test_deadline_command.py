import json
from typing import Final

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.deadline import deadline

APP: Final = typer.Typer()
APP.command()(deadline)
ACCEPTED: Final = "2026-09-29T10:00:00+08:00"


def ask(policy: str, clock: str, accepted: str, *more: str) -> Result:
    options = ["--policy", policy, "--clock", clock, "--accepted", accepted, *more]
    return CliRunner().invoke(APP, options)


def test_the_answer_as_json_names_every_day() -> None:
    result = ask("baoan", "resolve", "2026-09-29T02:00:07.5Z", "--urgency", "normal", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer == {
        "policy": "baoan",
        "policy_version": "baoan-2026.1",
        "clock": "resolve",
        "urgency": "normal",
        "accepted": "2026-09-29T10:00:07.500000+08:00",
        "due": "2026-10-09T18:00:00+08:00",
        "limit": {"unit": "working_days", "amount": 3},
        "target_due": None,
        "counted": [
            {"date": "2026-09-30", "reason": "工作日"},
            {"date": "2026-10-08", "reason": "工作日"},
            {"date": "2026-10-09", "reason": "工作日"},
        ],
        "skipped": [{"date": f"2026-10-0{day}", "reason": "国庆节"} for day in range(1, 8)],
        "provisional": False,
        "calendar_version": "cn-2026.1",
        "source": "宝安 published text: 常态类一般 3 个工作日",
        "runs": True,
    }


def test_the_answer_as_text_shows_due_time_days_and_doubt() -> None:
    result = ask("guangming", "resolve", "2026-12-14T09:00:00+08:00")
    assert "2027-01-04T18:00:00+08:00" in result.stdout
    assert "2027-01-03  跳过 skipped  周末不作期限末日" in result.stdout
    assert "provisional" in result.stdout


def test_seconds_and_offset_are_kept_by_a_limit_in_hours() -> None:
    result = ask("baoan", "resolve", "2026-09-29T12:30:59-05:00", "--urgency", "urgent", "--json")
    assert json.loads(result.stdout)["due"] == "2026-09-30T13:30:59+08:00"


def test_an_interim_reply_that_is_not_owed_says_so() -> None:
    assert json.loads(ask("baoan", "interim", ACCEPTED, "--json").stdout)["runs"] is False
    assert json.loads(ask("zhongshan", "interim", ACCEPTED, "--json").stdout)["runs"] is True


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("atlantis", "resolve", ACCEPTED), "没有名为 'atlantis' 的时限政策"),
        (("baoan", "lunch", ACCEPTED), "there is no clock 'lunch'"),
        (("baoan", "resolve", ACCEPTED, "--urgency", "asap"), "there is no urgency 'asap'"),
        (("baoan", "resolve", "tomorrow"), "'tomorrow' is no time"),
        (("baoan", "resolve", "2026-02-30T10:00:00+08:00"), "is no time"),
        (("baoan", "resolve", "9999-12-31T23:59:59Z"), "is no time"),
        (("baoan", "resolve", "2026-09-29T10:00:00"), "时间缺少时区偏移"),
        (("baoan", "resolve", "2026-09-29"), "has no UTC offset"),
        (("baoan", "resolve", "2030-09-29T10:00:00+08:00"), "超出工作日历范围"),
    ],
)
def test_a_slip_of_the_user_ends_with_two_and_both_languages(
    arguments: tuple[str, str, str], reason: str
) -> None:
    result = ask(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert reason in result.stderr
    assert " / " in result.stderr
