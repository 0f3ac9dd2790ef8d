"""`appeals keys`, as a shell calls it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.outcome import CommandError
from cli.signing import app
from services.dossier.adapters.signing_keys import public_keys, signing_keys

NAME = "appeals.example/dossier"


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_a_made_key_is_listed_trusted_and_private(tmp_path: Path) -> None:
    key = told("make", "--name", NAME, "--dir", str(tmp_path))
    (row,) = json.loads(told("list", "--dir", str(tmp_path), "--json"))
    assert row == {"key": key, "own": True, "trusted": True}
    (private,) = tmp_path.glob("*.pem")
    assert private.stat().st_mode & 0o777 == 0o600


def test_a_second_make_is_refused_and_a_rotation_signs_with_two_keys(tmp_path: Path) -> None:
    told("make", "--name", NAME, "--dir", str(tmp_path))
    with pytest.raises(CommandError, match="rotate"):
        told("make", "--dir", str(tmp_path))
    second = told("rotate", "--dir", str(tmp_path))
    third = told("rotate", "--dir", str(tmp_path))
    assert [str(key.verifier) for key in signing_keys(tmp_path)] == [third, second]
    assert len(public_keys(tmp_path)) == 3
    assert {key.name for key in public_keys(tmp_path)} == {NAME}


def test_a_foreign_key_is_pinned_once_from_text_or_file(tmp_path: Path) -> None:
    key = told("make", "--name", NAME, "--dir", str(tmp_path / "there"))
    written = tmp_path / "key.pub"
    written.write_text(key + "\n")
    assert told("pin", str(written), "--dir", str(tmp_path / "here")).startswith("已信任")
    assert told("pin", key, "--dir", str(tmp_path / "here")).startswith("早已信任")
    (row,) = json.loads(told("list", "--dir", str(tmp_path / "here"), "--json"))
    assert row == {"key": key, "own": False, "trusted": True}


@pytest.mark.parametrize("text", ["", "no key", "a+b+c", "x" * 300])
def test_what_is_no_key_is_refused_in_both_languages(tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError, match="公钥") as caught:
        told("pin", text, "--dir", str(tmp_path))
    assert "public key" in str(caught.value)
    assert caught.value.code == 2


def test_a_rotation_without_a_key_and_a_name_with_blanks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="make"):
        told("rotate", "--dir", str(tmp_path))
    with pytest.raises(CommandError, match="blanks"):
        told("make", "--name", "two words", "--dir", str(tmp_path))
