"""The chain's bytes, against the same rule written out by hand."""

from hashlib import new, sha256
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.topics import Topic
from libs.common.subscription import Record
from services.dossier.domain.chain import Head, digest_of, hash_of, leaf_of
from services.dossier.domain.checking import ChainCheck
from services.dossier.domain.entries import Entry, chain_key_of, chain_records
from tests.unit.dossier.life import Journal, appeal_number, dispatched, submitted

SHA256 = digest_of("sha256")
KEY = "0b9f3c1e-58a5-5b0c-9a6e-1d6f0d2b7c11"
# Worked out with a shell, not with this code:
#   printf '\0\6intake\0\3\0\0\0\0\0\0\0\7{"a":1}' | sha256sum
#   printf '\1<32 zero bytes>\0\0\0\0\0\0\0\1<leaf>' | sha256sum
LEAF_OF_VECTOR = "5cd0b197245ea25ce63c89b9d7c9e77265bd54a455a5f390e5843ba4f9d6ebff"
HASH_OF_VECTOR = "90b84b91e74bce14c23aa582756a1f1d9b78561ac88dd4b41d165e9df824907f"


def test_a_leaf_is_the_hash_of_source_number_and_value() -> None:
    leaf = leaf_of(SHA256, "intake", 3, 7, b'{"a":1}')
    assert leaf.hex() == LEAF_OF_VECTOR
    assert leaf == sha256(b"\x00\x06intake" + pack(">HQ", 3, 7) + b'{"a":1}').digest()


def test_a_hash_follows_from_the_one_before_it() -> None:
    leaf = bytes.fromhex(LEAF_OF_VECTOR)
    first = hash_of(SHA256, bytes(32), 1, leaf)
    assert first.hex() == HASH_OF_VECTOR
    second = hash_of(SHA256, first, 2, leaf)
    assert second == sha256(b"\x01" + first + pack(">Q", 2) + leaf).digest()


def test_sm3_gives_the_published_value_of_its_standard() -> None:
    sm3 = digest_of("sm3")
    # GB/T 32905-2016, example 1: the message "abc".
    published = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abc").hex() == published
    expected = new("sm3", b"\x00\x03sla" + pack(">HQ", 0, 1)).digest()
    assert leaf_of(sm3, "sla", 0, 1, b"") == expected


def test_records_of_one_key_make_one_dense_chain_over_all_topics() -> None:
    journal, appeal = Journal(), appeal_number(1)
    records = [journal.record(event(appeal), appeal) for event in (submitted, dispatched)]
    entries, heads = chain_records(SHA256, [(KEY, record) for record in records], {})
    assert [(e.version, e.service, e.sequence) for e in entries] == [
        (1, "intake", 1),
        (2, "router", 1),
    ]
    assert entries[0].value == records[0].value
    assert heads == {KEY: Head(2, entries[1].hash)}
    assert entries[1].hash == hash_of(SHA256, entries[0].hash, 2, entries[1].leaf)


def test_a_chain_goes_on_from_its_stored_head() -> None:
    record = Journal().record(submitted(appeal_number(1)), appeal_number(1))
    (entry,), _ = chain_records(SHA256, [(KEY, record)], {KEY: Head(41, b"x" * 32)})
    assert entry.version == 42
    assert entry.hash == hash_of(SHA256, b"x" * 32, 42, entry.leaf)


@pytest.mark.parametrize(
    ("key", "chain_key"),
    [
        (KEY.encode(), KEY),
        (b"system", "system"),
        (None, "key:"),
        (b"", "key:"),
        (KEY.upper().encode(), f"key:{KEY.upper().encode().hex()}"),
        (b"\xff\x00", "key:ff00"),
        (b"key:ff00", f"key:{b'key:ff00'.hex()}"),
        (b"a" * 101, f"key:sha256-{sha256(b'a' * 101).hexdigest()}"),
    ],
)
def test_every_key_has_a_chain_and_none_can_pose_as_another(
    key: bytes | None, chain_key: str
) -> None:
    assert chain_key_of(key) == chain_key


@given(value=st.none() | st.binary(), header=st.none() | st.binary(max_size=300))
def test_no_bytes_are_refused(value: bytes | None, header: bytes | None) -> None:
    headers = {"sequence": b"1", "ce_type": header, "ce_id": header, "ce_subject": header}
    record = Record(Topic.SLA_EVENTS, 0, 0, header, value, headers)
    (entry,), _ = chain_records(SHA256, [(chain_key_of(header), record)], {})
    assert entry.leaf == leaf_of(SHA256, "sla", 0, 1, value or b"")
    for text in (entry.chain_key, entry.type, entry.subject):
        assert text is None or text.isprintable()


def stored(entries: list[Entry]) -> list[tuple[object, ...]]:
    return [
        (e.chain_key, e.version, e.service, e.partition, e.sequence, e.value, e.leaf, e.hash)
        for e in entries
    ]


def made_chain(length: int) -> list[Entry]:
    journal = Journal()
    records = [
        journal.raw(Topic.INTAKE_EVENTS, f"value {n}".encode(), "intake.x.v1", key=KEY.encode())
        for n in range(length)
    ]
    return chain_records(SHA256, [(KEY, record) for record in records], {})[0]


def check(rows: list[tuple[object, ...]], head: Head) -> ChainCheck:
    checked = ChainCheck(SHA256)
    checked.take(rows)
    checked.turn_to(None)
    checked.take_heads([(KEY, head)])
    return checked


CHAIN = made_chain(6)
HEAD = Head(6, CHAIN[-1].hash)


def test_an_untouched_chain_is_whole() -> None:
    checked = check(stored(CHAIN), HEAD)
    assert (checked.breaks, checked.chains, checked.entries) == ([], 1, 6)


@given(
    index=st.integers(0, 5),
    column=st.sampled_from([1, 2, 3, 4, 5, 6, 7]),
    change=st.integers(1, 255),
    data=st.data(),
)
def test_any_change_of_any_stored_field_is_found_at_its_entry(
    index: int, column: int, change: int, data: st.DataObject
) -> None:
    rows = [list(row) for row in stored(CHAIN)]
    old = rows[index][column]
    if isinstance(old, bytes):
        place = data.draw(st.integers(0, len(old) - 1))
        rows[index][column] = old[:place] + bytes([old[place] ^ change]) + old[place + 1 :]
    elif isinstance(old, int):
        rows[index][column] = old + change
    else:
        rows[index][column] = "sla"
    checked = check([tuple(row) for row in rows], HEAD)
    assert checked.broken_chains == 1
    assert checked.breaks[0].version == (index + 1 + change if column == 1 else index + 1)


@given(st.permutations(CHAIN))
def test_any_other_order_is_found(entries: list[Entry]) -> None:
    renumbered = [entry._replace(version=n) for n, entry in enumerate(entries, start=1)]
    is_same = [e.sequence for e in entries] == [1, 2, 3, 4, 5, 6]
    assert (check(stored(renumbered), HEAD).breaks == []) == is_same


@given(st.sets(st.integers(0, 5), min_size=1, max_size=5))
def test_any_dropped_entry_is_found(dropped: set[int]) -> None:
    rows = [row for n, row in enumerate(stored(CHAIN)) if n not in dropped]
    checked = check(rows, HEAD)
    assert checked.broken_chains == 1
    kept = next(n for n in range(6) if n in dropped)
    assert checked.breaks[0].kind == ("head" if dropped == set(range(kept, 6)) else "version")


def test_a_cut_tail_is_found_by_the_head_and_names_the_first_lost_entry() -> None:
    checked = check(stored(CHAIN)[:4], HEAD)
    (found,) = checked.breaks
    assert (found.kind, found.version) == ("head", 5)


def test_only_the_first_break_of_a_chain_is_named_and_the_next_chain_is_read() -> None:
    rows = [list(row) for row in stored(CHAIN)]
    rows[1][5] = rows[3][5] = b"changed"
    other = [("other", *row[1:]) for row in stored(CHAIN)]
    checked = ChainCheck(SHA256)
    checked.take([*rows, *other])
    checked.turn_to(None)
    checked.take_heads([("other", HEAD)])
    assert [(b.chain, b.version, b.kind) for b in checked.breaks] == [(KEY, 2, "leaf")]
    assert (checked.chains, checked.broken_chains) == (2, 1)
