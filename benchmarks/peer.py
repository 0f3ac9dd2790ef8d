"""The recorder of the eventsourcing package on the same server, in an environment of its own."""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

PACKAGES: Final = ("eventsourcing==9.5.6", "psycopg[binary,pool]")
SCRIPT: Final = Path(__file__).with_name("peer_recorder.py")


async def peer_rates(dsn: str, events: int) -> dict[str, int]:
    """Events a second of its two batch shapes. Raises RuntimeError where it can not be had."""
    with tempfile.TemporaryDirectory() as folder:
        await run(sys.executable, "-m", "venv", folder)
        python = f"{folder}/bin/python"
        await run(python, "-m", "pip", "install", "-q", *PACKAGES)
        parts = urlsplit(dsn)
        server = {
            "dbname": parts.path.lstrip("/"),
            "host": parts.hostname,
            "port": str(parts.port),
            "user": parts.username,
            "password": parts.password,
        }
        found: dict[str, int] = json.loads(
            await run(python, str(SCRIPT), json.dumps({"server": server, "events": events}))
        )
        return found


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await process.communicate()
    if process.returncode != 0:
        # The arguments hold a password, so only the program is named.
        name, last = Path(command[0]).name, errors.decode()[-400:]
        problem = f"{name} ended with {process.returncode}: {last}"
        raise RuntimeError(problem)
    return output.decode()
