"""What a figure means nothing without: the machine, how busy it was, and how it syncs."""

import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import asyncpg

from libs.local.programs import find_programs

SYNC_SECONDS: Final = 1
SYNC_WITHIN_S: Final = 120
# The first block of its output: `fdatasync    12345.678 ops/sec      81 usecs/op`.
SYNC_LINE: Final = re.compile(r"^\s+(\w+)\s+[\d.]+ ops/sec\s+(\d+) usecs/op", re.MULTILINE)
SETTINGS: Final = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "shared_buffers",
)


async def machine_facts(dsn: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """`load_before` is the load average before the run: other work shared the machine."""
    connection = await asyncpg.connect(dsn)
    try:
        settings = {
            name: await connection.fetchval("SELECT current_setting($1)", name) for name in SETTINGS
        }
    finally:
        await connection.close()
    return {
        "cores": os.cpu_count(),
        "cpu": cpu_name(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "postgres": settings,
        "pg_test_fsync_us": sync_times(environment),
    }


def cpu_name() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except FileNotFoundError:
        return platform.processor()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found.group(1) if found else platform.machine()


def sync_times(environment: Mapping[str, str]) -> dict[str, int]:
    """Microseconds of one 8 kB write and sync by each method; empty where the tool is missing."""
    program = find_programs(environment).folder / "pg_test_fsync"
    if not program.exists():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's own, without a shell
            [program, "-s", str(SYNC_SECONDS), "-f", f"{folder}/probe"],
            capture_output=True,
            text=True,
            check=False,
            timeout=SYNC_WITHIN_S,
        )
    first_block = done.stdout.partition("two 8kB")[0]
    return {method: int(us) for method, us in SYNC_LINE.findall(first_block)}
