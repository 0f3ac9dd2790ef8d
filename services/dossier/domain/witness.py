"""Checkpoints checked against recomputed leaves, and against the copies of outside witnesses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.dossier.domain.chain import Algorithm, Digest, Head
from services.dossier.domain.checkpoint import (
    Checkpoint,
    Held,
    Source,
    head_leaves,
    parse_checkpoint,
)
from services.dossier.domain.note import Note, NoteError, VerifierKey, parse_note
from services.dossier.domain.trail import Breaks, PartitionTrail
from services.dossier.domain.tree import Tiles, root_of

# Clocks of two machines may differ by this much.
TOLERANCE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """`keys` are pinned outside of what is checked; without any, signatures are not looked at.

    Without `now`, times are not either.
    """

    keys: Sequence[VerifierKey]
    now: datetime | None


def read_note(text: str, where: str, trust: Trust, breaks: Breaks) -> Checkpoint | None:
    """None, with the break named, for what is not a checkpoint signed by a trusted key."""
    try:
        note = parse_note(text)
        checkpoint = parse_checkpoint(note.text)
    except NoteError as error:
        breaks.add("checkpoint", where, 0, "appeals-dossier v1", str(error))
        return None
    if not is_trusted(note, checkpoint, trust):
        expected = ", ".join(f"{key.name}+{key.id.hex()}" for key in trust.keys)
        found = ", ".join(f"{one.name}+{one.key_id.hex()}" for one in note.signatures)
        breaks.add("signature", where, checkpoint.number, expected, found)
        return None
    if trust.now is not None and checkpoint.signed_at > trust.now + TOLERANCE:
        said, now = checkpoint.signed_at.isoformat(), trust.now.isoformat(timespec="seconds")
        breaks.add("future", where, checkpoint.number, f"<= {now}", said)
        return None
    return checkpoint


def is_trusted(note: Note, checkpoint: Checkpoint, trust: Trust) -> bool:
    """A key signs for its own log alone."""
    if not trust.keys:
        return True
    return note.signed_by([key for key in trust.keys if key.name == checkpoint.origin]) is not None


def read_series(
    notes: Iterable[tuple[int, str]], algorithm: Algorithm, trust: Trust, breaks: Breaks
) -> list[Checkpoint]:
    """Those that follow each other; the first that does not is named and ends the series."""
    series: list[Checkpoint] = []
    for number, text in notes:
        where = f"checkpoint {number}"
        checkpoint = read_note(text, where, trust, breaks)
        if checkpoint is None:
            break
        if problem := misfit(series, checkpoint, number, algorithm):
            breaks.add("checkpoint", where, number, *problem)
            break
        series.append(checkpoint)
    return series


def misfit(
    series: Sequence[Checkpoint], one: Checkpoint, number: int, algorithm: Algorithm
) -> tuple[str, str] | None:
    """(expected, found) where it can not come next."""
    expected = len(series) + 1
    if (number, one.number) != (expected, expected):
        return f"number {expected}", f"number {one.number} in row {number}"
    if one.algorithm != algorithm:
        return algorithm, one.algorithm
    if not series:
        return None
    before = series[-1]
    if one.origin != before.origin:
        return before.origin, one.origin
    is_later = one.signed_at >= before.signed_at and len(one.counts) >= len(before.counts)
    if not is_later or any(a > b for a, b in zip(before.counts, one.counts, strict=False)):
        return f"no smaller than checkpoint {before.number}", f"size {one.size}"
    return None


@dataclass(slots=True)
class TreeCheck:
    """Puts leaves into the order of the tree, and compares it at each checkpoint."""

    digest: Digest
    breaks: Breaks
    trails: Mapping[int, PartitionTrail]
    tree: Tiles = field(init=False)
    good: list[Checkpoint] = field(default_factory=list[Checkpoint])

    def __post_init__(self) -> None:
        self.tree = Tiles(self.digest, 0, {})

    def check(self, series: Sequence[Checkpoint]) -> None:
        """Stops at the first checkpoint that does not hold: those after it would not either."""
        counted: tuple[int, ...] = ()
        for index, one in enumerate(series):
            if not self.grow(one, counted) or not self.holds(one, index):
                return
            self.good.append(one)
            counted = one.counts
        if series:
            self.check_chains(series[-1])

    def grow(self, one: Checkpoint, counted: Sequence[int]) -> bool:
        for partition, count in enumerate(one.counts):
            trail = self.trails.get(partition)
            leaves = trail.leaves if trail else []
            if count > len(leaves):
                where, held = f"checkpoint {one.number}", f"partition {partition}: {len(leaves)}"
                self.breaks.add(
                    "size", where, len(leaves) + 1, f"partition {partition}: {count}", held
                )
                return False
            start = counted[partition] if partition < len(counted) else 0
            self.tree.append(leaves[start:count])
        return True

    def holds(self, one: Checkpoint, index: int) -> bool:
        where, root = f"checkpoint {one.number}", self.tree.root()
        if root != one.root:
            self.breaks.add("root", where, one.size, one.root.hex(), root.hex())
            return False
        held: dict[Source, Held] = {}
        for trail in self.trails.values():
            if index < len(trail.held_at):
                held.update(trail.held_at[index])
        if held != dict(one.held):
            self.name_source(one, held)
            return False
        return True

    def name_source(self, one: Checkpoint, held: Mapping[Source, Held]) -> None:
        source = min(k for k in held.keys() | one.held.keys() if held.get(k) != one.held.get(k))
        expected, found = str(one.held.get(source)), str(held.get(source))
        where = f"{source[0]}/{source[1]}"
        self.breaks.add("complete", where, one.number, expected, found)

    def check_chains(self, last: Checkpoint) -> None:
        heads: list[tuple[str, Head]] = []
        for trail in self.trails.values():
            heads.extend(trail.heads_at_last.items())
        root = root_of(self.digest, head_leaves(self.digest, heads))
        if (len(heads), root) != (last.chains, last.chains_root):
            expected = f"{last.chains} {last.chains_root.hex()}"
            found = f"{len(heads)} {root.hex()}"
            self.breaks.add("chains", f"checkpoint {last.number}", last.number, expected, found)

    def compare_copies(self, copies: Iterable[tuple[str, str]], trust: Trust) -> int:
        """How many of an outsider's checkpoints were looked at; each must be a past of ours."""
        compared = 0
        ours = {one.number: one for one in self.good}
        for name, text in copies:
            compared += 1
            copy = read_note(text, name, trust, self.breaks)
            if copy is None:
                continue
            mine = ours.get(copy.number)
            if mine is None:
                held = f"{len(self.good)} checkpoints, {self.tree.size} leaves"
                self.breaks.add("copy", name, copy.number, f"{copy.size} leaves", held)
            elif mine.text() != copy.text():
                self.breaks.add("fork", name, copy.number, copy.root.hex(), mine.root.hex())
        return compared
