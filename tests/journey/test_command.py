"""The command as a person types it: exit codes, and words instead of tracebacks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import VERBS


def appeals(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("APPEALS_")}
    environment["APPEALS_STATE_DIR"] = str(folder)
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "cli.main", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_help_names_every_verb(tmp_path: Path) -> None:
    shown = appeals(tmp_path, "--help")
    assert shown.returncode == 0
    assert [verb for verb in VERBS if verb not in shown.stdout] == []


@pytest.mark.parametrize("words", [["nonsense"], ["run", "nonsense"], ["ingest", "no-such-file"]])
def test_what_can_not_be_meant_is_a_usage_error(tmp_path: Path, words: list[str]) -> None:
    ended = appeals(tmp_path, *words)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("verb", ["status", "verify", "topics", "migrate", "watch"])
def test_without_a_stack_a_person_is_told_how_to_get_one(tmp_path: Path, verb: str) -> None:
    ended = appeals(tmp_path, verb)
    assert ended.returncode == 4
    assert "appeals up" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_down_without_a_stack_does_no_harm(tmp_path: Path) -> None:
    assert appeals(tmp_path, "down").returncode == 0


def test_doctor_prints_json_for_programs(tmp_path: Path) -> None:
    found = json.loads(appeals(tmp_path, "doctor", "--json").stdout)
    assert {one["name"] for one in found} >= {"python", "java", "postgresql"}


def test_a_dry_run_shows_the_mapping_and_no_personal_value(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    rows = (
        "工单编号,来电时间,联系电话,诉求内容\nT1,2026-11-02 10:00:00,13800000001,厂门口停水三天\n"
    )
    sheet.write_text(rows, encoding="utf-8")
    ended = appeals(tmp_path, "ingest", str(sheet), "--dry-run", "--json")
    shown = json.loads(ended.stdout)
    assert shown["mapping"]["contact_phone"] == "联系电话"
    assert shown["rows"] == 1
    assert "13800000001" not in ended.stdout


def test_a_service_without_its_settings_names_them(tmp_path: Path) -> None:
    ended = appeals(tmp_path, "run", "router")
    assert ended.returncode == 2
    assert "APPEALS_FINGERPRINT_KEY" in ended.stderr
