"""Signs what has been chained since the last checkpoint: order, tree, heads, completeness."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

import asyncpg

from libs.common.contracts.dossier import CheckpointSigned
from libs.common.contracts.topics import SERVICES, ServiceName
from libs.common.eventstore.store import Connection
from libs.common.ids import SYSTEM_KEY, named_id
from libs.common.messaging.partitioning import partition_of
from services.dossier.adapters.own_events import OwnEvent, append_own
from services.dossier.adapters.tree_store import last_checkpoint, read_tiles, write_checkpoint
from services.dossier.domain.chain import Algorithm, Digest, Head, digest_of
from services.dossier.domain.checkpoint import Checkpoint, Held, Source, head_leaves
from services.dossier.domain.note import SigningKey, sign
from services.dossier.domain.ordering import Ordering
from services.dossier.domain.tree import Tiles, root_of

COUNTS: Final = "SELECT partition, count FROM leaf_heads ORDER BY partition"
LEAVES: Final = """
    SELECT service, sequence, leaf, position FROM entries
    WHERE partition = $1 AND position > $2 AND position <= $3
    ORDER BY position LIMIT $4
"""
HEADS: Final = "SELECT chain_key, version, hash FROM chain_heads"
PAGE: Final = 2_000
KNOWN: Final[dict[str, ServiceName]] = {service: service for service in SERVICES}
Reading: TypeAlias = "Connection | asyncpg.Connection[asyncpg.Record]"


@dataclass(slots=True)
class Growth:
    """What one checkpoint adds, read in one snapshot."""

    before: Checkpoint | None
    counts: tuple[int, ...]
    tiles: Tiles
    held: dict[Source, Held]
    orderings: list[Ordering] = field(default_factory=list[Ordering])
    heads: list[tuple[str, Head]] = field(default_factory=list[tuple[str, Head]])


@dataclass(frozen=True, slots=True)
class Signer:
    algorithm: Algorithm
    keys: Sequence[SigningKey]
    partitions: int

    @property
    def digest(self) -> Digest:
        return digest_of(self.algorithm)

    async def sign_next(self, connection: Connection, now: datetime) -> CheckpointSigned | None:
        """None where nothing was chained since the last one.

        Raises GapError where a source's numbers jump, and asyncpg.UniqueViolationError or
        StreamConflictError where another copy was faster.
        """
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            growth = await self.read(connection)
        if growth is None:
            return None
        checkpoint = await asyncio.to_thread(self.checkpoint, growth, now)
        note = sign(checkpoint.text(), self.keys)
        event = CheckpointSigned(
            number=checkpoint.number,
            size=checkpoint.size,
            root=checkpoint.root.hex(),
            algorithm=checkpoint.algorithm,
            note=note,
        )
        async with connection.transaction():
            await write_checkpoint(connection, checkpoint, note, growth.tiles)
            await append_own(connection, self.facts(growth, checkpoint, event), now)
        return event

    async def read(self, connection: Connection) -> Growth | None:
        before = await last_checkpoint(connection)
        found = {row["partition"]: row["count"] for row in await connection.fetch(COUNTS)}
        width = max(self.partitions, *(p + 1 for p in found), len(before.counts) if before else 0)
        counts = tuple(found.get(p, 0) for p in range(width))
        if sum(counts) == (before.size if before else 0):
            return None
        size = before.size if before else 0
        tiles = await read_tiles(connection, self.digest, size, ())
        growth = Growth(before, counts, tiles, dict(before.held) if before else {})
        for partition in range(width):
            await self.read_partition(connection, growth, partition)
        rows = await connection.fetch(HEADS)
        growth.heads = [(row["chain_key"], Head(row["version"], row["hash"])) for row in rows]
        return growth

    async def read_partition(self, connection: Connection, growth: Growth, partition: int) -> None:
        counted = growth.before.counts if growth.before else ()
        position = counted[partition] if partition < len(counted) else 0
        end = growth.counts[partition]
        ordering = Ordering(partition, position + 1, growth.held)
        while position < end:
            rows = await connection.fetch(LEAVES, partition, position, end, PAGE)
            for service, sequence, _, _ in rows:
                ordering.take(KNOWN[service], sequence)
            growth.tiles.append([row["leaf"] for row in rows])
            position = rows[-1]["position"]
        growth.orderings.append(ordering)

    def checkpoint(self, growth: Growth, now: datetime) -> Checkpoint:
        return Checkpoint(
            origin=self.keys[0].name,
            number=growth.before.number + 1 if growth.before else 1,
            size=growth.tiles.size,
            root=growth.tiles.root(),
            algorithm=self.algorithm,
            signed_at=now.replace(microsecond=0),
            counts=growth.counts,
            chains=len(growth.heads),
            chains_root=root_of(self.digest, head_leaves(self.digest, growth.heads)),
            held=growth.held,
        )

    def facts(
        self, growth: Growth, checkpoint: Checkpoint, event: CheckpointSigned
    ) -> list[OwnEvent]:
        """The orders first: whoever reads the checkpoint has then read what it counts."""
        cause = named_id(f"{checkpoint.origin}/checkpoint/{checkpoint.number}")
        orders = [
            OwnEvent(
                event=order,
                stream_id=f"dossier-leaves-{ordering.partition}",
                partition=ordering.partition,
                cause=cause,
            )
            for ordering in growth.orderings
            for order in ordering.events()
        ]
        system = partition_of(SYSTEM_KEY, self.partitions)
        signed = OwnEvent(
            event=event, stream_id="dossier-system-checkpoints", partition=system, cause=cause
        )
        return [*orders, signed]
