from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.calendar.command import app


@pytest.mark.parametrize(
    ("name", "content", "options", "reason"),
    [
        ("n.csv", "date,mark,festival\n", [], "a CSV needs --year and --source"),
        ("n.csv", "day,what\n", ["--year", "2027", "--source", "x"], "first row must be"),
        ("n.json", "{}", [], "the calendar data is not usable"),
        ("n.json", '{"year": 2027, "source": "x", "days": {}}', [], "names no day off"),
    ],
)
def test_a_notice_that_can_not_be_used_is_refused_before_anything_is_asked(
    tmp_path: Path, name: str, content: str, options: list[str], reason: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(app, ["import", str(file), *options])
    assert result.exit_code == 2
    assert reason in result.stderr
    assert "工作日历数据无效" in result.stderr


def test_a_missing_file_is_named() -> None:
    result = CliRunner().invoke(app, ["import", "not-there.json"])
    assert result.exit_code == 2
    assert "not-there.json" in result.stderr
