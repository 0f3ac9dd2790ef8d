"""The only place that asks the machine for the time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC. Business rules turn it into Asia/Shanghai where a rule speaks of days."""
    return datetime.now(UTC)  # noqa: TID251 - every other module takes a Clock
