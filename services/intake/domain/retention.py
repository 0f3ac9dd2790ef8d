"""When personal data in the vault has been kept long enough. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Schedule:
    """In calendar days: after the appeal has ended, and in all since it was stored."""

    days_after_end: int
    days_at_most: int


@dataclass(frozen=True, slots=True)
class RetentionRules:
    version: str
    legal_basis: str
    channels: Mapping[str, Schedule]

    def schedule(self, channel: str) -> Schedule:
        return self.channels.get(channel) or self.channels[DEFAULT]


@dataclass(frozen=True, slots=True)
class Held:
    """What the vault holds of one appeal; `ended_at` is None while it is open."""

    channel: str
    stored_at: datetime
    ended_at: datetime | None


def expires_at(rules: RetentionRules, held: Held) -> datetime:
    """The first of the two limits of the channel's schedule."""
    schedule = rules.schedule(held.channel)
    at_most = held.stored_at + timedelta(days=schedule.days_at_most)
    if held.ended_at is None:
        return at_most
    return min(at_most, held.ended_at + timedelta(days=schedule.days_after_end))
