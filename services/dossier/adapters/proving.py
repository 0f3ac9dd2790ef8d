"""Proofs out of the stored tree: that an entry, and a chain's end, stand in a checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.dossier.adapters.tree_store import all_notes, read_tiles
from services.dossier.domain.chain import Digest, Head
from services.dossier.domain.checkpoint import Checkpoint, head_leaves, parse_checkpoint
from services.dossier.domain.note import NoteError, parse_note
from services.dossier.domain.ordering import index_of
from services.dossier.domain.tree import Proof, Tiles

ENTRIES: Final = """
    SELECT chain_key, version, service, partition, sequence, value, leaf, hash, position
    FROM entries WHERE chain_key = $1 ORDER BY version
"""
# Heads as they were at a checkpoint: where a chain has grown since, its last entry before that.
HEADS_AT: Final = """
    WITH later AS (
        SELECT n.chain_key, min(n.version) - 1 AS version
        FROM unnest($1::smallint[], $2::bigint[]) AS c(partition, count)
        JOIN entries n ON n.partition = c.partition AND n.position > c.count
        GROUP BY n.chain_key)
    SELECT h.chain_key, coalesce(e.version, h.version) AS version, coalesce(e.hash, h.hash) AS hash
    FROM chain_heads h
    LEFT JOIN later l ON l.chain_key = h.chain_key
    LEFT JOIN entries e ON e.chain_key = l.chain_key AND e.version = l.version
    WHERE l.version IS DISTINCT FROM 0
"""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The last checkpoint as it was signed, and where each one before it ended."""

    note: str
    checkpoint: Checkpoint
    ends: Sequence[tuple[int, tuple[int, ...]]]

    def index(self, partition: int, position: int) -> int | None:
        return index_of(self.ends, partition, position)


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """`index` is None where no checkpoint holds the entry yet."""

    version: int
    service: str
    partition: int
    sequence: int
    value: bytes
    leaf: bytes
    hash: bytes
    index: int | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class ProvenHead:
    """Where the chain ended at the checkpoint, and its proof in the tree of all heads."""

    head: Head
    index: int
    proof: Proof


async def read_boundaries(connection: Any) -> Boundaries | None:  # noqa: ANN401 - pool's or own
    """None where nothing was signed yet, or where a checkpoint can not be read."""
    notes = await all_notes(connection)
    try:
        checkpoints = [parse_checkpoint(parse_note(text).text) for _, text in notes]
    except NoteError:
        return None
    if not checkpoints:
        return None
    ends = [(one.size, one.counts) for one in checkpoints]
    return Boundaries(notes[-1][1], checkpoints[-1], ends)


async def prove_entries(
    connection: Any,  # noqa: ANN401 - pool's or own
    digest: Digest,
    chain_key: str,
    boundaries: Boundaries | None,
) -> list[ProvenEntry]:
    """Raises KeyError where a stored tile is not there."""
    rows = await connection.fetch(ENTRIES, chain_key)
    places = [
        boundaries.index(row["partition"], row["position"]) if boundaries else None for row in rows
    ]
    covered = [place for place in places if place is not None]
    tiles = Tiles(digest, 0, {})
    if boundaries is not None and covered:
        tiles = await read_tiles(connection, digest, boundaries.checkpoint.size, covered)
    return [
        ProvenEntry(
            version=row["version"],
            service=row["service"],
            partition=row["partition"],
            sequence=row["sequence"],
            value=row["value"],
            leaf=row["leaf"],
            hash=row["hash"],
            index=place,
            proof=[] if place is None else tiles.inclusion(place),
        )
        for row, place in zip(rows, places, strict=True)
    ]


async def heads_at(connection: Any, checkpoint: Checkpoint) -> list[tuple[str, Head]]:  # noqa: ANN401 - pool's or own
    """All chains in the order of their keys, as the checkpoint saw them."""
    partitions = list(range(len(checkpoint.counts)))
    rows = await connection.fetch(HEADS_AT, partitions, list(checkpoint.counts))
    return sorted((row["chain_key"], Head(row["version"], row["hash"])) for row in rows)


def prove_head(
    digest: Digest, heads: Sequence[tuple[str, Head]], chain_key: str
) -> ProvenHead | None:
    """None for a chain that the checkpoint does not know yet."""
    tiles = Tiles(digest, 0, {})
    tiles.append(head_leaves(digest, heads))
    for index, (key, head) in enumerate(heads):
        if key == chain_key:
            return ProvenHead(head, index, tiles.inclusion(index))
    return None
