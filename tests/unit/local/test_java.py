from pathlib import Path

import pytest

from libs.local.errors import JavaMissingError
from libs.local.java import Java, find_java


def java_that_says(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("version", "major"), [("17.0.15", 17), ("21", 21), ("25.0.2", 25), ("18-ea", 18)]
)
def test_a_java_home_with_17_or_later_is_found(tmp_path: Path, version: str, major: int) -> None:
    program = java_that_says(tmp_path, version)
    assert find_java({"JAVA_HOME": str(tmp_path)}) == Java(program, major, "JAVA_HOME")


def test_a_java_8_in_java_home_gives_way_to_a_newer_one_on_the_path(tmp_path: Path) -> None:
    java_that_says(tmp_path / "old", "1.8.0_402")
    program = java_that_says(tmp_path / "new", "21.0.1")
    environment = {"JAVA_HOME": str(tmp_path / "old"), "PATH": f"{program.parent}:/bin"}
    assert find_java(environment) == Java(program, 21, "PATH")


def test_what_appeals_java_names_is_taken_or_refused_but_never_replaced(tmp_path: Path) -> None:
    old = java_that_says(tmp_path / "old", "11.0.2")
    new = java_that_says(tmp_path / "new", "21.0.1")
    environment = {"APPEALS_JAVA": str(old), "PATH": str(new.parent)}
    with pytest.raises(JavaMissingError, match=r"APPEALS_JAVA: .* \(11\)"):
        find_java(environment)
    assert find_java({**environment, "APPEALS_JAVA": str(new)}).program == new


def test_an_appeals_java_that_does_not_exist_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(JavaMissingError, match="nowhere"):
        find_java({"APPEALS_JAVA": str(tmp_path / "nowhere")})


def test_native_access_is_allowed_where_java_asks_for_it() -> None:
    assert Java(Path("java"), 23, "PATH").options == ()
    assert Java(Path("java"), 24, "PATH").options == ("--enable-native-access=ALL-UNNAMED",)
