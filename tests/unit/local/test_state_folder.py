import json
import os
import socket
from pathlib import Path

import pytest

from libs.local.account import Account
from libs.local.errors import AlreadyRunningError, PostgresMissingError
from libs.local.lock import holder, only_one
from libs.local.place import reachable_place, remove_place
from libs.local.ports import kept_ports
from libs.local.registry import record_of

STRANGER = Account(uid=54321, gid=54321)


def test_a_second_stack_on_the_same_folder_is_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        only_one(path),
        pytest.raises(AlreadyRunningError, match=f"进程 {os.getpid()}.*\n.*process {os.getpid()}"),
        only_one(path),
    ):
        pass


def test_the_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert holder(path) is None
    with only_one(path):
        assert holder(path) == os.getpid()
    assert holder(path) is None
    with only_one(path):
        assert holder(path) == os.getpid()


def test_ports_stay_the_same_while_they_are_free(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    first = kept_ports(path, 2)
    assert kept_ports(path, 2) == first
    with socket.create_server(("127.0.0.1", first[0])):
        moved = kept_ports(path, 2)
    assert first[0] not in moved
    assert json.loads(path.read_text()) == moved


def test_a_folder_below_a_closed_one_is_out_of_reach_for_a_stranger(tmp_path: Path) -> None:
    below = tmp_path / "closed" / "below"
    below.mkdir(parents=True, mode=0o755)
    (tmp_path / "closed").chmod(0o700)
    assert not STRANGER.may_enter(below)
    assert Account(os.getuid(), os.getgid()).may_enter(below)


def test_an_open_folder_is_its_own_place(tmp_path: Path) -> None:
    own = Account(os.getuid(), os.getgid())
    assert reachable_place(tmp_path, own) == tmp_path


def test_a_noted_place_that_is_gone_is_an_error_and_not_an_empty_start(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("/var/tmp/appeals-postgres-gone")  # noqa: S108 - never made
    with pytest.raises(PostgresMissingError, match="appeals-postgres-gone"):
        reachable_place(tmp_path, STRANGER)


def test_a_note_that_names_a_folder_of_others_removes_nothing(tmp_path: Path) -> None:
    precious = tmp_path / "appeals-postgres-not-ours"
    precious.mkdir()
    (tmp_path / "elsewhere").write_text(str(precious))
    remove_place(tmp_path, Account(os.getuid(), os.getgid()))
    assert precious.is_dir()


def test_this_process_is_found_by_its_own_record() -> None:
    record = record_of(os.getpid(), "test", 15)
    assert record.find() is not None
