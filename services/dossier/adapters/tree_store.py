"""Checkpoints and the tree's hashes in PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from services.dossier.domain.chain import Digest
from services.dossier.domain.checkpoint import Checkpoint, parse_checkpoint
from services.dossier.domain.note import parse_note
from services.dossier.domain.tree import TileKey, Tiles, tiles_for

LAST: Final = "SELECT note FROM checkpoints ORDER BY number DESC LIMIT 1"
ALL: Final = "SELECT number, note FROM checkpoints ORDER BY number"
INSERT: Final = """
    INSERT INTO checkpoints (number, size, root, note, signed_at) VALUES ($1, $2, $3, $4, $5)
"""
TILES: Final = """
    SELECT height, index, hashes FROM tree_tiles
    WHERE (height, index) IN (SELECT * FROM unnest($1::smallint[], $2::bigint[]))
"""
WRITE_TILES: Final = """
    INSERT INTO tree_tiles (height, index, hashes)
    SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
    ON CONFLICT (height, index) DO UPDATE SET hashes = excluded.hashes
"""


async def last_checkpoint(connection: Any) -> Checkpoint | None:  # noqa: ANN401 - pool's or own
    """Raises NoteError where somebody has put another text in its place."""
    note: str | None = await connection.fetchval(LAST)
    return None if note is None else parse_checkpoint(parse_note(note).text)


async def all_notes(connection: Any) -> Sequence[tuple[int, str]]:  # noqa: ANN401 - pool's or own
    return [(row["number"], row["note"]) for row in await connection.fetch(ALL)]


async def read_tiles(
    connection: Any,  # noqa: ANN401 - pool's or own
    digest: Digest,
    size: int,
    leaves: Collection[int],
) -> Tiles:
    """What proofs about these leaves, or none, in the tree of `size` leaves need."""
    wanted: set[TileKey] = set()
    for index in leaves or (max(0, size - 1),):
        wanted |= tiles_for(index, size)
    heights, indexes = [height for height, _ in wanted], [index for _, index in wanted]
    rows = await connection.fetch(TILES, heights, indexes)
    return Tiles(digest, size, {(row["height"], row["index"]): row["hashes"] for row in rows})


async def write_checkpoint(
    connection: Any,  # noqa: ANN401 - pool's or own
    checkpoint: Checkpoint,
    note: str,
    tiles: Tiles,
) -> None:
    await connection.execute(
        INSERT,
        checkpoint.number,
        checkpoint.size,
        checkpoint.root,
        note,
        checkpoint.signed_at,
    )
    changed = sorted(tiles.changed)
    await connection.execute(
        WRITE_TILES,
        [height for height, _ in changed],
        [index for _, index in changed],
        [tiles.tiles[key] for key in changed],
    )
