"""CPU seconds and memory by process, with all that a process has started."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import asyncpg
import psutil

MIB: Final = 1024 * 1024
BACKENDS: Final = """
    SELECT pid, application_name FROM pg_stat_activity
    WHERE application_name LIKE 'appeals-%'
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """CPU seconds since each process began, and MiB of memory, shared pages counted once."""

    cpu_s: Mapping[str, float]
    memory_mib: Mapping[str, float]


@dataclass(slots=True)
class Meter:
    """`roots` maps a name to a process id. PostgreSQL's backends count for whom they serve."""

    roots: Mapping[str, int]
    dsn: str

    async def read(self) -> Reading:
        cpu: dict[str, float] = {}
        memory: dict[str, float] = {}
        for name, pid in self.roots.items():
            with suppress(psutil.NoSuchProcess):
                members = tree(pid)
                cpu[name] = sum(cpu_of(one, is_root=one.pid == pid) for one in members)
                memory[name] = round(sum(memory_of(one) for one in members) / MIB, 1)
        return Reading(cpu | await self.backends(), memory)

    async def backends(self) -> dict[str, float]:
        """A part of `postgres`: the seconds of the backends that serve each service now."""
        connection = await asyncpg.connect(self.dsn)
        try:
            rows = await connection.fetch(BACKENDS)
        finally:
            await connection.close()
        found: dict[str, float] = {}
        for row in rows:
            name = "postgres for " + row["application_name"].removeprefix("appeals-")
            with suppress(psutil.NoSuchProcess):
                seconds = cpu_of(psutil.Process(row["pid"]), is_root=False)
                found[name] = found.get(name, 0.0) + seconds
        return found


def tree(pid: int) -> list[psutil.Process]:
    """Of this process, which is everybody's parent here, itself alone."""
    root = psutil.Process(pid)
    return [root] if pid == os.getpid() else [root, *root.children(recursive=True)]


def cpu_of(process: psutil.Process, *, is_root: bool) -> float:
    """With the children that have ended: a child that lives is counted for itself."""
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        own = times.user + times.system
        ended = times.children_user + times.children_system
        return own + ended if is_root and process.pid != os.getpid() else own
    return 0.0


def memory_of(process: psutil.Process) -> float:
    """Proportional set size, and where the system does not tell it, resident set size."""
    with suppress(psutil.NoSuchProcess):
        try:
            full = process.memory_full_info()
        except psutil.AccessDenied:
            return float(process.memory_info().rss)
        return float(getattr(full, "pss", full.rss))
    return 0.0


def cpu_ms_each(before: Reading, after: Reading, count: int) -> dict[str, float]:
    """Milliseconds of CPU between two readings for each of `count` things."""
    return {
        name: round(1000 * (seconds - before.cpu_s.get(name, 0.0)) / count, 4)
        for name, seconds in after.cpu_s.items()
    }
