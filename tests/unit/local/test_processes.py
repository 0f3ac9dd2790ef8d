import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from libs.local.errors import ServerFailedError
from libs.local.processes import Child, Children, Program
from libs.local.registry import end_leftovers, read_registry, record_of, write_registry

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
IGNORES_SIGTERM = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"


@pytest.fixture
async def children(tmp_path: Path) -> AsyncIterator[Children]:
    children = Children(tmp_path / "processes.json")
    yield children
    for child in tuple(children.living):
        await children.kill(child)


def program(tmp_path: Path, code: str, what: str = "sleeper") -> Program:
    return Program(
        what=what,
        command=(sys.executable, "-c", code),
        directory=tmp_path,
        log=tmp_path / "log" / f"{what}.log",
        environment=os.environ,
    )


def wait_until_up(child: Child) -> None:
    while "up" not in child.program.log.read_text():
        assert child.is_running()


async def test_what_a_killed_parent_left_is_ended_at_the_next_start(
    tmp_path: Path, children: Children
) -> None:
    child = children.start(program(tmp_path, SLEEP))
    wait_until_up(child)
    assert await end_leftovers(children.registry) == ("sleeper",)
    assert child.process.wait(5) == -signal.SIGTERM
    assert read_registry(children.registry) == ()


async def test_a_leftover_that_will_not_go_is_killed(tmp_path: Path, children: Children) -> None:
    child = children.start(program(tmp_path, IGNORES_SIGTERM))
    wait_until_up(child)
    await end_leftovers(children.registry, grace_s=0.2)
    assert child.process.wait(5) == -signal.SIGKILL


async def test_another_process_that_got_the_same_pid_is_left_alone(
    tmp_path: Path, children: Children
) -> None:
    child = children.start(program(tmp_path, SLEEP))
    wait_until_up(child)
    record = record_of(child.pid, "Kafka", signal.SIGKILL)
    older = record.model_copy(update={"created_at": record.created_at - 60})
    write_registry(tmp_path / "other.json", [older])
    assert await end_leftovers(tmp_path / "other.json") == ()
    assert child.is_running()


async def test_a_registry_that_is_not_ours_ends_nothing(tmp_path: Path) -> None:
    registry = tmp_path / "processes.json"
    registry.write_text('[{"pid": 1}]')
    assert await end_leftovers(registry) == ()


async def test_a_child_is_written_down_while_it_lives(tmp_path: Path, children: Children) -> None:
    first = children.start(program(tmp_path, SLEEP, "first"))
    second = children.start(program(tmp_path, SLEEP, "second"))
    wait_until_up(first)
    await children.stop(first)
    assert [record.what for record in read_registry(children.registry)] == ["second"]
    await children.stop_all()
    assert read_registry(children.registry) == ()
    assert not second.is_running()


async def test_a_child_dies_with_its_parent(tmp_path: Path, children: Children) -> None:
    parent_code = (
        "import os, sys, time, pathlib\n"
        "from libs.local.processes import Children, Program\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "command = (sys.executable, '-c', 'import time; time.sleep(60)')\n"
        "program = Program('grandchild', command, here, here / 'grandchild.log', os.environ)\n"
        "child = Children(here / 'grandchild.json').start(program)\n"
        "print('pid', child.pid, 'up', flush=True)\n"
        "time.sleep(60)\n"
    )
    wanted = program(tmp_path, parent_code, "parent")
    parent = children.start(
        Program(
            what=wanted.what,
            command=(*wanted.command, str(tmp_path)),
            directory=tmp_path,
            log=wanted.log,
            environment=os.environ,
        )
    )
    wait_until_up(parent)
    grandchild = psutil.Process(int(wanted.log.read_text().split()[1]))
    os.kill(parent.pid, signal.SIGKILL)
    parent.process.wait(5)
    _, alive = psutil.wait_procs([grandchild], timeout=5)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


async def test_a_command_that_fails_says_where_its_log_is_and_how_it_ends(
    tmp_path: Path, children: Children
) -> None:
    failing = program(tmp_path, "import sys; sys.exit('no room left')")
    with pytest.raises(ServerFailedError, match=r"no room left[\s\S]*sleeper\.log"):
        await children.run(failing, timeout_s=10)
    assert children.living == []


async def test_a_command_that_hangs_is_killed_in_time(tmp_path: Path, children: Children) -> None:
    with pytest.raises(ServerFailedError):
        await children.run(program(tmp_path, SLEEP), timeout_s=0.3)
    assert children.living == []


async def test_a_program_that_does_not_exist_is_a_failure_and_no_silence(
    tmp_path: Path, children: Children
) -> None:
    missing = Program(
        what="missing",
        command=(str(tmp_path / "nothing-here"),),
        directory=tmp_path,
        log=tmp_path / "missing.log",
        environment=os.environ,
    )
    with pytest.raises(ServerFailedError, match="nothing-here"):
        await children.run(missing, timeout_s=10)
