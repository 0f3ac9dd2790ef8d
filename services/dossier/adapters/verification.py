"""Stored chains and the tree recomputed from their bytes, in one snapshot, while services run.

Without a pinned key or a copy outside, whoever has all rights on the database could rewrite it
whole: what hangs on the database alone is checked against itself only.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import asyncpg

from services.dossier.adapters.tree_store import all_notes
from services.dossier.adapters.verifying_one import One, verify_one
from services.dossier.domain.chain import Algorithm, Head, digest_of
from services.dossier.domain.checking import Break
from services.dossier.domain.checkpoint import Checkpoint
from services.dossier.domain.trail import Breaks, PartitionTrail
from services.dossier.domain.witness import TreeCheck, Trust, read_series

FORMAT: Final = "SELECT algorithm FROM chain_format"
# Only the tree needs what lies outside the range; `value` then stays in the table.
ENTRIES: Final = """
    SELECT position, chain_key, service, sequence,
           CASE WHEN position > $2 AND position <= $3 THEN value END, version, leaf, hash
    FROM entries WHERE partition = $1 ORDER BY position
"""
HEADS: Final = "SELECT chain_key, version, hash FROM chain_heads WHERE partition = $1"
COUNTS: Final = """
    SELECT partition, max(count)::bigint AS count, max(last)::bigint AS last FROM (
        SELECT partition, count, 0 AS last FROM leaf_heads
        UNION ALL SELECT partition, 0, max(position) FROM entries GROUP BY partition
        UNION ALL SELECT partition, 0, 0 FROM chain_heads) AS p
    GROUP BY partition ORDER BY partition
"""
# How far each source has been read, against how far it is held.
READ: Final = """
    SELECT split_part(topic, '.', 2) AS service, partition, last_sequence FROM consumer_offsets
    WHERE topic NOT LIKE '%.dossier.%' ORDER BY 1, 2
"""
CHUNK: Final = 2_000
WHOLE: Final = (0, 2**62)
NO_TRUST: Final = Trust(keys=(), now=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`broken_chains` and `broken` count all; `breaks` names the first 100 places.

    `covered` is how many leaves the last good checkpoint holds: later ones wait for the next.
    """

    algorithm: str
    chains: int
    entries: int
    broken_chains: int
    breaks: tuple[Break, ...]
    broken: int = 0
    checkpoints: int = 0
    covered: int = 0
    root: str | None = None
    copies: int = 0
    has_trusted_key: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.breaks

    def as_json(self) -> dict[str, Any]:
        return {"whole": self.is_whole, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to verify: all, one chain, or the bytes that checkpoints `span` added to the tree.

    `copies` are (name, text) of checkpoints that an outsider kept.
    """

    trust: Trust = NO_TRUST
    chain_key: str | None = None
    span: tuple[int, int] | None = None
    copies: Sequence[tuple[str, str]] = ()
    progress: Callable[[int], None] = field(default=lambda _: None)


async def verify(
    connection: "asyncpg.Connection[asyncpg.Record]",
    chain_key: str | None = None,
    task: Task | None = None,
) -> Verdict:
    """One chain, or all of them, the tree over them and the completeness of every source."""
    task = task or Task(chain_key=chain_key)
    snapshot = connection.transaction(isolation="repeatable_read", readonly=True)
    async with snapshot:
        await connection.execute("SET LOCAL statement_timeout = 0")
        algorithm: Algorithm = await connection.fetchval(FORMAT) or "sha256"
        if task.chain_key is not None:
            digest = digest_of(algorithm)
            one = await verify_one(connection, digest, task.chain_key, task.trust)
            return verdict_of_one(algorithm, one, task)
        return await Whole(connection, algorithm, task).verdict()


def verdict_of_one(algorithm: Algorithm, one: One, task: Task) -> Verdict:
    return Verdict(
        algorithm=algorithm,
        chains=one.chains,
        entries=one.entries,
        broken_chains=int(bool(one.breaks.count)),
        breaks=tuple(one.breaks.found),
        broken=one.breaks.count,
        checkpoints=int(one.checkpoint is not None),
        covered=one.covered,
        root=one.checkpoint.root.hex() if one.checkpoint else None,
        has_trusted_key=bool(task.trust.keys),
    )


@dataclass(slots=True)
class Whole:
    """All partitions, one after the other, then the tree over their leaves."""

    connection: Any  # a pool's or one's own
    algorithm: Algorithm
    task: Task
    breaks: Breaks = field(default_factory=Breaks)
    trails: dict[int, PartitionTrail] = field(default_factory=dict[int, PartitionTrail])
    series: list[Checkpoint] = field(default_factory=list[Checkpoint])

    async def verdict(self) -> Verdict:
        notes = await all_notes(self.connection)
        trust = self.task.trust
        self.series = read_series(notes, self.algorithm, trust, self.breaks)
        for row in await self.connection.fetch(COUNTS):
            await self.read(row["partition"])
            self.compare_count(row["partition"], row["count"])
        await self.compare_offsets()
        tree = TreeCheck(digest_of(self.algorithm), self.breaks, self.trails)
        await asyncio.to_thread(tree.check, self.series)
        copies = tree.compare_copies(self.task.copies, trust)
        return Verdict(
            algorithm=self.algorithm,
            chains=sum(len(trail.chains) for trail in self.trails.values()),
            entries=sum(len(trail.leaves) for trail in self.trails.values()),
            broken_chains=sum(trail.broken_chains for trail in self.trails.values()),
            breaks=tuple(self.breaks.found),
            broken=self.breaks.count,
            checkpoints=len(tree.good),
            covered=tree.good[-1].size if tree.good else 0,
            root=tree.good[-1].root.hex() if tree.good else None,
            copies=copies,
            has_trusted_key=bool(trust.keys),
        )

    async def read(self, partition: int) -> None:
        marks = [one.counts[partition] if partition < len(one.counts) else 0 for one in self.series]
        trail = PartitionTrail(digest_of(self.algorithm), partition, self.breaks, marks)
        self.trails[partition] = trail
        low, high = self.span_of(partition)
        cursor = await self.connection.cursor(ENTRIES, partition, low, high)
        rows = await cursor.fetch(CHUNK)
        while rows:
            # PostgreSQL reads the next rows while these are hashed.
            ahead = asyncio.create_task(cursor.fetch(CHUNK))
            await asyncio.sleep(0)
            trail.take(rows)
            self.task.progress(len(rows))
            rows = await ahead
        heads = await self.connection.fetch(HEADS, partition)
        stored = {row["chain_key"]: Head(row["version"], row["hash"]) for row in heads}
        trail.compare_heads(stored)

    def span_of(self, partition: int) -> tuple[int, int]:
        """Positions whose bytes are to be hashed again; a number beyond the last means its end."""
        if self.task.span is None:
            return WHOLE
        first, last = self.task.span
        low, high = (
            series[-1].counts[partition] if series and partition < len(series[-1].counts) else 0
            for series in (self.series[: first - 1], self.series[:last])
        )
        return low, high

    def compare_count(self, partition: int, count: int) -> None:
        position = self.trails[partition].position
        if count != position:
            self.breaks.add(
                "position",
                f"partition {partition}",
                min(count, position) + 1,
                str(count),
                str(position),
            )

    async def compare_offsets(self) -> None:
        for service, partition, last in await self.connection.fetch(READ):
            trail = self.trails.get(partition)
            held = trail.last.get(service, 0) if trail else 0
            if last != held:
                where = f"{service}/{partition}"
                self.breaks.add("offset", where, min(last, held) + 1, str(last), str(held))
