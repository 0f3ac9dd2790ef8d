"""The trail read from Kafka alone, and the three places of each event compared."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from pydantic import SecretStr

from cli.audit.everywhere import compare_everywhere
from cli.audit.from_topics import TopicTrail
from cli.audit.records import open_reader, place_of
from cli.outcome import CommandError
from cli.reach import Reach
from cli.topic_repair import move_back, rebuild_topics
from libs.common.contracts.topics import SERVICES, Topic, topic_of
from libs.common.runtime.process import open_process
from libs.common.runtime.running import run_process
from libs.common.settings import KafkaSettings, PostgresSettings
from libs.common.subscription import Record
from services.dossier.adapters.signing_keys import make_key, public_keys
from services.dossier.adapters.verification import verify
from services.dossier.app import compose
from services.dossier.domain.witness import Trust
from services.dossier.settings import DossierSettings
from tests.support.databases import Database
from tests.unit.dossier import life
from tests.unit.dossier.life import Journal, appeal_number

APPEALS = 30
PATIENCE_S = 30
LATER = datetime(2100, 1, 1, tzinfo=UTC)
STORE = """
    INSERT INTO {service}.events (partition, sequence, stream_id, version, event_id, type, subject,
                                  correlation_id, key, body)
    VALUES ($1, $2, $3, 1, $4, $5, 'any', $4, $6, $7)
"""


@asynccontextmanager
async def running_dossier(
    database: Database, kafka: KafkaSettings, folder: Path
) -> AsyncGenerator[None]:
    settings = DossierSettings(
        postgres=PostgresSettings(dsn=SecretStr(database.dsn("dossier"))),
        kafka=kafka,
        fingerprint_key=SecretStr("only-for-tests"),
        signing_keys=folder,
        checkpoint_seconds=0.2,
    )
    async with open_process("dossier", settings) as process:
        task = asyncio.create_task(run_process(process, compose(process, settings)))
        try:
            yield
        finally:
            process.stopping.set()
            await task


async def store_and_send(database: Database, kafka: KafkaSettings, records: list[Record]) -> None:
    """Into the services' own tables and onto their topics, as relays would."""
    query = "SELECT DISTINCT topic, topic_id FROM dossier.consumer_offsets"
    made_at = {row["topic"]: str(row["topic_id"]).encode() for row in await database.fetch(query)}
    admin = await asyncpg.connect(database.admin_dsn)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    try:
        for record in records:
            await admin.execute(
                STORE.format(service=record.topic.split(".")[1]),
                record.partition,
                int(record.text("sequence") or 0),
                f"stream-{record.text('sequence')}",
                record.text("ce_id"),
                record.text("ce_type"),
                record.key,
                record.value,
            )
            await producer.send_and_wait(
                kafka.topic_prefix + record.topic,
                record.value,
                key=record.key,
                partition=record.partition,
                headers=list({**record.headers, "topic_id": made_at[record.topic]}.items()),
            )
    finally:
        await producer.stop()
        await admin.close()


async def until(database: Database, query: str, wanted: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await database.fetch(query))[0][0] < wanted:
            await asyncio.sleep(0.05)


@pytest.fixture
async def filled(database: Database, deployment: KafkaSettings, tmp_path: Path) -> Trust:
    """Two partitions of appeals, chained, covered by checkpoints and sent."""
    make_key(tmp_path, "appeals.example/dossier")
    journals = [Journal(partition=1), Journal(partition=3)]
    records = [
        journal.record(
            event(appeal_number(n)), appeal_number(n), key=str(UUID(int=journal.partition))
        )
        for n in range(APPEALS)
        for journal in journals
        for event in (life.submitted, life.accepted, life.dispatched)
    ]
    async with running_dossier(database, deployment, tmp_path):
        await store_and_send(database, deployment, records)
        await until(
            database, "SELECT coalesce(max(size), 0) FROM dossier.checkpoints", len(records)
        )
        await until(
            database,
            "SELECT min((sent_sequence = last_sequence)::int) FROM dossier.relay_positions "
            "JOIN dossier.partition_heads USING (partition)",
            1,
        )
        # What the dossier has said of the tree it has heard again, and left out.
        await until(
            database,
            "SELECT min((c.last_sequence = h.last_sequence)::int) FROM dossier.consumer_offsets c "
            "JOIN dossier.partition_heads h USING (partition) WHERE topic LIKE '%.dossier.%'",
            1,
        )
    return Trust(keys=public_keys(tmp_path), now=LATER)


@asynccontextmanager
async def owner(database: Database) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(
        database.admin_dsn, server_settings={"search_path": "dossier"}
    )
    try:
        yield connection
    finally:
        await connection.close()


async def test_the_topics_alone_give_the_same_tree_as_the_database(
    database: Database, deployment: KafkaSettings, filled: Trust
) -> None:
    from_topics = await TopicTrail(deployment, filled).verdict()
    async with owner(database) as connection:
        stored = await verify(connection)
        comparison = await compare_everywhere(connection, deployment)
    assert from_topics.breaks == stored.breaks == ()
    assert from_topics.root == stored.root is not None
    assert from_topics.entries == from_topics.covered == stored.entries == 6 * APPEALS
    assert from_topics.chains == stored.chains
    assert comparison.breaks.found == []
    # Each leaf against its service's table, and each event of a table against its topic.
    assert comparison.compared > 12 * APPEALS


async def test_a_record_added_to_a_topic_and_a_changed_table_are_told_apart(
    database: Database, deployment: KafkaSettings, filled: Trust
) -> None:
    async with owner(database) as connection:
        await connection.execute("ALTER TABLE router.events DISABLE TRIGGER events_append_only")
        await connection.execute(
            "UPDATE router.events SET body = body || ' ' WHERE partition = 1 AND sequence = 7"
        )
        comparison = await compare_everywhere(connection, deployment)
        assert (await verify(connection)).is_whole
    found = [(one.kind, one.chain, one.version) for one in comparison.breaks.found]
    assert found == [("store", "router/1", 7), ("topic", "router/1", 7)]
    assert (await TopicTrail(deployment, filled).verdict()).is_whole


async def test_a_database_rolled_back_behind_its_topics_is_found(
    database: Database, deployment: KafkaSettings, filled: Trust
) -> None:
    async with owner(database) as connection:
        await connection.execute("ALTER TABLE intake.events DISABLE TRIGGER events_append_only")
        await connection.execute("DELETE FROM intake.events WHERE partition = 3 AND sequence > 9")
        comparison = await compare_everywhere(connection, deployment)
    found = [(one.kind, one.chain, one.version) for one in comparison.breaks.found]
    assert found == [("store", "intake/3", 10), ("topic", "intake/3", 10)]


async def test_a_lost_topic_is_rebuilt_byte_for_byte_and_readers_go_on(
    database: Database, deployment: KafkaSettings, filled: Trust, tmp_path: Path
) -> None:
    reach = Reach(deployment, database.admin_dsn)
    with pytest.raises(CommandError, match="still there"):
        await rebuild_topics(reach, ("router",))
    before = await TopicTrail(deployment, filled).verdict()
    admin = AIOKafkaAdminClient(bootstrap_servers=deployment.bootstrap_servers)
    await admin.start()
    lost = [deployment.topic_prefix + topic_of(one) for one in SERVICES]
    await admin.delete_topics(lost)
    while set(lost) & set(await admin.list_topics()):
        await asyncio.sleep(0.05)
    await admin.close()
    rebuilt = await rebuild_topics(reach, SERVICES)
    assert sum(one.records for one in rebuilt if "dossier" not in one.topic) == 6 * APPEALS
    after = await TopicTrail(deployment, filled).verdict()
    assert after == before
    async with owner(database) as connection:
        assert (await compare_everywhere(connection, deployment)).breaks.found == []
    # A reader goes on where it was: what is new is chained, what is old is not chained twice.
    journals = [Journal(p, {Topic.INTAKE_EVENTS: 2 * APPEALS}) for p in (1, 3)]
    more = [one.record(life.submitted(appeal_number(900)), appeal_number(900)) for one in journals]
    async with running_dossier(database, deployment, tmp_path):
        await store_and_send(database, deployment, more[:1])
        await until(database, "SELECT count(*) FROM dossier.entries", 6 * APPEALS + 1)
        with pytest.raises(CommandError, match="appeals-dossier"):
            await rebuild_topics(reach, ("router",))


async def test_events_that_are_sent_again_change_nothing(
    database: Database, deployment: KafkaSettings, filled: Trust, tmp_path: Path
) -> None:
    sent = "SELECT min((sent_sequence = last_sequence)::int) FROM dossier.relay_positions "
    sent += "JOIN dossier.partition_heads USING (partition)"
    entries = "SELECT count(*) FROM dossier.entries"
    async with running_dossier(database, deployment, tmp_path):
        await until(database, sent, 1)
        with pytest.raises(CommandError, match="ends at"):
            await move_back(database.admin_dsn, "dossier", 3, 10**9)
        before = await ends(deployment)
        await move_back(database.admin_dsn, "dossier", 3, 1)
        async with asyncio.timeout(PATIENCE_S):
            while await ends(deployment) <= before:
                await asyncio.sleep(0.1)
        await until(database, sent, 1)
    assert (await database.fetch(entries))[0][0] == 6 * APPEALS
    assert (await TopicTrail(deployment, filled).verdict()).is_whole


async def ends(kafka: KafkaSettings) -> int:
    async with open_reader(kafka) as consumer:
        place = place_of(kafka, Topic.DOSSIER_EVENTS, 3)
        return (await consumer.end_offsets([place]))[place]
