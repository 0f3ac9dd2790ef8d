"""The two long verbs as processes of their own: the whole demo, and `up` through a kill -9."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from cli.fleet import read_running
from libs.common.contracts.topics import SERVICES
from libs.local.account import server_account
from libs.local.place import remove_place
from libs.local.registry import read_registry
from libs.local.stack import running_stack

STATE = Path(os.environ.get("APPEALS_TEST_STATE_DIR", ".local")).absolute()
DEMO_WITHIN_S = 900
UP_WITHIN_S = 900


def environment_of(folder: Path) -> dict[str, str]:
    """The model is shared with other runs: to train it anew would only take time."""
    ours = {n: v for n, v in os.environ.items() if not n.startswith("APPEALS_")}
    return ours | {"APPEALS_STATE_DIR": str(folder)}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "cli.main", *words]


def shared_model(folder: Path) -> None:
    (STATE / "model").mkdir(parents=True, exist_ok=True)
    (folder / "model").symlink_to(STATE / "model")


def test_the_demo_accounts_for_every_row_and_leaves_nothing_running(tmp_path: Path) -> None:
    shared_model(tmp_path)
    ended = subprocess.run(  # noqa: S603 - our own command
        command("demo", "--json"),
        env=environment_of(tmp_path),
        capture_output=True,
        text=True,
        timeout=DEMO_WITHIN_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    account: dict[str, Any] = found["account"]
    places = ("dispatched", "review", "parked", "refused", "repeats")
    assert account["sent"] == sum(account[place] for place in places) == 449
    assert (account["refused"], account["repeats"], account["parked"]) == (19, 2, 2)
    assert account["lost"] == account["without_clocks"] == account["not_in_dossier"] == []
    assert found["verified"]["whole"]
    assert found["verified"]["entries"] == found["overview"]["entries"]
    assert found["late_steps_missing"] == 0
    kinds = {row["kind"] for row in found["overview"]["escalations_by_level"]}
    assert kinds >= {"warning-raised", "limit-passed", "supervised", "level-raised"}
    assert len(found["overview"]["by_category"]) == 10
    assert found["actions"]["closed"] > 0
    assert read_registry(tmp_path / "passing" / "processes.json") == ()
    assert [path.name for path in (tmp_path / "passing").iterdir()] == ["lock"]


def start_up(folder: Path) -> subprocess.Popen[str]:
    with (folder / "up.log").open("w") as log:
        up = subprocess.Popen(  # noqa: S603 - our own command
            command("up"), env=environment_of(folder), stdout=log, stderr=log, text=True
        )
    deadline = time.monotonic() + UP_WITHIN_S
    while "Ctrl-C" not in (folder / "up.log").read_text():
        assert up.poll() is None, (folder / "up.log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return up


def living(folder: Path) -> set[str]:
    records = read_registry(folder / "kept" / "processes.json")
    return {record.what for record in records if record.find()}


def test_up_survives_kill_9_of_itself_and_of_a_service_and_leaves_no_orphan(
    tmp_path: Path,
) -> None:
    shared_model(tmp_path)
    try:
        first = start_up(tmp_path)
        everything = {"Kafka", "PostgreSQL", *SERVICES}
        assert living(tmp_path) == everything
        first.kill()
        first.wait(10)
        orphans = read_registry(tmp_path / "kept" / "processes.json")
        again = start_up(tmp_path)
        assert [record.what for record in orphans if record.find()] == []
        assert living(tmp_path) == everything
        router_is_started_again(tmp_path)
        again.send_signal(signal.SIGINT)
        assert again.wait(90) == 0
        assert living(tmp_path) == set()
        assert running_stack(tmp_path) is None
    finally:
        remove_place(tmp_path / "kept" / "postgres", server_account())


def router_is_started_again(folder: Path) -> None:
    before = next(one for one in read_running(folder / "kept") if one.name == "router")
    psutil.Process(before.pid).kill()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        now = next(one for one in read_running(folder / "kept") if one.name == "router")
        if now.pid != before.pid:
            assert now.port == before.port
            return
        time.sleep(0.2)
    raise AssertionError((folder / "up.log").read_text())
