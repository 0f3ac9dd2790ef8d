"""What only a checkpoint can show: a database rewritten by someone who knows how."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from libs.common.eventstore.store import Pool
from services.dossier.adapters.checkpointing import Signer
from services.dossier.adapters.signing_keys import make_key, public_keys, signing_keys
from services.dossier.adapters.verification import Task, Verdict, verify
from services.dossier.domain.chain import digest_of, hash_of, leaf_of
from services.dossier.domain.note import SigningKey, sign
from services.dossier.domain.witness import Trust
from tests.integration.dossier.keeping import keep
from tests.unit.dossier import life
from tests.unit.dossier.life import Journal, appeal_number

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SHA256 = digest_of("sha256")
KEYS = ["00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"]
Check = Callable[..., Awaitable[Verdict]]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    make_key(tmp_path, "appeals.example/dossier")
    return Signer("sha256", signing_keys(tmp_path), 4)


@pytest.fixture
def check(dsn: str, tmp_path: Path, signer: Signer) -> Check:
    async def checked(task: Task | None = None, **more: Any) -> Verdict:  # noqa: ANN401 - fields of a task
        trust = Trust(keys=public_keys(tmp_path), now=NOW)
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "dossier"})
        try:
            return await verify(connection, task=replace(task or Task(trust=trust), **more))
        finally:
            await connection.close()

    return checked


@pytest.fixture
async def thief(superuser: Pool, pool: Pool, signer: Signer) -> Pool:
    """Two chains of twelve entries in one partition, two checkpoints, and every trigger off."""
    journal = Journal(partition=3)
    for half in (range(4), range(4, 8)):
        for number in half:
            appeal, key = appeal_number(number), KEYS[number % 2]
            events = (life.submitted, life.accepted, life.dispatched)
            await keep(pool, [journal.record(one(appeal), appeal, key=key) for one in events])
        async with pool.acquire() as connection:
            await signer.sign_next(connection, NOW - timedelta(minutes=9 - half[0]))
    for table in ("entries", "checkpoints", "events"):
        await superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
    return superuser


async def rechain(thief: Pool, key: str) -> None:
    """Every leaf, hash and head of a chain made anew from what now stands in it."""
    rows = await thief.fetch("SELECT * FROM entries WHERE chain_key = $1 ORDER BY version", key)
    previous = bytes(32)
    for number, row in enumerate(rows, start=1):
        leaf = leaf_of(SHA256, row["service"], row["partition"], row["sequence"], row["value"])
        previous = hash_of(SHA256, previous, number, leaf)
        await thief.execute(
            "UPDATE entries SET version = $1, leaf = $2, hash = $3 "
            "WHERE service = $4 AND partition = $5 AND sequence = $6",
            number,
            leaf,
            previous,
            row["service"],
            row["partition"],
            row["sequence"],
        )
    head = "UPDATE chain_heads SET version = $1, hash = $2 WHERE chain_key = $3"
    await thief.execute(head, len(rows), previous, key)


def kinds(verdict: Verdict) -> list[str]:
    return [one.kind for one in verdict.breaks]


async def test_what_nobody_touched_is_whole_and_covered(thief: Pool, check: Check) -> None:
    whole = await check()
    assert whole.breaks == ()
    assert (whole.entries, whole.covered, whole.checkpoints) == (24, 24, 2)
    for key in KEYS:
        one = await check(chain_key=key)
        assert one.breaks == ()
        assert (one.entries, one.covered, one.checkpoints) == (12, 12, 1)
    assert (await check(span=(2, 2))).is_whole


async def test_a_chain_rewritten_to_its_end_with_its_head_is_found_by_the_root(
    thief: Pool, check: Check
) -> None:
    await thief.execute(
        "UPDATE entries SET value = value || ' ' WHERE chain_key = $1 AND version = 5", KEYS[0]
    )
    await rechain(thief, KEYS[0])
    verdict = await check()
    assert kinds(verdict) == ["root"]
    assert verdict.breaks[0].chain == "checkpoint 1"
    assert verdict.breaks[0].expected != verdict.breaks[0].found
    assert kinds(await check(chain_key=KEYS[0])) == ["inclusion", "chains", "chains"]


async def test_an_entry_moved_into_another_chain_is_found_by_its_own_words(
    thief: Pool, check: Check
) -> None:
    await thief.execute(
        "UPDATE entries SET chain_key = $1, version = 99 WHERE chain_key = $2 AND version = 12",
        KEYS[0],
        KEYS[1],
    )
    for key in KEYS:
        await rechain(thief, key)
    assert kinds(await check()) == ["key", "chains"]


async def test_two_entries_that_changed_places_and_all_hashes_are_found(
    thief: Pool, check: Check
) -> None:
    for old, new in ((5, 99), (6, 5), (99, 6)):
        await thief.execute(
            "UPDATE entries SET version = $1 WHERE chain_key = $2 AND version = $3",
            new,
            KEYS[0],
            old,
        )
    await rechain(thief, KEYS[0])
    assert kinds(await check()) == ["version"]
    rows = await thief.fetch(
        "SELECT version, position FROM entries WHERE chain_key = $1 AND version IN (5, 6)", KEYS[0]
    )
    places = {row["version"]: row["position"] for row in rows}
    for version, position in ((5, 999), (6, places[5]), (5, places[6])):
        await thief.execute(
            "UPDATE entries SET position = $1 WHERE chain_key = $2 AND version = $3",
            position,
            KEYS[0],
            version,
        )
    assert kinds(await check()) == ["root"]


async def test_a_tail_cut_with_heads_counts_and_offsets_is_found_by_the_checkpoint(
    thief: Pool, check: Check
) -> None:
    await thief.execute("DELETE FROM entries WHERE position > 22")
    await thief.execute("UPDATE leaf_heads SET count = 22")
    await thief.execute(
        "UPDATE consumer_offsets c SET last_sequence = (SELECT coalesce(max(sequence), 0) FROM "
        "entries e WHERE c.topic LIKE '%.' || e.service || '.%' AND c.partition = e.partition)"
    )
    for key in KEYS:
        await rechain(thief, key)
    verdict = await check()
    assert kinds(verdict) == ["size"]
    assert (verdict.breaks[0].version, verdict.covered) == (23, 12)


async def test_a_checkpoint_signed_by_another_key_is_found(
    thief: Pool, check: Check, signer: Signer, tmp_path: Path
) -> None:
    make_key(tmp_path / "forger", "appeals.example/dossier")
    (forger,) = signing_keys(tmp_path / "forger")
    note = await thief.fetchval("SELECT note FROM checkpoints WHERE number = 2")
    text = note[: note.index("\n\n") + 1]
    forged = sign(text, [forger])
    await thief.execute("UPDATE checkpoints SET note = $1 WHERE number = 2", forged)
    verdict = await check()
    assert kinds(verdict) == ["signature"]
    assert kinds(await check(chain_key=KEYS[0])) == ["signature"]


async def test_a_roll_back_and_a_fork_are_found_by_an_outsiders_copy(
    thief: Pool, check: Check, signer: Signer
) -> None:
    rows = await thief.fetch("SELECT number, note FROM checkpoints ORDER BY number")
    copies = [(f"checkpoint-{row['number']}.txt", row["note"]) for row in rows]
    assert (await check(copies=copies)).copies == 2
    await thief.execute("DELETE FROM checkpoints WHERE number = 2")
    verdict = await check(copies=copies)
    assert [(one.kind, one.chain) for one in verdict.breaks] == [("copy", "checkpoint-2.txt")]
    key: SigningKey = signer.keys[0]
    text = rows[1]["note"].split("\n\n")[0].replace("12:00", "11:00") + "\n"
    other = sign(text.replace("chains 2 ", "chains 3 "), [key])
    await thief.execute(
        "INSERT INTO checkpoints SELECT 2, 24, root, $1, signed_at FROM checkpoints", other
    )
    assert "fork" in kinds(await check(copies=copies)) + kinds(await check(copies=copies[1:]))


async def test_a_checkpoint_from_the_future_is_refused(
    thief: Pool, check: Check, signer: Signer, tmp_path: Path
) -> None:
    early = Task(trust=Trust(keys=public_keys(tmp_path), now=NOW - timedelta(hours=1)))
    verdict = await check(early)
    assert kinds(verdict) == ["future"]
    assert verdict.covered == 0


async def test_a_gap_in_the_checkpoints_and_text_that_is_none_are_found(
    thief: Pool, check: Check
) -> None:
    await thief.execute("DELETE FROM checkpoints WHERE number = 1")
    assert kinds(await check()) == ["checkpoint"]
    await thief.execute("UPDATE checkpoints SET note = 'nothing like it'")
    assert kinds(await check()) == ["checkpoint"]


async def test_a_broken_tile_never_passes_for_a_proof(thief: Pool, check: Check) -> None:
    await thief.execute("UPDATE tree_tiles SET hashes = hashes || hashes")
    assert (await check()).is_whole
    await thief.execute("DELETE FROM tree_tiles")
    assert kinds(await check(chain_key=KEYS[0]))[0] == "inclusion"
