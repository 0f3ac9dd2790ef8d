"""The container way is valid and keeps its promises, without an engine to run it."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from cli.documents.openapi import PORTS
from cli.documents.written import ROOT
from cli.setup import PASSWORD
from libs.common.contracts.topics import SERVICES
from libs.common.runtime.credentials import CREDENTIALS

DEPLOY: Final = ROOT / "deploy"
COMPOSE: Final = Path(sysconfig.get_path("scripts")) / "docker-compose"
ONCE: Final = ("migrate", "topics")
IMAGES: Final = {"apache/kafka:4.3.1", "postgres:18", "appeals:0.1.0"}


def run(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    plain = {name: value for name, value in os.environ.items() if not name.startswith("APPEALS_")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=plain)  # noqa: S603


def compose(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return run(COMPOSE, "-f", folder / "compose.yaml", *arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of deploy/ as it is in the repository, so without any secret."""
    for name in ("compose.yaml", "new_secrets.py"):
        shutil.copy(DEPLOY / name, tmp_path)
    return tmp_path


@pytest.fixture
def ready(folder: Path) -> Path:
    assert run(sys.executable, folder / "new_secrets.py").returncode == 0
    return folder


@pytest.fixture
def config(ready: Path) -> dict[str, Any]:
    answer = compose(ready, "config", "--format", "json")
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_the_file_is_valid_once_secrets_are_made(ready: Path) -> None:
    answer = compose(ready, "config", "-q")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_without_secrets_nothing_starts_on_empty_passwords(folder: Path) -> None:
    answer = compose(folder, "config", "-q")
    assert answer.returncode == 1
    assert "run new_secrets.py first" in answer.stderr


def test_a_misspelt_word_is_noticed(ready: Path) -> None:
    path = ready / "compose.yaml"
    path.write_text(path.read_text().replace("depends_on:", "depend_on:"))
    assert compose(ready, "config", "-q").returncode != 0


def test_it_runs_every_service_and_what_they_need(config: dict[str, Any]) -> None:
    assert set(config["services"]) == {*SERVICES, *ONCE, "kafka", "postgres"}
    for service in SERVICES:
        assert config["services"][service]["command"] == ["run", service]
        assert config["services"][service]["healthcheck"]["test"][0] == "CMD"
    assert {one["image"] for one in config["services"].values()} == IMAGES


def test_ports_are_open_to_this_machine_alone(config: dict[str, Any]) -> None:
    ports = [
        (name, port) for name, one in config["services"].items() for port in one.get("ports", [])
    ]
    assert {port["host_ip"] for _, port in ports} == {"127.0.0.1"}
    ours = {name: int(port["published"]) for name, port in ports if name in SERVICES}
    assert ours == PORTS


def test_our_containers_can_change_nothing_and_gain_no_right(config: dict[str, Any]) -> None:
    for name in (*SERVICES, *ONCE):
        one = config["services"][name]
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]


def test_a_service_holds_its_own_password_and_no_other(config: dict[str, Any]) -> None:
    passwords = {
        service: config["services"]["migrate"]["environment"][PASSWORD + service.upper()]
        for service in SERVICES
    }
    assert len(set(passwords.values())) == len(SERVICES)
    admin = config["services"]["migrate"]["environment"]["APPEALS_POSTGRES__DSN"]
    for service in SERVICES:
        text = json.dumps(config["services"][service]["environment"])
        held = {name for name, password in passwords.items() if password in text}
        assert held == {service}
        assert admin not in text


def test_secrets_are_drawn_once_and_never_again(ready: Path) -> None:
    before = (ready / ".env").read_text()
    answer = run(sys.executable, ready / "new_secrets.py")
    assert answer.returncode == 1
    assert (ready / ".env").read_text() == before
    for path in (ready / ".env", ready / "secrets" / "postgres"):
        assert path.stat().st_mode & 0o077 == 0


def test_services_know_the_hash_of_each_callers_key(ready: Path) -> None:
    assert run(sys.executable, ready / "new_secrets.py", "department", "zrj").returncode == 0
    callers = CREDENTIALS.validate_json((ready / "secrets" / "credentials.json").read_bytes())
    found = {(role, one.unit): one.key_sha256 for one in callers for role in one.roles}
    assert found.keys() == {("producer", "hotline"), ("auditor", "audit"), ("department", "zrj")}
    for (role, unit), digest in found.items():
        key = (ready / "secrets" / f"{role}-{unit}.key").read_bytes()
        assert sha256(key).hexdigest() == digest


@pytest.mark.parametrize("wrong", [("king", "zrj"), ("department", "../x"), ("department",)])
def test_a_caller_with_a_wrong_role_or_unit_is_refused(ready: Path, wrong: tuple[str]) -> None:
    assert run(sys.executable, ready / "new_secrets.py", *wrong).returncode == 2


def test_what_git_would_take_from_the_folder_holds_no_secret(ready: Path) -> None:
    ignored = (DEPLOY / ".gitignore").read_text().split()
    assert ignored == [".env", "secrets/"]
    made = {path.name for path in ready.iterdir()} - {"compose.yaml", "new_secrets.py"}
    assert made == {".env", "secrets"}


def test_the_image_installs_by_hash_and_does_not_run_as_root() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.12-slim"] * 2
    assert "pip install --no-cache-dir --require-hashes" in text
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE)[-1] == "10001:10001"
    assert 'ENTRYPOINT ["python", "-m", "cli.main"]' in text


def test_the_image_gets_what_it_copies_and_no_more() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = set(re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE))
    allowed = set(
        re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    )
    assert {name for line in copied for name in line.split()} == allowed
    assert [name for name in allowed if not (ROOT / name).exists()] == []
