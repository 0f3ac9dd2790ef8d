"""A file of what was started, so that the next start can end what a killed parent left behind."""

import asyncio
import os
import signal
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

import psutil
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

# psutil derives the creation time from the wall clock, which may be stepped a little.
CLOCK_TOLERANCE_S: Final = 2.0
POLL_S: Final = 0.02


class Started(BaseModel):
    """`created_at` is in seconds since 1970; pid and creation time together name one process."""

    model_config = ConfigDict(frozen=True)

    pid: int
    created_at: float
    what: str
    stop_signal: int

    def find(self) -> psutil.Process | None:
        """The very process that was started, or None when it has ended, even if unreaped."""
        try:
            process = psutil.Process(self.pid)
            ended = process.status() == psutil.STATUS_ZOMBIE
            other = abs(process.create_time() - self.created_at) > CLOCK_TOLERANCE_S
        except psutil.NoSuchProcess:
            return None
        return None if ended or other else process


RECORDS: Final = TypeAdapter(tuple[Started, ...])


def record_of(pid: int, what: str, stop_signal: int) -> Started:
    """Raises psutil.NoSuchProcess when it is gone already."""
    created_at = psutil.Process(pid).create_time()
    return Started(pid=pid, created_at=created_at, what=what, stop_signal=stop_signal)


def write_registry(path: Path, records: Iterable[Started]) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_bytes(RECORDS.dump_json(tuple(records)))
    temporary.replace(path)


def read_registry(path: Path) -> tuple[Started, ...]:
    """Empty when there is no such file, or when it is not one of ours."""
    try:
        return RECORDS.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return ()


async def end_leftovers(path: Path, *, grace_s: float = 15.0) -> tuple[str, ...]:
    """Ends the recorded processes that still live, politely and then not; returns their names."""
    living = [record for record in read_registry(path) if record.find()]
    for record in living:
        send(record, record.stop_signal)
        # A process that was suspended obeys only once it goes on.
        send(record, signal.SIGCONT)
    if not await all_ended(living, grace_s):
        for record in living:
            send(record, signal.SIGKILL)
        await all_ended(living, grace_s)
    write_registry(path, ())
    return tuple(record.what for record in living)


def send(record: Started, signal_number: int) -> None:
    process = record.find()
    if process is not None:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal_number)


async def all_ended(records: Sequence[Started], timeout_s: float) -> bool:
    deadline = monotonic() + timeout_s
    while any(record.find() for record in records):
        if monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True


async def wait_until_empty(directory: Path, timeout_s: float) -> None:
    """Until no process works in `directory`; orphans of a killed server leave by themselves."""
    deadline = monotonic() + timeout_s
    while monotonic() < deadline:
        if not any(works_in(directory, process) for process in psutil.process_iter()):
            return
        await asyncio.sleep(POLL_S)


def works_in(directory: Path, process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.pid != os.getpid() and Path(process.cwd()) == directory
    return False
