"""The hash chain of one dossier: what an entry's leaf and hash are, byte for byte."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import new, sha256
from typing import Final, Literal, NamedTuple, TypeAlias

Algorithm: TypeAlias = Literal["sha256", "sm3"]
Digest: TypeAlias = Callable[[bytes], bytes]

# Different first bytes keep a leaf from ever being taken for a link.
LEAF: Final = b"\x00"
LINK: Final = b"\x01"
U64: Final = 2**64 - 1


class Head(NamedTuple):
    """The last entry of a chain; version 0 is a chain that has none."""

    version: int
    hash: bytes


NO_ENTRY: Final = Head(0, bytes(32))


def digest_of(algorithm: Algorithm) -> Digest:
    """Raises ValueError where this machine's OpenSSL has no SM3."""
    if algorithm == "sha256":
        return sha256_digest
    new(algorithm)
    return sm3_digest


def sha256_digest(data: bytes) -> bytes:
    return sha256(data).digest()


def sm3_digest(data: bytes) -> bytes:
    return new("sm3", data).digest()


def leaf_of(digest: Digest, service: str, partition: int, sequence: int, value: bytes) -> bytes:
    """H(0x00, u8 length of service, service, u16 partition, u64 sequence, value), big-endian.

    Total: a stored row that someone has tampered with must give another hash, not an exception.
    """
    return digest(source_prefix(service, partition) + (sequence & U64).to_bytes(8) + value)


def hash_of(digest: Digest, previous: bytes, version: int, leaf: bytes) -> bytes:
    """H(0x01, the previous entry's hash, u64 version, leaf)."""
    return digest(LINK + previous + (version & U64).to_bytes(8) + leaf)


@lru_cache(maxsize=10_000)
def source_prefix(service: str, partition: int) -> bytes:
    name = service.encode()
    return LEAF + (len(name) & 0xFF).to_bytes(1) + name + (partition & 0xFFFF).to_bytes(2)
