"""Until when everything that was said has been heard, for each partition (rule 17a)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from libs.common.contracts.topics import Topic

Offsets: TypeAlias = Mapping[tuple[Topic, int], int]

# A fact needs a moment from its own time to its topic: its writer's commit and relay.
GRACE: Final = timedelta(seconds=2)
# Under a lag the ends that were seen pile up; reading on needs some of them, not all.
MOST_SEEN: Final = 64


@dataclass(frozen=True, slots=True)
class Seen:
    """Where every topic of a partition ended at `at` or later."""

    at: datetime
    ends: Mapping[Topic, int]

    def is_reached(self, partition: int, read: Offsets) -> bool:
        return all(read.get((topic, partition), -1) >= end for topic, end in self.ends.items())


@dataclass(slots=True)
class Watermarks:
    """Fed with the topics' ends and with how far this service has read and stored.

    A partition counts only while all its topics are read by this process.
    """

    topics: Collection[Topic]
    seen: dict[int, list[Seen]] = field(default_factory=dict[int, list[Seen]])
    heard: dict[int, datetime] = field(default_factory=dict[int, datetime])

    def owned(self, assigned: Collection[tuple[Topic, int]]) -> list[int]:
        partitions = sorted({partition for _, partition in assigned})
        return [p for p in partitions if all((topic, p) in assigned for topic in self.topics)]

    def keep_only(self, owned: Collection[int]) -> None:
        self.seen = {p: seen for p, seen in self.seen.items() if p in owned}
        self.heard = {p: at for p, at in self.heard.items() if p in owned}

    def see(self, at: datetime, partition: int, ends: Offsets) -> None:
        """`at` is read from the clock before the ends are asked for."""
        found = Seen(at, {topic: ends[topic, partition] for topic in self.topics})
        seen = self.seen.setdefault(partition, [])
        if len(seen) >= MOST_SEEN:
            seen.pop()
        seen.append(found)

    def hear(self, read: Offsets) -> None:
        for partition, seen in self.seen.items():
            while seen and seen[0].is_reached(partition, read):
                self.heard[partition] = seen.pop(0).at

    @property
    def untils(self) -> dict[int, datetime]:
        """Timers due by then may fire: whatever speaks against them has been heard."""
        return {partition: at - GRACE for partition, at in self.heard.items()}
