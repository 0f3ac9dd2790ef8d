"""One stack a state folder: two would write over each other's data."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from libs.local.errors import AlreadyRunningError


@contextmanager
def only_one(path: Path) -> Generator[None]:
    """Raises AlreadyRunningError. The kernel opens the lock when its holder dies, however."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise already_running(path) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def holder(path: Path) -> int | None:
    """The pid of the process that holds the lock, or None when nobody does."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return int(path.read_text() or 0)
    return None


def already_running(path: Path) -> AlreadyRunningError:
    pid = path.read_text() or "?"
    return AlreadyRunningError(
        f"另一套本地服务（进程 {pid}）正在使用 {path.parent}。",
        f"Another local stack (process {pid}) uses {path.parent}.",
        do_zh="请先在它的窗口按 Ctrl-C 停止，或改用另一个状态目录。",
        do_en="Stop it first with Ctrl-C in its window, or use another state folder.",
    )
