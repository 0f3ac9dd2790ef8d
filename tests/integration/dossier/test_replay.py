"""A read model made twice from the same entries is the same, and making it touches nothing."""

from datetime import UTC, datetime

import pytest

from cli.replay import counted, pool_of, rebuilt, shadowed
from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Pool
from services.dossier.read_model.replaying import Span, begin, replay, state_hashes
from tests.integration.dossier.keeping import keep
from tests.support.databases import Database
from tests.unit.dossier import life
from tests.unit.dossier.life import Journal, appeal_number

KEYS = ["00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"]
EVERYTHING = Span()
LIVES = (life.submitted, life.accepted, life.dispatched, life.clocks_started)


@pytest.fixture
async def kept(pool: Pool) -> Pool:
    """Twelve appeals in two partitions, one of whose chains stands still."""
    for partition, key in enumerate(KEYS, start=1):
        journal = Journal(partition=partition)
        for number in range(6):
            appeal = appeal_number(10 * partition + number)
            await keep(pool, [journal.record(one(appeal), appeal, key=key) for one in LIVES])
        odd = journal.raw(Topic.SLA_EVENTS, b"\xff", "sla.urged.v1", key=b"system")
        await keep(pool, [odd] if partition == 1 else [])
    return pool


async def test_the_shadow_has_the_same_state_and_is_gone_afterwards(
    kept: Pool, database: Database
) -> None:
    replayed = await shadowed(database.admin_dsn, EVERYTHING, None)
    assert replayed.is_same
    assert replayed.entries == 49
    schemas = await database.fetch("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'replay%'")
    assert schemas == []


async def test_a_read_model_that_somebody_changed_is_found_and_rebuilt(
    kept: Pool, superuser: Pool, database: Database
) -> None:
    before = await superuser.fetch("SELECT * FROM appeals ORDER BY appeal_id")
    await superuser.execute("UPDATE appeals SET title = 'changed' WHERE chain_key = $1", KEYS[0])
    assert (await shadowed(database.admin_dsn, EVERYTHING, None)).is_same is False
    assert (await rebuilt(database.admin_dsn)).is_same is False
    assert await superuser.fetch("SELECT * FROM appeals ORDER BY appeal_id") == before
    assert (await shadowed(database.admin_dsn, EVERYTHING, None)).is_same


async def test_an_interrupted_replay_goes_on_where_it_was(
    kept: Pool, superuser: Pool, database: Database
) -> None:
    async with superuser.acquire() as connection:
        await begin(connection, "replay_0000abcd")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    async with pool_of(database.admin_dsn, "replay_0000abcd") as shadow:
        with pytest.raises(KeyboardInterrupt):
            await replay(shadow, EVERYTHING, interrupt)
    replayed = await shadowed(database.admin_dsn, EVERYTHING, "replay_0000abcd")
    assert replayed.is_same
    assert 0 < replayed.entries < 49


async def test_a_part_is_laid_without_being_compared_and_a_dry_run_counts(
    kept: Pool, database: Database
) -> None:
    past = Span(until=datetime(2020, 1, 1, tzinfo=UTC))
    replayed = await shadowed(database.admin_dsn, past, None)
    assert (replayed.entries, replayed.is_same) == (0, None)
    assert await counted(database.admin_dsn, EVERYTHING) == 49
    assert await counted(database.admin_dsn, past) == 0


async def test_a_replay_writes_to_no_table_in_use(kept: Pool, superuser: Pool) -> None:
    async with superuser.acquire() as connection:
        before = await state_hashes(connection, "dossier")
        events = await connection.fetchval("SELECT count(*) FROM events")
        await begin(connection, "replay_0000abce")
        assert await state_hashes(connection, "dossier") == before
        assert await connection.fetchval("SELECT count(*) FROM events") == events
        empty = await state_hashes(connection, "replay_0000abce")
    assert empty != before
