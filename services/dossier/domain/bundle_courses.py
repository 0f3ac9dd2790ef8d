"""What a bundle of one enterprise must hold, and what every bundle must. Pure."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from services.dossier.domain.bundle import (
    CHAIN,
    CHECKPOINT,
    BundleError,
    Numbered,
    Scope,
)
from services.dossier.domain.bundle import Head as Header
from services.dossier.domain.chain import NO_ENTRY, Digest, Head, digest_of, hash_of, leaf_of
from services.dossier.domain.checking import BreakKind
from services.dossier.domain.checkpoint import Checkpoint, head_leaf
from services.dossier.domain.entries import chain_key_of
from services.dossier.domain.trail import Breaks, spelled
from services.dossier.domain.tree import root_by_inclusion
from services.dossier.domain.witness import Trust, read_note

MISSING: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleBreak:
    kind: BreakKind
    line: int
    expected: str
    found: str


@dataclass(slots=True)
class BundleVerdict:
    """What the bundle proves; with a break it proves nothing."""

    scope: Scope | None = None
    origin: str | None = None
    algorithm: str | None = None
    checkpoints: int = 0
    size: int = 0
    root: str | None = None
    chains: int = 0
    entries: int = 0
    covered: int = 0
    first_break: BundleBreak | None = None

    @property
    def is_whole(self) -> bool:
        return self.first_break is None

    def as_json(self) -> dict[str, Any]:
        return {"whole": self.is_whole, **asdict(self)}


@dataclass(slots=True)
class Course:
    """What both kinds of bundle share: the header and the checkpoints so far."""

    header: Header
    trust: Trust
    verdict: BundleVerdict
    digest: Digest = field(init=False)
    checkpoint: Checkpoint | None = None

    def __post_init__(self) -> None:
        self.digest = digest_of(self.header.algorithm)

    def read_checkpoint(self, line: Numbered) -> Checkpoint:
        breaks = Breaks()
        found = read_note(line.text("checkpoint"), "", self.trust, breaks)
        if found is None:
            one = breaks.found[0]
            raise BundleError(one.kind, line.number, one.expected, one.found)
        header = self.header
        if (found.origin, found.algorithm) != (header.origin, header.algorithm):
            expected = f"{header.origin} {header.algorithm}"
            raise BundleError(
                "checkpoint", line.number, expected, f"{found.origin} {found.algorithm}"
            )
        self.checkpoint = found
        self.verdict.checkpoints += 1
        self.verdict.size, self.verdict.root = found.size, found.root.hex()
        return found

    def finish(self, line: Numbered) -> None:
        number = self.checkpoint.number if self.checkpoint else 0
        if number != self.header.last:
            raise BundleError(
                "checkpoint", line.number, f"checkpoint {self.header.last}", str(number)
            )


def check_key(line: Numbered, key: str, value: bytes) -> None:
    """What is no envelope says no key."""
    try:
        envelope: Any = json.loads(value)
        said: object = envelope["partitionkey"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return
    if isinstance(said, str) and chain_key_of(said.encode("utf-8", "replace")) != key:
        raise BundleError("key", line.number, key[:100], said[:100])


@dataclass(slots=True)
class EnterpriseCourse(Course):
    """Chains one after the other, each with the proof of its end and of every entry."""

    chain: Numbered | None = None
    head: Head = NO_ENTRY
    last_index: int = -1

    def take(self, line: Numbered, kind: frozenset[str]) -> None:
        if kind == CHECKPOINT and self.checkpoint is None:
            self.read_checkpoint(line)
        elif kind == CHAIN and self.checkpoint is not None:
            self.end_chain()
            self.chain, self.verdict.chains = line, self.verdict.chains + 1
            self.head, self.last_index = NO_ENTRY, -1
        elif kind not in (CHECKPOINT, CHAIN) and self.chain is not None:
            self.take_entry(line, self.chain.text("chain"))
        else:
            raise line.wrong("checkpoint,chain,entry", sorted(line.fields))

    def take_entry(self, line: Numbered, key: str) -> None:
        version, value = line.whole("version"), line.value()
        if version != self.head.version + 1:
            raise BundleError("version", line.number, str(self.head.version + 1), str(version))
        partition, sequence = line.whole("partition", 2**16), line.whole("sequence")
        leaf = leaf_of(self.digest, line.service(), partition, sequence, value)
        self.head = Head(version, hash_of(self.digest, self.head.hash, version, leaf))
        check_key(line, key, value)
        self.prove(line, leaf)
        self.verdict.entries += 1

    def prove(self, line: Numbered, leaf: bytes) -> None:
        index, proof, checkpoint = line.whole("index"), line.proof(), self.checkpoint
        if checkpoint is None:
            return
        root = None
        if index > self.last_index:
            root = root_by_inclusion(self.digest, leaf, index, checkpoint.size, proof)
        self.last_index = index
        if root != checkpoint.root:
            found = root.hex() if root else MISSING
            raise BundleError("inclusion", line.number, checkpoint.root.hex(), found)
        self.verdict.covered += 1

    def end_chain(self) -> None:
        """The end that the checkpoint knows is where the proved entries end: none is kept back."""
        line, checkpoint = self.chain, self.checkpoint
        if line is None or checkpoint is None:
            return
        said = Head(line.whole("version"), line.hash("hash"))
        if said != self.head:
            raise BundleError("chains", line.number, spelled(said), spelled(self.head))
        leaf = head_leaf(self.digest, line.text("chain"), said)
        root = root_by_inclusion(
            self.digest, leaf, line.whole("index"), checkpoint.chains, line.proof()
        )
        if root != checkpoint.chains_root:
            found = root.hex() if root else MISSING
            raise BundleError("chains", line.number, checkpoint.chains_root.hex(), found)

    def end(self, line: Numbered) -> None:
        self.end_chain()
        self.finish(line)
