"""The Merkle tree over all leaves, in the shape of RFC 9162 section 2.1; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from services.dossier.domain.chain import Digest

NODE: Final = b"\x01"
HASH_BYTES: Final = 32
# A tile holds the roots of 256 neighbouring subtrees of one height.
TILE_LEVELS: Final = 8
TILE_WIDTH: Final = 1 << TILE_LEVELS
TileKey: TypeAlias = tuple[int, int]
Proof: TypeAlias = list[bytes]


def root_of(digest: Digest, hashes: Sequence[bytes]) -> bytes:
    """Level by level; an odd last one moves up as it is. The hash of nothing for no leaf."""
    level = list(hashes)
    if not level:
        return digest(b"")
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        upper = [digest(NODE + left + right) for left, right in pairs]
        if len(level) % 2:
            upper.append(level[-1])
        level = upper
    return level[0]


def split_of(size: int) -> int:
    """The largest power of two below `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


@dataclass(slots=True)
class Tiles:
    """As much of a tree as a question needs. Raises KeyError for a tile that is not there."""

    digest: Digest
    size: int
    tiles: dict[TileKey, bytes]
    changed: set[TileKey] = field(default_factory=set[TileKey])

    def append(self, leaves: Sequence[bytes]) -> None:
        for start in range(0, len(leaves), TILE_WIDTH):
            some = leaves[start : start + TILE_WIDTH]
            self.append_at(0, some)
            self.size += len(some)

    def append_at(self, height: int, hashes: Sequence[bytes]) -> None:
        """Fills tiles of one height from left to right; each full one goes up as its root."""
        done = self.size >> height
        index, there = divmod(done, TILE_WIDTH)
        room = TILE_WIDTH - there
        key = (height, index)
        self.tiles[key] = self.tiles.get(key, b"") + b"".join(hashes[:room])
        self.changed.add(key)
        if len(hashes) >= room:
            full = cut(self.tiles[key])
            self.append_at(height + TILE_LEVELS, [root_of(self.digest, full)])
        if rest := hashes[room:]:
            key = (height, index + 1)
            self.tiles[key] = b"".join(rest)
            self.changed.add(key)

    def node(self, level: int, index: int) -> bytes:
        """The root of the full subtree of 2**level leaves that is number `index` of them."""
        inner = level % TILE_LEVELS
        tile, place = divmod(index << inner, TILE_WIDTH)
        hashes = self.tiles[level - inner, tile]
        wanted = hashes[HASH_BYTES * place : HASH_BYTES * (place + (1 << inner))]
        if len(wanted) < HASH_BYTES << inner:
            raise KeyError((level, index))
        return root_of(self.digest, cut(wanted))

    def root(self, start: int = 0, end: int | None = None) -> bytes:
        """MTH(D[start:end]) of RFC 9162."""
        end = self.size if end is None else end
        width = end - start
        if width == 0:
            return self.digest(b"")
        if width & (width - 1) == 0 and start % width == 0:
            level = width.bit_length() - 1
            return self.node(level, start >> level)
        middle = start + split_of(width)
        return self.digest(NODE + self.root(start, middle) + self.root(middle, end))

    def inclusion(self, index: int, start: int = 0, end: int | None = None) -> Proof:
        """PATH(index, D[start:end])."""
        end = self.size if end is None else end
        if end - start <= 1:
            return []
        middle = start + split_of(end - start)
        if index < middle:
            return [*self.inclusion(index, start, middle), self.root(middle, end)]
        return [*self.inclusion(index, middle, end), self.root(start, middle)]

    def consistency(self, old: int, new: int | None = None) -> Proof:
        """PROOF(old, D[0:new]); empty where the old tree is empty or both are the same."""
        new = self.size if new is None else new
        return [] if old in (0, new) else self.subproof(old, 0, new, is_whole=True)

    def subproof(self, old: int, start: int, end: int, *, is_whole: bool) -> Proof:
        if old == end:
            return [] if is_whole else [self.root(start, end)]
        middle = start + split_of(end - start)
        if old <= middle:
            return [
                *self.subproof(old, start, middle, is_whole=is_whole),
                self.root(middle, end),
            ]
        return [*self.subproof(old, middle, end, is_whole=False), self.root(start, middle)]


def cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def tiles_for(index: int, size: int) -> set[TileKey]:
    """The tiles that a path from one leaf to the root of `size` leaves may touch."""
    wanted: set[TileKey] = set()
    height = 0
    while size > 0 and (height == 0 or size >> height):
        for place in (index, size - 1):
            wanted.add((height, (place >> height) // TILE_WIDTH))
        # The last full subtree of this height may be the one before the leaf's own.
        wanted.add((height, max(0, (size >> height) - 1) // TILE_WIDTH))
        height += TILE_LEVELS
    return wanted


def root_by_inclusion(
    digest: Digest, leaf: bytes, index: int, size: int, proof: Sequence[bytes]
) -> bytes | None:
    """RFC 9162 section 2.1.3.2; None for a proof of a wrong length."""
    if not 0 <= index < size:
        return None
    sides = sides_of(index, size - 1, len(proof))
    if sides is None:
        return None
    found = leaf
    for is_left, one in zip(sides, proof, strict=True):
        found = digest(NODE + one + found) if is_left else digest(NODE + found + one)
    return found


def is_consistent(
    digest: Digest, old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]
) -> bool:
    """RFC 9162 section 2.1.4.2, for (size, root) of two trees, the first not empty."""
    (old_size, old_root), (new_size, new_root) = old, new
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return old_root == new_root and not proof
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    place, last = old_size - 1, new_size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    sides = sides_of(place, last, len(path) - 1)
    if sides is None:
        return False
    first = second = path[0]
    for is_left, one in zip(sides, path[1:], strict=True):
        if is_left:
            first = digest(NODE + one + first)
        second = digest(NODE + one + second) if is_left else digest(NODE + second + one)
    return (first, second) == (old_root, new_root)


def sides_of(place: int, last: int, length: int) -> list[bool] | None:
    """On the way up from `place`, which siblings stand left; None unless there are `length`."""
    sides: list[bool] = []
    while last:
        is_left = bool(place % 2) or place == last
        sides.append(is_left)
        # An odd last one moves up as it is until it has a sibling.
        while is_left and place and not place % 2:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    return sides if len(sides) == length else None
