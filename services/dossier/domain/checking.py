"""Recomputing stored chains. Pure: rows in, breaks out; the reading is done elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from services.dossier.domain.chain import NO_ENTRY, Digest, Head, hash_of, leaf_of

# chain key, version, service, partition, sequence, value, leaf, hash
StoredEntry: TypeAlias = Iterable[Any]
BreakKind: TypeAlias = Literal[
    # of a chain, or of a source's numbers
    "version",
    "leaf",
    "hash",
    "key",
    "head",
    "sequence",
    "offset",
    "position",
    # of the tree and of what was signed about it
    "checkpoint",
    "signature",
    "future",
    "fork",
    "size",
    "root",
    "chains",
    "complete",
    "inclusion",
    # between copies of the same event
    "copy",
    "store",
    "topic",
    "event",
    # of a bundle's file
    "bundle",
    "truncated",
]
MOST_BREAKS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One place where what is stored is not what it must be.

    `chain` names a chain, or `service/partition`, `partition N`, `checkpoint N`, a file.
    """

    kind: BreakKind
    chain: str
    version: int
    expected: str
    found: str


@dataclass(slots=True)
class ChainCheck:
    """Takes entries ordered by chain and version; names the first break of each chain."""

    digest: Digest
    chains: int = 0
    entries: int = 0
    breaks: list[Break] = field(default_factory=list[Break])
    broken_chains: int = 0
    ends: dict[str, Head] = field(default_factory=dict[str, Head])
    key: str | None = None
    head: Head = NO_ENTRY
    is_broken: bool = False

    def take(self, rows: Iterable[StoredEntry]) -> None:
        digest = self.digest
        for key, version, service, partition, sequence, value, leaf, stored in rows:
            self.entries += 1
            if key != self.key:
                self.turn_to(key)
            if self.is_broken:
                continue
            expected_leaf = leaf_of(digest, service, partition, sequence, value)
            expected = hash_of(digest, self.head.hash, version, expected_leaf)
            if version != self.head.version + 1:
                self.broke("version", version, str(self.head.version + 1), str(version))
            elif leaf != expected_leaf:
                self.broke("leaf", version, expected_leaf.hex(), leaf.hex())
            elif stored != expected:
                self.broke("hash", version, expected.hex(), stored.hex())
            self.head = Head(version, stored)

    def turn_to(self, key: str | None) -> None:
        """Ends the chain that was read; call it with None after the last row."""
        if self.key is not None and not self.is_broken:
            self.ends[self.key] = self.head
        self.chains += key is not None
        self.key, self.head, self.is_broken = key, NO_ENTRY, False

    def take_heads(self, stored: Iterable[tuple[str, Head]]) -> None:
        """Compares the ended chains with what the heads say of them, and forgets them."""
        heads = dict(stored)
        for key, end in self.ends.items():
            self.compare(key, heads.get(key, NO_ENTRY), end)
        self.ends.clear()

    def compare(self, key: str, head: Head, end: Head) -> None:
        if head == end:
            return
        self.broken_chains += 1
        self.add(
            Break(
                kind="head",
                chain=key,
                version=min(head.version, end.version) + (head.version != end.version),
                expected=f"{head.version}:{head.hash.hex()}",
                found=f"{end.version}:{end.hash.hex()}",
            )
        )

    def broke(self, kind: BreakKind, version: int, expected: str, found: str) -> None:
        self.is_broken = True
        self.broken_chains += 1
        chain = self.key or ""
        self.add(Break(kind=kind, chain=chain, version=version, expected=expected, found=found))

    def add(self, one: Break) -> None:
        if len(self.breaks) < MOST_BREAKS:
            self.breaks.append(one)
