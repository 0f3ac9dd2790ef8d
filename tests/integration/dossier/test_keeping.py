"""Batches become chains and read models, once, whatever comes and in whatever order."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from libs.common.contracts.topics import Topic
from libs.common.errors import NotReadyError, StreamConflictError
from libs.common.eventstore.store import Pool
from libs.common.subscription import Record
from services.dossier.adapters.chain_store import fix_algorithm, lock_and_chain, write_chained
from services.dossier.domain.chain import digest_of
from services.dossier.domain.entries import chain_records
from services.dossier.domain.states import (
    ClassifierState,
    IntakeState,
    Owners,
    RouterState,
)
from services.dossier.read_model.rebuilding import reproject, reproject_parked
from tests.integration.dossier.keeping import keep, keeper
from tests.unit.dossier import life
from tests.unit.dossier.life import ENTERPRISE, NAME, Journal, appeal_number

SHA256 = digest_of("sha256")
KEY = str(ENTERPRISE)
ALL_EVENTS = (
    life.submitted,
    life.accepted,
    life.classified,
    life.dispatched,
    life.signed,
    life.result,
    life.approved,
    life.rated,
    life.clocks_started,
    life.limit_passed,
    life.clocks_stopped,
)


def whole_life(journal: Journal, number: int = 1) -> list[Record]:
    appeal = appeal_number(number)
    return [
        journal.record(event(appeal), appeal, minute=minute)
        for minute, event in enumerate(ALL_EVENTS)
    ]


async def appeal_row(pool: Pool, number: int = 1) -> asyncpg.Record:
    query = "SELECT * FROM appeal_files WHERE appeal_id = $1"
    row = await pool.fetchrow(query, appeal_number(number))
    assert row is not None
    return row


async def test_a_batch_of_all_topics_becomes_one_chain_of_the_very_bytes(pool: Pool) -> None:
    records = whole_life(Journal())
    outcome = await keep(pool, records)
    assert outcome.worked.parked == ()
    stored = await pool.fetch("SELECT * FROM entries ORDER BY version")
    ordered = sorted(records, key=lambda r: (r.topic, r.offset))
    expected, heads = chain_records(SHA256, [(KEY, record) for record in ordered], {})
    assert [(row["version"], row["value"], row["leaf"], row["hash"]) for row in stored] == [
        (e.version, e.value, e.leaf, e.hash) for e in expected
    ]
    head = await pool.fetchrow("SELECT chain_key, version, hash FROM chain_heads")
    assert tuple(head or ()) == (KEY, *heads[KEY])


async def test_an_appeal_of_which_all_was_heard_is_closed(pool: Pool) -> None:
    await keep(pool, whole_life(Journal()))
    row = await appeal_row(pool)
    assert (row["state"], row["events"], row["lead"]) == ("CLOSED", len(ALL_EVENTS), "gxj")
    assert (row["escalations"], row["highest_level"], row["overdue"]) == (1, 2, True)
    assert row["resolve_stopped_at"] == life.DUE
    assert row["first_event_at"] == life.SUBMITTED
    assert row["last_event_at"] == life.SUBMITTED + timedelta(minutes=len(ALL_EVENTS) - 1)
    counts = await pool.fetchrow("SELECT name, appeals, open FROM enterprise_counts")
    assert tuple(counts or ()) == (NAME, 1, 0)


async def test_any_order_of_the_topics_makes_the_same_read_model(pool: Pool) -> None:
    rows: list[tuple[object, ...]] = []
    for number, backwards in ((1, False), (2, True)):
        journal = Journal()
        journal.last = dict.fromkeys(Topic, number * 100)
        by_topic: dict[Topic, list[Record]] = {}
        for record in whole_life(journal, number):
            by_topic.setdefault(record.topic, []).append(record)
        for topic in sorted(by_topic, reverse=backwards):
            for record in by_topic[topic]:
                await keep_past_the_fence(pool, [record])
        row = await appeal_row(pool, number)
        assert row["first_event_at"] == life.SUBMITTED
        assert row["last_event_at"] == life.SUBMITTED + timedelta(minutes=len(ALL_EVENTS) - 1)
        rows.append(tuple(value for name, value in row.items() if name != "appeal_id"))
    assert rows[0] == rows[1]


async def keep_past_the_fence(pool: Pool, records: list[Record]) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await keeper(pool).work(connection, records, heads_first=False)


async def test_an_event_that_comes_again_is_kept_once(pool: Pool) -> None:
    records = whole_life(Journal())
    await keep(pool, records)
    again = await keep(pool, records)
    assert sum(one.redelivered for one in again.screened) == len(records)
    assert await pool.fetchval("SELECT count(*) FROM entries") == len(records)
    assert (await appeal_row(pool))["events"] == len(records)


async def test_an_event_that_is_chained_already_can_not_be_chained_again(pool: Pool) -> None:
    records = whole_life(Journal())
    await keep(pool, records)
    with pytest.raises(NotReadyError):
        await keep_past_the_fence(pool, records)
    assert await pool.fetchval("SELECT max(version) FROM entries") == len(records)


@pytest.mark.parametrize("begun", [False, True])
async def test_of_two_writers_of_one_chain_one_decides_again(
    pool: Pool,
    begun: bool,  # noqa: FBT001 - a test's parameter
) -> None:
    if begun:
        await keep(pool, whole_life(Journal()))
    first, second = (Journal(partition) for partition in (3, 2))
    for journal in (first, second):
        journal.last = dict.fromkeys(Topic, 50)
    appeal = appeal_number(2)
    one = first.record(life.submitted(appeal), appeal)
    two = second.record(life.accepted(appeal), appeal)
    results = await asyncio.gather(
        write_slowly(pool, one), write_slowly(pool, two), return_exceptions=True
    )
    conflicts = [r for r in results if isinstance(r, StreamConflictError)]
    # A begun chain makes the second writer wait for the head; a new one makes it try again.
    assert len(conflicts) == (0 if begun else 1)
    versions = [row["version"] for row in await pool.fetch("SELECT version FROM entries")]
    assert sorted(versions) == list(range(1, len(versions) + 1))


async def write_slowly(pool: Pool, record: Record) -> None:
    async with pool.acquire() as connection, connection.transaction():
        chained = await lock_and_chain(connection, SHA256, [record])
        await asyncio.sleep(0.1)
        await write_chained(connection, chained)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET value = 'x'",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "SET session_replication_role = replica; DELETE FROM entries",
    ],
)
async def test_nobody_changes_an_entry(pool: Pool, superuser: Pool, statement: str) -> None:
    await keep(pool, whole_life(Journal()))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await superuser.execute(statement)


async def test_the_chain_takes_what_nothing_can_read(pool: Pool) -> None:
    journal = Journal()
    odd = [
        journal.raw(Topic.INTAKE_EVENTS, b"\xff\x00 no JSON", "intake.unheard-of.v1", key=None),
        journal.raw(Topic.INTAKE_EVENTS, None, "intake.gone.v1", key=b"\x00\xff"),
        journal.raw(Topic.INTAKE_EVENTS, b"{}", "intake.odd\x00.v1", key=KEY.encode()),
    ]
    outcome = await keep(pool, odd)
    assert outcome.worked.parked == ()
    rows = await pool.fetch("SELECT chain_key, type, value FROM entries ORDER BY sequence")
    assert [tuple(row) for row in rows] == [
        ("key:", "intake.unheard-of.v1", b"\xff\x00 no JSON"),
        ("key:00ff", "intake.gone.v1", b""),
        (KEY, None, b"{}"),
    ]
    assert await pool.fetchval("SELECT count(*) FROM projection_parked") == 0


BAD: list[tuple[str, bytes, str]] = [
    ("router.dispatch-signed.v1", b'{"data": {}}', "undecodable"),
    ("router.dispatch-signed.v1", b"\xff", "undecodable"),
    ("router.dispatch-signed.v9", b"{}", "unknown_version"),
]


@pytest.mark.parametrize(("event_type", "value", "reason"), BAD)
async def test_a_bad_value_is_chained_and_its_read_model_alone_stands_still(
    pool: Pool, event_type: str, value: bytes, reason: str
) -> None:
    journal, appeal = Journal(), appeal_number(1)
    first = journal.record(life.dispatched(appeal), appeal)
    bad = journal.raw(Topic.ROUTER_EVENTS, value, event_type, key=KEY.encode())
    later = journal.record(life.result(appeal), appeal)
    other_key, other = str(UUID(int=9)), appeal_number(2)
    neighbour = journal.record(life.dispatched(other), other, key=other_key)
    await keep(pool, [first, bad])
    await keep(pool, [later, neighbour])
    assert await pool.fetchval("SELECT count(*) FROM entries") == 4
    parked = await pool.fetchrow("SELECT chain_key, version, reason FROM projection_parked")
    assert tuple(parked or ()) == (KEY, 2, reason)
    assert (await appeal_row(pool, 1))["state"] == "DISPATCHED"
    assert (await appeal_row(pool, 2))["state"] == "DISPATCHED"
    assert await pool.fetchval("SELECT count(*) FROM dead_letters") == 0


async def test_what_postgresql_refuses_stands_still_and_the_neighbours_go_on(pool: Pool) -> None:
    journal = Journal()
    bad, good = appeal_number(1), appeal_number(2)
    records = [
        journal.record(life.submitted(bad, title="a\x00b"), bad),
        journal.record(life.submitted(good), good, key=str(UUID(int=9))),
    ]
    await keep(pool, records)
    assert await pool.fetchval("SELECT count(*) FROM entries") == 2
    assert await pool.fetchval("SELECT reason FROM projection_parked") == "refused_by_database"
    assert await pool.fetchval("SELECT appeal_id FROM appeals") == good


async def test_a_chain_that_stood_still_is_read_again_from_its_entries(pool: Pool) -> None:
    await keep(pool, whole_life(Journal()))
    expected = tuple(await appeal_row(pool))
    # As a version of yesterday would have left it, that could not read the first entry.
    await pool.execute("DELETE FROM escalations")
    await pool.execute("DELETE FROM appeals")
    await pool.execute("INSERT INTO projection_parked VALUES ($1, 1, 'test', 'test')", KEY)
    assert await reproject_parked(pool) == []
    assert tuple(await appeal_row(pool)) == expected
    assert await pool.fetchval("SELECT count(*) FROM projection_parked") == 0


async def test_reading_a_chain_again_changes_nothing(pool: Pool) -> None:
    await keep(pool, whole_life(Journal()))
    expected = tuple(await appeal_row(pool))
    async with pool.acquire() as connection, connection.transaction():
        await reproject(connection, KEY)
    assert tuple(await appeal_row(pool)) == expected


async def test_a_chain_does_not_change_its_hash(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await fix_algorithm(connection, "sha256")
        await fix_algorithm(connection, "sha256")
        with pytest.raises(NotReadyError, match="sha256"):
            await fix_algorithm(connection, "sm3")


async def test_the_database_says_the_same_overall_state_as_the_rule(pool: Pool) -> None:
    query = """
        INSERT INTO appeals (appeal_id, chain_key, intake_state, classifier_state, router_state,
                             provisional, events, first_event_at, last_event_at)
        VALUES (gen_random_uuid(), '', $1, $2, $3, false, 0, now(), now()) RETURNING state
    """
    for intake in (None, *IntakeState):
        for classifier in (None, *ClassifierState):
            for router in (None, *RouterState):
                found = await pool.fetchval(query, intake, classifier, router)
                assert found == Owners(intake, classifier, router).overall
