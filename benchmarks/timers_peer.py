"""The same timers with pgqueuer (MIT) on the same server, in an environment of its own."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.peer import run

PACKAGES: Final = ("pgqueuer==1.6.0", "asyncpg")
SCRIPT: Final = Path(__file__).with_name("peer_queue.py")


async def peer_timers(dsn: str, open_timers: int, jobs: int) -> dict[str, float]:
    """Rates of arming and draining, and lateness when paced. Raises RuntimeError."""
    with tempfile.TemporaryDirectory() as folder:
        await run(sys.executable, "-m", "venv", folder)
        python = f"{folder}/bin/python"
        await run(python, "-m", "pip", "install", "-q", *PACKAGES)
        asked = {"dsn": dsn, "open": open_timers, "jobs": jobs}
        found: dict[str, float] = json.loads(await run(python, str(SCRIPT), json.dumps(asked)))
        return found
