"""The order of a partition's leaves, told in runs of one service, and what it proves to hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from libs.common.contracts.dossier import MOST_RUNS, LeafRun, LeavesOrdered
from libs.common.contracts.topics import ServiceName
from services.dossier.domain.checkpoint import Held, Source

# Of its own topic the dossier leaves out what says how the tree is made.
HAS_NO_LEAVES: Final = "dossier"


class GapError(Exception):
    """A source's numbers jump: a tree over them could not say that it holds them all."""

    def __init__(self, source: Source, expected: int, found: int) -> None:
        super().__init__(f"{source[0]}/{source[1]}: {found} after {expected - 1}")
        self.source = source
        self.expected = expected
        self.found = found


@dataclass(slots=True)
class Ordering:
    """Takes one partition's leaves as they were chained."""

    partition: int
    first_position: int
    held: dict[Source, Held]
    runs: list[tuple[ServiceName, int, int]] = field(
        default_factory=list[tuple[ServiceName, int, int]]
    )

    def take(self, service: ServiceName, sequence: int) -> None:
        """Raises GapError."""
        source = (service, self.partition)
        self.held[source] = after(source, self.held.get(source, Held(0)), sequence)
        if self.runs:
            last_service, first, count = self.runs[-1]
            if last_service == service and first + count == sequence:
                self.runs[-1] = (service, first, count + 1)
                return
        self.runs.append((service, sequence, 1))

    def events(self) -> Iterator[LeavesOrdered]:
        position = self.first_position
        for start in range(0, len(self.runs), MOST_RUNS):
            some = self.runs[start : start + MOST_RUNS]
            yield LeavesOrdered(
                partition=self.partition,
                first_position=position,
                runs=tuple(
                    LeafRun(service=service, first_sequence=first, count=count)
                    for service, first, count in some
                ),
            )
            position += sum(count for _, _, count in some)


def after(source: Source, held: Held, sequence: int) -> Held:
    """What is held with one leaf more. Raises GapError."""
    skipped = sequence - held.last - 1
    if skipped < 0 or (skipped and source[0] != HAS_NO_LEAVES):
        raise GapError(source, held.last + 1, sequence)
    return Held(sequence, held.left_out + skipped)


def leaves_of(
    orders: Iterable[LeavesOrdered],
) -> Iterator[tuple[int, ServiceName, int]]:
    """(position, service, sequence) of each leaf, as the order events of one partition say.

    What an order tells again, as it may after a restored backup, is passed over.
    """
    done = 0
    for order in orders:
        position = order.first_position
        for run in order.runs:
            for sequence in range(run.first_sequence, run.first_sequence + run.count):
                if position > done:
                    yield position, run.service, sequence
                    done = position
                position += 1


def index_of(
    boundaries: Iterable[tuple[int, tuple[int, ...]]],
    partition: int,
    position: int,
) -> int | None:
    """A leaf's place in the tree, from 0; None where no checkpoint holds it yet.

    `boundaries` are size and counts of the checkpoints in their order: tree order is checkpoint,
    partition, position (rule 21).
    """
    before_size = 0
    before: tuple[int, ...] = ()
    for size, counts in boundaries:
        if position <= counts[partition]:
            earlier = sum(counts[p] - at(before, p) for p in range(partition))
            return before_size + earlier + position - at(before, partition) - 1
        before_size, before = size, counts
    return None


def at(counts: tuple[int, ...], partition: int) -> int:
    return counts[partition] if partition < len(counts) else 0
