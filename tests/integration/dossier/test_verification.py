"""Whoever changes what is stored is found, at the first place where it shows."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from libs.common.eventstore.store import Connection, Pool
from services.dossier.adapters.chain_store import fix_algorithm
from services.dossier.adapters.verification import Verdict, verify
from services.dossier.domain.checking import Break
from tests.integration.dossier.keeping import keep, keeper, slices_of
from tests.unit.dossier import life
from tests.unit.dossier.life import ENTERPRISE, Journal, appeal_number

KEY = str(ENTERPRISE)
OTHER = str(UUID(int=9))
Verify = Callable[..., Awaitable[Verdict]]


@pytest.fixture
def verified(dsn: str) -> Verify:
    async def check(chain_key: str | None = None) -> Verdict:
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "dossier"})
        try:
            return await verify(connection, chain_key)
        finally:
            await connection.close()

    return check


@pytest.fixture
async def kept(pool: Pool) -> Pool:
    """Two chains of three entries each: intake 1 to 4, router 1 and 2."""
    journal = Journal()
    records = [
        journal.record(event(appeal_number(number)), appeal_number(number), key=key)
        for number, key in ((1, KEY), (2, OTHER))
        for event in (life.submitted, life.accepted, life.dispatched)
    ]
    await keep(pool, records)
    return pool


@asynccontextmanager
async def as_a_thief(superuser: Pool) -> AsyncGenerator[Connection]:
    """A superuser who first takes the trigger away: the chain must do without it."""
    async with superuser.acquire() as connection:
        await connection.execute("ALTER TABLE entries DISABLE TRIGGER entries_append_only")
        yield connection


def names(verdict: Verdict) -> list[tuple[str, str, int]]:
    return [(one.kind, one.chain, one.version) for one in verdict.breaks]


async def test_what_was_kept_is_whole(kept: Pool, verified: Verify) -> None:
    verdict = await verified()
    assert verdict.is_whole
    assert (verdict.chains, verdict.entries, verdict.algorithm) == (2, 6, "sha256")
    one = await verified(KEY)
    assert (one.is_whole, one.chains, one.entries) == (True, 1, 3)


async def test_an_empty_dossier_is_whole(verified: Verify) -> None:
    assert await verified() == Verdict(
        algorithm="sha256", chains=0, entries=0, broken_chains=0, breaks=()
    )


async def test_a_changed_value_is_named_with_both_hashes(
    kept: Pool, superuser: Pool, verified: Verify
) -> None:
    async with as_a_thief(superuser) as thief:
        stored = await thief.fetchval(
            "SELECT leaf FROM entries WHERE chain_key=$1 AND version=2", KEY
        )
        await thief.execute(
            "UPDATE entries SET value = value || ' ' WHERE chain_key = $1 AND version = 2", KEY
        )
    verdict = await verified()
    (found,) = verdict.breaks
    assert (found.kind, found.chain, found.version) == ("leaf", KEY, 2)
    assert found.found == stored.hex() != found.expected
    assert (await verified(OTHER)).is_whole


async def test_a_value_changed_with_its_leaf_is_found_by_the_hash(
    kept: Pool, superuser: Pool, verified: Verify
) -> None:
    async with as_a_thief(superuser) as thief:
        await thief.execute(
            "UPDATE entries SET service = 'intake', partition = 3, value = 'new', "
            "leaf = sha256('\\x0006'::bytea || 'intake'::bytea || int2send(3::int2) "
            "|| int8send(sequence) || 'new'::bytea) WHERE chain_key = $1 AND version = 2",
            KEY,
        )
    assert names(await verified()) == [("hash", KEY, 2)]


async def test_a_dropped_entry_is_found_in_its_chain_and_in_its_source(
    kept: Pool, superuser: Pool, verified: Verify
) -> None:
    async with as_a_thief(superuser) as thief:
        await thief.execute("DELETE FROM entries WHERE chain_key = $1 AND version = 2", KEY)
    assert names(await verified()) == [
        ("position", "partition 3", 2),
        ("sequence", "intake/3", 2),
        ("version", KEY, 3),
    ]


async def test_a_cut_tail_is_found_even_when_the_head_was_moved(
    kept: Pool, superuser: Pool, verified: Verify
) -> None:
    async with as_a_thief(superuser) as thief:
        await thief.execute("DELETE FROM entries WHERE chain_key = $1 AND version = 3", OTHER)
        cut = [("position", "partition 3", 6), ("offset", "router/3", 2)]
        assert names(await verified()) == [("head", OTHER, 3), *cut]
        await thief.execute(
            "UPDATE chain_heads h SET version = e.version, hash = e.hash FROM entries e "
            "WHERE h.chain_key = $1 AND e.chain_key = $1 AND e.version = 2",
            OTHER,
        )
    assert names(await verified()) == cut


async def test_a_whole_chain_that_is_gone_is_found_by_its_head(
    kept: Pool, superuser: Pool, verified: Verify
) -> None:
    async with as_a_thief(superuser) as thief:
        await thief.execute("DELETE FROM entries WHERE chain_key = $1", OTHER)
    assert ("head", OTHER, 1) in names(await verified())
    assert names(await verified(OTHER)) == [("head", OTHER, 1)]


async def test_two_entries_that_changed_places_are_found(
    kept: Pool, superuser: Pool, verified: Verify
) -> None:
    async with as_a_thief(superuser) as thief:
        for old, new in ((1, 99), (2, 1), (99, 2)):
            await thief.execute(
                "UPDATE entries SET version = $3 WHERE chain_key = $1 AND version = $2",
                KEY,
                old,
                new,
            )
    assert names(await verified()) == [("version", KEY, 2)]


async def test_a_foreign_head_is_found(kept: Pool, verified: Verify) -> None:
    await kept.execute("UPDATE chain_heads SET hash = $1 WHERE chain_key = $2", b"x" * 32, KEY)
    verdict = await verified()
    (found,) = verdict.breaks
    assert isinstance(found, Break)
    assert (found.kind, found.version, found.expected) == ("head", 3, f"3:{(b'x' * 32).hex()}")


async def test_a_dossier_hashed_by_sm3_is_verified_by_sm3(
    pool: Pool, superuser: Pool, verified: Verify
) -> None:
    async with pool.acquire() as connection:
        await fix_algorithm(connection, "sm3")
    journal, appeal = Journal(), appeal_number(1)
    await keeper(pool, "sm3")(slices_of([journal.record(life.submitted(appeal), appeal)]))
    verdict = await verified()
    assert (verdict.is_whole, verdict.algorithm, verdict.entries) == (True, "sm3", 1)
    await superuser.execute("UPDATE chain_format SET algorithm = 'sha256'")
    assert names(await verified()) == [("leaf", KEY, 1)]
