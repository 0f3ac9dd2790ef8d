"""Child processes that die with us, are written down, and are stopped in order."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

import psutil

from libs.local import launch
from libs.local.account import Account, own_account
from libs.local.errors import ServerFailedError
from libs.local.registry import (
    POLL_S,
    Started,
    all_ended,
    read_registry,
    record_of,
    write_registry,
)

TAIL_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Program:
    """`command[0]` is an absolute path; `stop_signal` is also sent when this process dies."""

    what: str
    command: tuple[str, ...]
    directory: Path
    log: Path
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Child:
    program: Program
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_running(self) -> bool:
        return self.process.poll() is None


def wrapped(program: Program) -> list[str]:
    account = program.account or own_account()
    numbers = (os.getpid(), program.stop_signal.value, account.uid, account.gid)
    wrapper = [sys.executable, "-I", "-S", launch.__file__]
    return [*wrapper, *map(str, numbers), *program.command]


class Children:
    """Start from a thread that lives on: on Linux a child is signalled when that thread ends."""

    def __init__(self, registry: Path) -> None:
        self.registry = registry
        self.living: list[Child] = []

    def start(self, program: Program) -> Child:
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            # A session of its own: Ctrl-C in a terminal reaches us alone, and we stop it in order.
            process = subprocess.Popen(  # noqa: S603 - the command is ours, without a shell
                wrapped(program),
                cwd=program.directory,
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        child = Child(program, process)
        self.living.append(child)
        self.write_down(child)
        return child

    def write_down(self, child: Child) -> None:
        with suppress(psutil.NoSuchProcess):
            new = record_of(child.pid, child.program.what, child.program.stop_signal.value)
            known = (record for record in read_registry(self.registry) if record.find())
            write_registry(self.registry, (*known, new))

    def strike_out(self, child: Child) -> None:
        self.living.remove(child)
        known = read_registry(self.registry)
        write_registry(self.registry, (record for record in known if record.pid != child.pid))

    async def run(self, program: Program, *, timeout_s: float) -> None:
        """To its end. Raises ServerFailedError when that is not 0, or does not come in time."""
        child = self.start(program)
        try:
            if await ended(child, timeout_s) and child.process.returncode == 0:
                return
            raise failed(program)
        finally:
            await self.kill(child)

    async def stop(self, child: Child, *, grace_s: float = 30.0) -> None:
        if child.is_running():
            child.process.send_signal(child.program.stop_signal)
            await ended(child, grace_s)
        await self.kill(child)

    async def kill(self, child: Child) -> None:
        """At once, and waits for its own children too, which die when they notice."""
        if child.is_running():
            below = records_below(child)
            child.process.kill()
            await ended(child, 30.0)
            await all_ended(below, 10.0)
        if child in self.living:
            self.strike_out(child)

    async def stop_all(self) -> None:
        """The youngest first is not needed: what depends on another is stopped by its owner."""
        await asyncio.gather(*(self.stop(child) for child in tuple(self.living)))


def records_below(child: Child) -> list[Started]:
    records: list[Started] = []
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(child.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                records.append(record_of(process.pid, child.program.what, signal.SIGKILL))
    return records


async def ended(child: Child, timeout_s: float) -> bool:
    deadline = monotonic() + timeout_s
    while child.is_running():
        if monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True


def failed(program: Program) -> ServerFailedError:
    lines = program.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    last = "\n".join(lines)
    return ServerFailedError(
        f"{program.what} 未能启动，日志最后几行：\n{last}\n",
        f"{program.what} did not start; its log ends as shown above.",
        do_zh=f"完整日志在 {program.log}。",
        do_en=f"The whole log is {program.log}.",
    )
