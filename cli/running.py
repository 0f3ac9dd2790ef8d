"""Commands that Ctrl-C and SIGTERM end in order, so that nothing is left running."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")
POLITE: Final = (signal.SIGTERM, signal.SIGHUP)


class StoppedError(Exception):
    """A signal asked the command to end, and it has."""


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Raises KeyboardInterrupt after Ctrl-C and StoppedError after SIGTERM, all cleaned up."""
    return asyncio.run(stoppable(work))


async def stoppable(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.ensure_future(work)
    stopped = asyncio.Event()

    def stop() -> None:
        stopped.set()
        task.cancel()

    for number in POLITE:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        return await task
    except asyncio.CancelledError:
        if stopped.is_set():
            raise StoppedError from None
        raise
