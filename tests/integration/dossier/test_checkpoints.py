"""What a checkpoint commits to, against the same tree made from the stored entries."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from libs.common.contracts.dossier import CheckpointSigned, LeavesOrdered
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import ReadEvent, reader
from libs.common.eventstore.store import Connection, Pool
from services.dossier.adapters.checkpointing import Signer
from services.dossier.adapters.signing_keys import make_key, public_keys, signing_keys
from services.dossier.adapters.tree_store import read_tiles
from services.dossier.domain.chain import Head, digest_of
from services.dossier.domain.checkpoint import Checkpoint, Held, head_leaves, parse_checkpoint
from services.dossier.domain.note import parse_note
from services.dossier.domain.ordering import GapError, index_of, leaves_of
from services.dossier.domain.tree import root_by_inclusion, root_of
from services.dossier.jobs import Checkpoints
from tests.integration.dossier.keeping import keep
from tests.unit.dossier import life
from tests.unit.dossier.life import Journal, appeal_number

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SHA256 = digest_of("sha256")
PARTITIONS = 4
READ: ReadEvent[LeavesOrdered] = reader([LeavesOrdered])
KEYS = ["00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    make_key(tmp_path, "appeals.example/dossier")
    return tmp_path


@pytest.fixture
def signer(keys: Path) -> Signer:
    return Signer("sha256", signing_keys(keys), PARTITIONS)


@asynccontextmanager
async def connected(pool: Pool) -> AsyncGenerator[Connection]:
    async with pool.acquire() as connection:
        yield connection


async def sign(pool: Pool, signer: Signer) -> Checkpoint | None:
    async with connected(pool) as connection:
        event = await signer.sign_next(connection, NOW)
    return None if event is None else parse_checkpoint(parse_note(event.note).text)


async def keep_some(pool: Pool, journals: list[Journal], first: int, last: int) -> None:
    for journal in journals:
        for number in range(first, last):
            appeal = appeal_number(number)
            events = (life.submitted, life.accepted, life.dispatched)
            key = KEYS[number % 2]
            await keep(pool, [journal.record(one(appeal), appeal, key=key) for one in events])


@pytest.fixture
def journals() -> list[Journal]:
    return [Journal(partition=1), Journal(partition=3)]


async def test_a_checkpoint_commits_to_every_leaf_in_the_order_of_chaining(
    pool: Pool, signer: Signer, keys: Path, journals: list[Journal]
) -> None:
    await keep_some(pool, journals, 0, 3)
    first = await sign(pool, signer)
    assert first is not None
    assert (first.number, first.size, first.counts) == (1, 18, (0, 9, 0, 9))
    assert first.held == {
        ("intake", 1): Held(6),
        ("intake", 3): Held(6),
        ("router", 1): Held(3),
        ("router", 3): Held(3),
    }
    await keep_some(pool, journals, 3, 4)
    second = await sign(pool, signer)
    assert second is not None
    rows = await pool.fetch(
        "SELECT leaf FROM entries ORDER BY position > $1, partition, position", 9
    )
    leaves = [row["leaf"] for row in rows]
    assert second.root == root_of(SHA256, leaves)
    assert first.root == root_of(SHA256, leaves[:18])
    heads = await pool.fetch("SELECT chain_key, version, hash FROM chain_heads")
    wanted = head_leaves(SHA256, [(r["chain_key"], Head(r["version"], r["hash"])) for r in heads])
    assert (second.chains, second.chains_root) == (len(wanted), root_of(SHA256, wanted))
    notes = await pool.fetch("SELECT note FROM checkpoints ORDER BY number")
    assert all(parse_note(row["note"]).signed_by(public_keys(keys)) for row in notes)


async def test_the_stored_tiles_prove_every_leaf_and_every_earlier_tree(
    pool: Pool, signer: Signer, journals: list[Journal]
) -> None:
    await keep_some(pool, journals, 0, 60)
    first = await sign(pool, signer)
    await keep_some(pool, journals, 60, 64)
    second = await sign(pool, signer)
    assert first is not None
    assert second is not None
    boundaries = [(first.size, first.counts), (second.size, second.counts)]
    rows = await pool.fetch("SELECT partition, position, leaf FROM entries")
    found = {index_of(boundaries, r["partition"], r["position"]): r["leaf"] for r in rows}
    assert sorted(index for index in found if index is not None) == list(range(second.size))
    async with connected(pool) as connection:
        for index in (0, 1, 255, 256, 300, 359, 360, second.size - 1):
            tiles = await read_tiles(connection, SHA256, second.size, [index])
            proof = tiles.inclusion(index)
            root = root_by_inclusion(SHA256, found[index], index, second.size, proof)
            assert root == second.root


async def test_the_order_events_tell_the_positions_again(
    pool: Pool, signer: Signer, journals: list[Journal]
) -> None:
    await keep_some(pool, journals, 0, 2)
    await sign(pool, signer)
    await keep_some(pool, journals, 2, 3)
    await sign(pool, signer)
    rows = await pool.fetch(
        "SELECT type, body FROM events WHERE stream_id = 'dossier-leaves-3' ORDER BY version"
    )
    told = list(leaves_of(READ(row["type"], row["body"]).data for row in rows))
    stored = await pool.fetch(
        "SELECT position, service, sequence FROM entries WHERE partition = 3 ORDER BY position"
    )
    assert told == [tuple(row) for row in stored]


async def test_nothing_new_means_no_checkpoint(
    pool: Pool, signer: Signer, journals: list[Journal]
) -> None:
    assert await sign(pool, signer) is None
    await keep_some(pool, journals, 0, 1)
    assert await sign(pool, signer) is not None
    assert await sign(pool, signer) is None


async def test_what_describes_the_tree_is_no_leaf_and_what_tells_of_readers_is(
    pool: Pool, signer: Signer, journals: list[Journal]
) -> None:
    journal = journals[0]
    key = b"system"
    topic = Topic.DOSSIER_EVENTS
    kinds = (LeavesOrdered.TYPE, "dossier.verified.v1", CheckpointSigned.TYPE)
    await keep(pool, [journal.raw(topic, b"{}", kind, key=key) for kind in kinds])
    await keep(pool, [journal.raw(topic, b"{}", "dossier.verified.v1", key=key)])
    rows = await pool.fetch("SELECT sequence, version FROM entries ORDER BY sequence")
    assert [tuple(row) for row in rows] == [(2, 1), (4, 2)]
    checkpoint = await sign(pool, signer)
    assert checkpoint is not None
    assert checkpoint.held == {("dossier", 1): Held(4, left_out=2)}


async def test_a_tree_with_a_gap_is_not_signed(
    pool: Pool, superuser: Pool, signer: Signer, journals: list[Journal]
) -> None:
    await keep_some(pool, journals, 0, 2)
    async with superuser.acquire() as thief:
        await thief.execute("ALTER TABLE entries DISABLE TRIGGER entries_append_only")
        await thief.execute("DELETE FROM entries WHERE service = 'intake' AND sequence = 2")
    with pytest.raises(GapError, match="intake/1: 3 after 1"):
        await sign(pool, signer)


async def test_checkpoints_can_not_be_changed_with_the_rights_of_the_service(
    pool: Pool, signer: Signer, journals: list[Journal]
) -> None:
    await keep_some(pool, journals, 0, 1)
    await sign(pool, signer)
    for statement in ("UPDATE checkpoints SET size = 1", "DELETE FROM checkpoints"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


async def test_of_two_copies_one_signs_and_copies_go_to_the_folder_once(
    pool: Pool, signer: Signer, journals: list[Journal], tmp_path: Path
) -> None:
    await keep_some(pool, journals, 0, 1)
    folder = tmp_path / "witness"
    woken: list[int] = []
    job = Checkpoints(
        pool=pool,
        signer=signer,
        clock=lambda: NOW,
        every_s=1,
        folder=folder,
        appended=woken.extend,
    )
    async with connected(pool) as other:
        await other.execute("SELECT pg_advisory_lock('checkpoints'::regclass::oid::int, 0)")
        assert not await job.sign_once()
        await other.execute("SELECT pg_advisory_unlock_all()")
    assert await job.sign_once()
    assert woken == list(range(PARTITIONS))
    (copy,) = folder.iterdir()
    note = await pool.fetchval("SELECT note FROM checkpoints")
    assert copy.read_text() == note
    copy.write_text("what a witness holds is never written over")
    assert not await job.sign_once()
    assert copy.read_text() != note
