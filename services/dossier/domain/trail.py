"""Everything that was chained, recomputed in the order of chaining, in one pass. Pure.

Whoever rewrites a chain to its end must also move leaves of the tree, and the tree's root is
signed: so the order, the keys and the bytes of all entries hang on the checkpoints alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError

from services.dossier.domain.chain import LEAF, LINK, NO_ENTRY, U64, Digest, Head
from services.dossier.domain.checking import MOST_BREAKS, Break, BreakKind
from services.dossier.domain.checkpoint import Held, Source
from services.dossier.domain.entries import chain_key_of
from services.dossier.domain.ordering import HAS_NO_LEAVES

# position, chain key, service, sequence, value, version, leaf, hash; the last three are None where
# only the records are there, and the value is None where only the tree is to be recomputed.
TrailRow: TypeAlias = Iterable[Any]
NO_MARK: Final = 2**63
LONGEST_SHOWN: Final = 100


class Keyed(BaseModel):
    partitionkey: str


KEYED: Final = TypeAdapter(Keyed)


@dataclass(slots=True)
class Breaks:
    """Counts all; keeps the first hundred."""

    found: list[Break] = field(default_factory=list[Break])
    count: int = 0

    def add(self, kind: BreakKind, where: str, number: int, expected: str, found: str) -> None:
        self.count += 1
        if len(self.found) < MOST_BREAKS:
            one = Break(kind=kind, chain=where, version=number, expected=expected, found=found)
            self.found.append(one)


@dataclass(slots=True)
class Chain:
    """One chain so far; `marker` is what an envelope under this key must say."""

    marker: bytes
    version: int = 0
    hash: bytes = NO_ENTRY.hash
    is_broken: bool = False


@dataclass(slots=True)
class PartitionTrail:
    """Takes one partition's entries by position; a chain's first break only is named.

    At each of `marks`, which rise, it remembers what was held, and at the last one every head.
    """

    digest: Digest
    partition: int
    breaks: Breaks
    marks: Sequence[int] = ()
    position: int = 0
    next_mark: int = NO_MARK
    broken_chains: int = 0
    leaves: list[bytes] = field(default_factory=list[bytes])
    chains: dict[str, Chain] = field(default_factory=dict[str, Chain])
    last: dict[str, int] = field(default_factory=dict[str, int])
    left_out: dict[str, int] = field(default_factory=dict[str, int])
    held_at: list[Mapping[Source, Held]] = field(default_factory=list[Mapping[Source, Held]])
    heads_at_last: Mapping[str, Head] = field(default_factory=dict[str, Head])

    def __post_init__(self) -> None:
        self.reach_marks()

    def take(self, rows: Iterable[TrailRow]) -> None:
        digest, chains, leaves, last = self.digest, self.chains, self.leaves, self.last
        prefixes: dict[str, bytes] = {}
        for position, key, service, sequence, value, version, leaf, stored in rows:
            if position != self.position + 1:
                self.jump(position)
            self.position = position
            if last.get(service, 0) + 1 == sequence:
                last[service] = sequence
            else:
                self.count(service, sequence)
            prefix = prefixes.get(service) or prefixes.setdefault(service, self.prefix(service))
            expected_leaf = leaf
            if value is not None:
                expected_leaf = digest(prefix + (sequence & U64).to_bytes(8) + value)
            leaves.append(expected_leaf)
            chain = chains.get(key) or self.begin(key)
            chain.version = number = chain.version + 1
            link = digest(LINK + chain.hash + number.to_bytes(8) + expected_leaf)
            chain.hash = link
            if stored != link or leaf != expected_leaf or version != number:
                self.name(key, (version, leaf, stored), (number, expected_leaf, link))
            if value is not None and chain.marker not in value:
                self.check_key(key, number, value)
            if position >= self.next_mark:
                self.reach_marks()

    def begin(self, key: str) -> Chain:
        marker = b'"partitionkey":"' + key.encode() + b'"'
        chain = self.chains[key] = Chain(marker)
        return chain

    def prefix(self, service: str) -> bytes:
        name = service.encode()
        return LEAF + (len(name) & 0xFF).to_bytes(1) + name + (self.partition & 0xFFFF).to_bytes(2)

    def jump(self, position: int) -> None:
        where = f"partition {self.partition}"
        self.breaks.add("position", where, self.position + 1, str(self.position + 1), str(position))

    def count(self, service: str, sequence: int) -> None:
        """A number that is not the next one: of the dossier's own topic some are no leaves."""
        expected = self.last.get(service, 0) + 1
        if service == HAS_NO_LEAVES and sequence > expected:
            self.left_out[service] = self.left_out.get(service, 0) + sequence - expected
        else:
            where = f"{service}/{self.partition}"
            self.breaks.add("sequence", where, expected, str(expected), str(sequence))
        self.last[service] = max(sequence, expected - 1)

    def check_key(self, key: str, version: int, value: bytes) -> None:
        """What is no envelope says no key; its place then hangs on the order alone."""
        try:
            said = KEYED.validate_json(value).partitionkey
        except ValidationError:
            return
        if chain_key_of(said.encode("utf-8", "replace")) != key:
            self.break_chain("key", key, version, said[:LONGEST_SHOWN], key)

    def name(
        self, key: str, stored: tuple[int | None, bytes, bytes], expected: tuple[int, bytes, bytes]
    ) -> None:
        version, leaf, link = stored
        if version is None:
            return
        if version != expected[0]:
            self.break_chain("version", key, version, str(expected[0]), str(version))
        elif leaf != expected[1]:
            self.break_chain("leaf", key, version, expected[1].hex(), leaf.hex())
        else:
            self.break_chain("hash", key, version, expected[2].hex(), link.hex())

    def break_chain(
        self, kind: BreakKind, key: str, version: int, expected: str, found: str
    ) -> None:
        if not self.chains[key].is_broken:
            self.chains[key].is_broken = True
            self.broken_chains += 1
            self.breaks.add(kind, key, version, expected, found)

    def reach_marks(self) -> None:
        while len(self.held_at) < len(self.marks):
            self.next_mark = self.marks[len(self.held_at)]
            if self.position < self.next_mark:
                return
            self.held_at.append(self.held())
        self.next_mark = NO_MARK
        self.heads_at_last = self.heads()

    def held(self) -> dict[Source, Held]:
        return {
            (service, self.partition): Held(last, self.left_out.get(service, 0))
            for service, last in self.last.items()
        }

    def heads(self) -> dict[str, Head]:
        return {key: Head(chain.version, chain.hash) for key, chain in self.chains.items()}

    def compare_heads(self, stored: Mapping[str, Head]) -> None:
        """With what the table of heads says of this partition's chains."""
        for key in sorted(stored.keys() | self.chains.keys()):
            head, chain = stored.get(key, NO_ENTRY), self.chains.get(key)
            end = Head(chain.version, chain.hash) if chain else Head(0, b"")
            if chain is not None and chain.is_broken:
                continue
            if head != end:
                self.broken_chains += 1
                number = min(head.version, end.version) + (head.version != end.version)
                self.breaks.add("head", key, number, spelled(head), spelled(end))


def spelled(head: Head) -> str:
    return f"{head.version}:{head.hash.hex()}"
