"""The tree against published vectors, and against the recursion of RFC 9162 written out."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dossier.domain.chain import digest_of
from services.dossier.domain.tree import (
    Tiles,
    is_consistent,
    root_by_inclusion,
    root_of,
    tiles_for,
)

SHA256 = digest_of("sha256")
# The inputs and roots that Certificate Transparency's implementations share (RFC 6962's
# reference code, certificate-transparency/merkletree tests): one root for each size from 1.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# (leaf, size, path) of the same tests; leaves counted from 0.
INCLUSIONS = (
    (0, 1, ()),
    (
        0,
        8,
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        5,
        8,
        (
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    (
        1,
        5,
        (
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
)
CONSISTENCIES = (
    (
        1,
        8,
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        6,
        8,
        (
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (
        2,
        5,
        (
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
)


def leaf(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def tree(leaves: Sequence[bytes], *, steps: int = 1) -> Tiles:
    grown = Tiles(SHA256, 0, {})
    for start in range(0, len(leaves), steps):
        grown.append(leaves[start : start + steps])
    return grown


def hexed(proof: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(one.hex() for one in proof)


def written_out(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + written_out(leaves[:k]) + written_out(leaves[k:])).digest()


def numbered(count: int) -> list[bytes]:
    return [leaf(str(n).encode()) for n in range(count)]


def test_published_roots_come_out() -> None:
    leaves = [leaf(data) for data in INPUTS]
    assert tree([]).root().hex() == EMPTY_ROOT
    for size, root in enumerate(ROOTS, start=1):
        assert tree(leaves[:size]).root().hex() == root
        assert root_of(SHA256, leaves[:size]).hex() == root


@pytest.mark.parametrize(("index", "size", "path"), INCLUSIONS)
def test_published_inclusion_proofs_come_out_and_hold(
    index: int, size: int, path: tuple[str, ...]
) -> None:
    leaves = [leaf(data) for data in INPUTS]
    proof = tree(leaves[:size]).inclusion(index)
    assert hexed(proof) == path
    found = root_by_inclusion(SHA256, leaves[index], index, size, proof)
    assert found is not None
    assert found.hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCIES)
def test_published_consistency_proofs_come_out_and_hold(
    old: int, new: int, path: tuple[str, ...]
) -> None:
    proof = tree([leaf(data) for data in INPUTS]).consistency(old, new)
    assert hexed(proof) == path
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in (old, new)]
    assert is_consistent(SHA256, (old, roots[0]), (new, roots[1]), proof)


@given(size=st.integers(0, 1_200), steps=st.integers(1, 700))
def test_however_it_grows_the_root_is_that_of_the_recursion(size: int, steps: int) -> None:
    leaves = numbered(size)
    assert tree(leaves, steps=steps).root() == written_out(leaves)


def test_a_tree_of_three_heights_of_tiles_has_the_root_of_the_recursion() -> None:
    leaves = numbered(66_000)
    grown = tree(leaves, steps=5_000)
    assert {height for height, _ in grown.tiles} == {0, 8, 16}
    assert grown.root() == root_of(SHA256, leaves)


@given(data=st.data(), size=st.integers(1, 900))
def test_every_leaf_has_a_proof_and_no_other_leaf_fits_it(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = numbered(size)
    grown = tree(leaves, steps=900)
    proof = grown.inclusion(index)
    assert root_by_inclusion(SHA256, leaves[index], index, size, proof) == grown.root()
    assert root_by_inclusion(SHA256, leaf(b"other"), index, size, proof) != grown.root()
    assert root_by_inclusion(SHA256, leaves[index], index, size, [*proof, leaf(b"")]) is None
    assert root_by_inclusion(SHA256, leaves[index], size, size, proof) is None


@given(data=st.data(), new=st.integers(1, 900))
def test_a_tree_is_consistent_with_its_past_and_with_no_other(
    data: st.DataObject, new: int
) -> None:
    old = data.draw(st.integers(1, new))
    leaves = numbered(new)
    grown = tree(leaves, steps=900)
    before, after = root_of(SHA256, leaves[:old]), grown.root()
    proof = grown.consistency(old)
    assert is_consistent(SHA256, (old, before), (new, after), proof)
    forked = root_of(SHA256, [leaf(b"another past"), *leaves[1:old]])
    assert not is_consistent(SHA256, (old, forked), (new, after), proof)
    assert not is_consistent(SHA256, (old, before), (new, leaf(b"")), proof)
    assert not is_consistent(SHA256, (old, before), (new, after), [*proof, leaf(b"")])


@given(data=st.data(), size=st.integers(1, 70_000))
def test_a_proof_needs_no_other_tiles_than_are_named(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    # Hashes of nothing in particular: which tiles are touched depends on the size alone.
    tiles = {
        (height, number): bytes(32) * min(256, (size >> height) - 256 * number)
        for height in (0, 8, 16)
        for number in range(((size >> height) + 255) // 256)
    }
    named = {key: tiles[key] for key in tiles_for(index, size) if key in tiles}
    assert Tiles(SHA256, size, named).inclusion(index) is not None
    assert Tiles(SHA256, size, named).root() is not None
