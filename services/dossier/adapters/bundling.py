"""Evidence bundles written out of the database, as an outsider will check them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from services.dossier.adapters.proving import (
    Boundaries,
    ProvenEntry,
    ProvenHead,
    heads_at,
    prove_entries,
    prove_head,
    read_boundaries,
)
from services.dossier.adapters.tree_store import all_notes
from services.dossier.domain.bundle import VERSION, Scope, hexed, value_field, written
from services.dossier.domain.chain import Algorithm, digest_of
from services.dossier.domain.checkpoint import parse_checkpoint
from services.dossier.domain.note import parse_note

FORMAT: Final = "SELECT algorithm FROM chain_format"
# An enterprise's file is its own chain and those that it has adopted (rule 2).
ADOPTED: Final = """
    SELECT value FROM entries WHERE chain_key = $1 AND type LIKE 'intake.appeal-adopted.v%'
    ORDER BY version
"""
ENTRIES: Final = """
    SELECT chain_key, service, partition, sequence, value, position FROM entries
    WHERE partition = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4
"""
PAGE: Final = 500


class AdoptedData(BaseModel):
    appeal_id: str


class Adopted(BaseModel):
    data: AdoptedData


ADOPTION: Final = TypeAdapter(Adopted)


class NothingSignedError(Exception):
    """There is no checkpoint yet that a bundle could hang on."""


@dataclass(slots=True)
class Written:
    """What went into a bundle so far; `fingerprint` is that of the whole once it is closed."""

    lines: int = 0
    entries: int = 0
    digest: Any = None

    def __post_init__(self) -> None:
        self.digest = sha256()

    def line(self, fields: dict[str, object]) -> bytes:
        raw = written(fields)
        self.lines += 1
        self.digest.update(raw)
        return raw

    def end(self) -> bytes:
        return self.line({"end": self.lines, "sha256": self.digest.hexdigest()})

    @property
    def fingerprint(self) -> str:
        return str(self.digest.hexdigest())


def first_line(scope: Scope, algorithm: str, boundaries: Boundaries) -> dict[str, object]:
    return {
        "appeals-bundle": VERSION,
        "scope": scope,
        "origin": boundaries.checkpoint.origin,
        "algorithm": algorithm,
        "last": boundaries.checkpoint.number,
    }


async def chains_of_file(connection: Any, chain_key: str) -> list[str]:  # noqa: ANN401 - pool's or own
    keys = [chain_key]
    for row in await connection.fetch(ADOPTED, chain_key):
        try:
            keys.append(ADOPTION.validate_json(row["value"]).data.appeal_id)
        except ValidationError:
            continue
    return list(dict.fromkeys(keys))


async def enterprise_bundle(
    connection: Any,  # noqa: ANN401 - pool's or own
    chain_key: str,
    out: Written,
) -> AsyncIterator[bytes]:
    """What the last checkpoint holds of the chain; later entries wait for the next one.

    Raises NothingSignedError, and KeyError where a stored tile is not there.
    """
    algorithm: Algorithm = await connection.fetchval(FORMAT) or "sha256"
    digest = digest_of(algorithm)
    boundaries = await read_boundaries(connection)
    if boundaries is None:
        raise NothingSignedError
    yield out.line(first_line("enterprise", algorithm, boundaries))
    yield out.line({"checkpoint": boundaries.note})
    heads = await heads_at(connection, boundaries.checkpoint)
    if chain_key not in dict(heads):
        raise NothingSignedError
    for key in await chains_of_file(connection, chain_key):
        if (head := prove_head(digest, heads, key)) is not None:
            yield out.line(chain_line(key, head))
            for entry in await prove_entries(connection, digest, key, boundaries):
                if entry.index is not None:
                    out.entries += 1
                    yield out.line(entry_line(entry))
    yield out.end()


def chain_line(key: str, head: ProvenHead) -> dict[str, object]:
    return {
        "chain": key,
        "version": head.head.version,
        "hash": head.head.hash.hex(),
        "index": head.index,
        "proof": hexed(head.proof),
    }


def entry_line(entry: ProvenEntry) -> dict[str, object]:
    return {
        "version": entry.version,
        "service": entry.service,
        "partition": entry.partition,
        "sequence": entry.sequence,
        "index": entry.index,
        "proof": hexed(entry.proof),
        **value_field(entry.value),
    }


async def whole_bundle(connection: Any, out: Written) -> AsyncIterator[bytes]:  # noqa: ANN401 - pool's or own
    """Everything that the last checkpoint holds. Raises NothingSignedError."""
    algorithm: Algorithm = await connection.fetchval(FORMAT) or "sha256"
    boundaries = await read_boundaries(connection)
    if boundaries is None:
        raise NothingSignedError
    yield out.line(first_line("all", algorithm, boundaries))
    counted: Sequence[int] = ()
    for _, note in await all_notes(connection):
        counts = parse_checkpoint(parse_note(note).text).counts
        for partition, end in enumerate(counts):
            start = counted[partition] if partition < len(counted) else 0
            async for row in rows_between(connection, partition, start, end):
                out.entries += 1
                yield out.line(row)
        yield out.line({"checkpoint": note})
        counted = counts
    yield out.end()


async def rows_between(
    connection: Any,  # noqa: ANN401 - pool's or own
    partition: int,
    start: int,
    end: int,
) -> AsyncIterator[dict[str, object]]:
    while start < end:
        rows = await connection.fetch(ENTRIES, partition, start, end, PAGE)
        if not rows:
            return
        for row in rows:
            yield {
                "key": row["chain_key"],
                "service": row["service"],
                "partition": row["partition"],
                "sequence": row["sequence"],
                **value_field(row["value"]),
            }
        start = rows[-1]["position"]
