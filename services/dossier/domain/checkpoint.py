"""What a checkpoint says (C2SP tlog-checkpoint): the tree, every chain's head, and 一个不漏."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from services.dossier.domain.chain import LEAF, Algorithm, Digest, Head
from services.dossier.domain.note import NoteError, from_base64, is_name
from services.dossier.domain.tree import HASH_BYTES

FORMAT: Final = "appeals-dossier v1"
TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
NUMBER: Final = r"(0|[1-9][0-9]{0,15})"
HEAD_LINE: Final = re.compile(rf"chains {NUMBER} (\S+)")
COMPLETE: Final = re.compile(rf"complete ([a-z]{{1,20}})/{NUMBER} 1-{NUMBER}(?: but {NUMBER})?")
FIRST_LINES: Final = 7
COUNTS: Final = re.compile(rf"counts {NUMBER}(?: {NUMBER})*")
Source: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Held:
    """All of 1 to `last` but `left_out`, which only the dossier's own topic has: they are those
    that say how the tree is made."""

    last: int
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """`counts` is how many leaves of each partition the tree holds."""

    origin: str
    number: int
    size: int
    root: bytes
    algorithm: Algorithm
    signed_at: datetime
    counts: tuple[int, ...]
    chains: int
    chains_root: bytes
    held: Mapping[Source, Held]

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines())

    def lines(self) -> Iterator[str]:
        yield from (self.origin, str(self.size), b64encode(self.root).decode())
        yield f"{FORMAT} {self.algorithm} {self.number}"
        yield f"time {self.signed_at.astimezone(UTC).strftime(TIME)}"
        yield " ".join(("counts", *map(str, self.counts)))
        yield f"chains {self.chains} {b64encode(self.chains_root).decode()}"
        for (service, partition), held in sorted(self.held.items()):
            but = f" but {held.left_out}" if held.left_out else ""
            yield f"complete {service}/{partition} 1-{held.last}{but}"


def parse_checkpoint(text: str) -> Checkpoint:
    """Raises NoteError for what is no checkpoint of a version known here."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < FIRST_LINES:
        raise NoteError("head")
    origin, size, root, kind, time, counts, chains = lines[:FIRST_LINES]
    algorithm, number = kind_of(kind)
    found = HEAD_LINE.fullmatch(chains)
    if not is_name(origin) or not re.fullmatch(NUMBER, size) or found is None:
        raise NoteError("head")
    checkpoint = Checkpoint(
        origin=origin,
        number=number,
        size=int(size),
        root=hash_of_text(root),
        algorithm=algorithm,
        signed_at=time_of(time),
        counts=counts_of(counts),
        chains=int(found[1]),
        chains_root=hash_of_text(found[2]),
        held=dict(held_of(line) for line in lines[FIRST_LINES:]),
    )
    if checkpoint.text() != text or sum(checkpoint.counts) != checkpoint.size:
        raise NoteError("spelling")
    return checkpoint


def kind_of(line: str) -> tuple[Algorithm, int]:
    found = re.fullmatch(rf"(\S+ \S+) (\S+) {NUMBER}", line)
    if found is None or found[1] != FORMAT:
        raise NoteError("version")
    match found[2]:
        case "sha256":
            return "sha256", int(found[3])
        case "sm3":
            return "sm3", int(found[3])
        case _:
            raise NoteError("algorithm")


def time_of(line: str) -> datetime:
    try:
        return datetime.strptime(line, f"time {TIME}").replace(tzinfo=UTC)
    except ValueError as error:
        raise NoteError("time") from error


def counts_of(line: str) -> tuple[int, ...]:
    if COUNTS.fullmatch(line) is None:
        raise NoteError("counts")
    return tuple(map(int, line.split()[1:]))


def held_of(line: str) -> tuple[Source, Held]:
    found = COMPLETE.fullmatch(line)
    if found is None:
        raise NoteError("line")
    return (found[1], int(found[2])), Held(int(found[3]), int(found[4] or 0))


def hash_of_text(encoded: str) -> bytes:
    decoded = from_base64(encoded)
    if len(decoded) != HASH_BYTES:
        raise NoteError("hash")
    return decoded


def head_leaf(digest: Digest, key: str, head: Head) -> bytes:
    """H(0x00, 0x00, u16 length of key, key, u64 version, hash): no service has an empty name."""
    name = key.encode()
    return digest(
        LEAF + b"\0" + len(name).to_bytes(2) + name + head.version.to_bytes(8) + head.hash
    )


def head_leaves(digest: Digest, heads: Iterable[tuple[str, Head]]) -> list[bytes]:
    """Of all chains in the order of their keys, as the checkpoint's `chains` line commits to."""
    return [head_leaf(digest, key, head) for key, head in sorted(heads)]
