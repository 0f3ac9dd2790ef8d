"""Run as a script: holds a stack on the folder it is given until it is killed."""

import asyncio
import os
import sys
from pathlib import Path

from libs.local.stack import local_stack


async def hold(folder: Path) -> None:
    async with local_stack(folder, keep=True, environment=os.environ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(hold(Path(sys.argv[1])))
