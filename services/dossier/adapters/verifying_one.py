"""One chain: recomputed, and each entry and its end proved to stand in the last checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from services.dossier.adapters.proving import (
    Boundaries,
    ProvenEntry,
    heads_at,
    prove_entries,
    read_boundaries,
)
from services.dossier.domain.chain import NO_ENTRY, Digest, Head
from services.dossier.domain.checking import ChainCheck
from services.dossier.domain.checkpoint import Checkpoint, head_leaves
from services.dossier.domain.trail import Breaks, spelled
from services.dossier.domain.tree import root_by_inclusion, root_of
from services.dossier.domain.witness import Trust, read_note

HEAD: Final = "SELECT version, hash FROM chain_heads WHERE chain_key = $1"


@dataclass(slots=True)
class One:
    chain_key: str
    digest: Digest
    breaks: Breaks = field(default_factory=Breaks)
    chains: int = 0
    entries: int = 0
    covered: int = 0
    checkpoint: Checkpoint | None = None

    def recompute(self, entries: Sequence[ProvenEntry], head: Head) -> None:
        check = ChainCheck(self.digest)
        check.take(
            (self.chain_key, e.version, e.service, e.partition, e.sequence, e.value, e.leaf, e.hash)
            for e in entries
        )
        check.turn_to(None)
        if entries:
            check.take_heads([(self.chain_key, head)])
        else:
            check.compare(self.chain_key, head, NO_ENTRY if head == NO_ENTRY else Head(0, b""))
        self.chains, self.entries = check.chains, check.entries
        for one in check.breaks:
            self.breaks.add(one.kind, one.chain, one.version, one.expected, one.found)

    def prove(self, entries: Sequence[ProvenEntry], checkpoint: Checkpoint) -> Head:
        """The chain's end at the checkpoint, by the entries that stand in its tree."""
        end, last_index = NO_ENTRY, -1
        for entry in entries:
            if entry.index is None:
                break
            root = root_by_inclusion(
                self.digest, entry.leaf, entry.index, checkpoint.size, entry.proof
            )
            if root != checkpoint.root or entry.index <= last_index:
                found = root.hex() if root else "-"
                self.breaks.add(
                    "inclusion", self.chain_key, entry.version, checkpoint.root.hex(), found
                )
                break
            end, last_index = Head(entry.version, entry.hash), entry.index
            self.covered += 1
        return end

    def compare_end(
        self, heads: Sequence[tuple[str, Head]], end: Head, checkpoint: Checkpoint
    ) -> None:
        root = root_of(self.digest, head_leaves(self.digest, heads))
        where = f"checkpoint {checkpoint.number}"
        if root != checkpoint.chains_root:
            expected, found = checkpoint.chains_root.hex(), root.hex()
            self.breaks.add("chains", where, checkpoint.number, expected, found)
        known = dict(heads).get(self.chain_key, NO_ENTRY)
        if known != end:
            self.breaks.add("chains", self.chain_key, end.version + 1, spelled(known), spelled(end))


async def verify_one(
    connection: "asyncpg.Connection[asyncpg.Record]",
    digest: Digest,
    chain_key: str,
    trust: Trust,
) -> One:
    one = One(chain_key, digest)
    boundaries = await read_boundaries(connection)
    entries = await proven(connection, one, boundaries)
    row = await connection.fetchrow(HEAD, chain_key)
    one.recompute(entries, Head(row["version"], row["hash"]) if row else NO_ENTRY)
    if boundaries is not None and not one.breaks.count:
        where = f"checkpoint {boundaries.checkpoint.number}"
        one.checkpoint = read_note(boundaries.note, where, trust, one.breaks)
        if one.checkpoint is not None:
            end = one.prove(entries, one.checkpoint)
            one.compare_end(await heads_at(connection, one.checkpoint), end, one.checkpoint)
    return one


async def proven(
    connection: "asyncpg.Connection[asyncpg.Record]", one: One, boundaries: Boundaries | None
) -> list[ProvenEntry]:
    try:
        return await prove_entries(connection, one.digest, one.chain_key, boundaries)
    except KeyError as error:
        # The tiles only save time, but without them one chain alone can not be proved.
        level, index = error.args[0]
        one.breaks.add("inclusion", f"tile {level}/{index}", 0, "a stored tile", "-")
        return await prove_entries(connection, one.digest, one.chain_key, None)
