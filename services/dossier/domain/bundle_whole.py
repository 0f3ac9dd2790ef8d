"""What a bundle of everything must hold. Pure."""

from dataclasses import dataclass, field

from services.dossier.domain.bundle import (
    CHECKPOINT,
    BundleError,
    Numbered,
)
from services.dossier.domain.bundle_courses import Course, check_key
from services.dossier.domain.chain import NO_ENTRY, Head, hash_of, leaf_of
from services.dossier.domain.checkpoint import Checkpoint, Held, Source, head_leaves
from services.dossier.domain.ordering import GapError, after
from services.dossier.domain.tree import Tiles, root_of


@dataclass(slots=True)
class WholeCourse(Course):
    """Every entry in the order of the tree, and each checkpoint after the last that it holds."""

    tree: Tiles = field(init=False)
    heads: dict[str, Head] = field(default_factory=dict[str, Head])
    held: dict[Source, Held] = field(default_factory=dict[Source, Held])
    counts: dict[int, int] = field(default_factory=dict[int, int])
    page: list[bytes] = field(default_factory=list[bytes])

    def take(self, line: Numbered, kind: frozenset[str]) -> None:
        if kind == CHECKPOINT:
            before = self.checkpoint
            self.check(line, self.read_checkpoint(line), before)
        else:
            self.take_entry(line)

    def take_entry(self, line: Numbered) -> None:
        key, value = line.text("key"), line.value()
        partition, sequence = line.whole("partition", 2**16), line.whole("sequence")
        source = (line.service(), partition)
        try:
            self.held[source] = after(source, self.held.get(source, Held(0)), sequence)
        except GapError as gap:
            expected, found = str(gap.expected), str(gap.found)
            raise BundleError("sequence", line.number, expected, found) from gap
        leaf = leaf_of(self.digest, source[0], partition, sequence, value)
        head = self.heads.get(key, NO_ENTRY)
        version = head.version + 1
        self.heads[key] = Head(version, hash_of(self.digest, head.hash, version, leaf))
        check_key(line, key, value)
        self.counts[partition] = self.counts.get(partition, 0) + 1
        self.page.append(leaf)
        self.verdict.entries += 1

    def check(self, line: Numbered, one: Checkpoint, before: Checkpoint | None) -> None:
        number = before.number + 1 if before else 1
        if one.number != number:
            raise BundleError("checkpoint", line.number, f"checkpoint {number}", str(one.number))
        self.tree.append(self.page)
        self.page = []
        counts = tuple(self.counts.get(p, 0) for p in range(len(one.counts)))
        if (self.tree.size, counts) != (one.size, one.counts):
            raise BundleError("size", line.number, str(one.size), str(self.tree.size))
        if (root := self.tree.root()) != one.root:
            raise BundleError("root", line.number, one.root.hex(), root.hex())
        if self.held != dict(one.held):
            raise BundleError("complete", line.number, str(len(one.held)), str(len(self.held)))
        if one.number == self.header.last:
            self.check_heads(line, one)
        self.verdict.covered, self.verdict.chains = one.size, len(self.heads)

    def check_heads(self, line: Numbered, one: Checkpoint) -> None:
        root = root_of(self.digest, head_leaves(self.digest, self.heads.items()))
        if (len(self.heads), root) != (one.chains, one.chains_root):
            raise BundleError("chains", line.number, one.chains_root.hex(), root.hex())

    def end(self, line: Numbered) -> None:
        if self.page:
            raise BundleError("size", line.number, str(self.tree.size), str(self.verdict.entries))
        self.finish(line)
