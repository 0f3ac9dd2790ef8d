"""The whole dossier process on a real broker: every event once, whatever else is in the topics."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from libs.common.contracts.topics import Topic
from libs.common.runtime.process import Process, open_process
from libs.common.runtime.running import run_process
from libs.common.settings import KafkaSettings, PostgresSettings
from libs.common.subscription import Record
from services.dossier.adapters.verification import Verdict, verify
from services.dossier.app import compose
from services.dossier.settings import DossierSettings
from tests.support.databases import Database
from tests.unit.dossier import life
from tests.unit.dossier.life import Journal, appeal_number

PATIENCE_S = 30
APPEALS = 40


@asynccontextmanager
async def running_dossier(database: Database, kafka: KafkaSettings) -> AsyncGenerator[Process]:
    settings = DossierSettings(
        postgres=PostgresSettings(dsn=SecretStr(database.dsn("dossier"))),
        kafka=kafka,
        fingerprint_key=SecretStr("only-for-tests"),
    )
    async with open_process("dossier", settings) as process:
        task = asyncio.create_task(run_process(process, compose(process, settings)))
        try:
            yield process
        finally:
            process.stopping.set()
            await task


async def send(kafka: KafkaSettings, database: Database, records: list[Record]) -> None:
    query = "SELECT DISTINCT topic, topic_id FROM dossier.consumer_offsets"
    made_at = {row["topic"]: str(row["topic_id"]).encode() for row in await database.fetch(query)}
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    try:
        for record in records:
            headers = {**record.headers, "topic_id": made_at[record.topic]}
            await producer.send_and_wait(
                kafka.topic_prefix + record.topic,
                record.value,
                key=record.key,
                partition=record.partition,
                headers=list(headers.items()),
            )
    finally:
        await producer.stop()


async def wait_for(database: Database, entries: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await database.fetch("SELECT count(*) AS n FROM dossier.entries"))[0]["n"] < entries:
            await asyncio.sleep(0.05)


async def verdict(database: Database) -> Verdict:
    connection = await asyncpg.connect(
        database.dsn("dossier"), server_settings={"search_path": "dossier"}
    )
    try:
        return await verify(connection)
    finally:
        await connection.close()


async def test_every_event_is_kept_once_over_a_restart_and_beside_foreign_records(
    database: Database, deployment: KafkaSettings
) -> None:
    journal = Journal()
    records = [
        journal.record(event(appeal_number(number)), appeal_number(number))
        for number in range(APPEALS)
        for event in (life.submitted, life.accepted, life.dispatched, life.clocks_started)
    ]
    middle = len(records) // 2
    foreign = records[0]._replace(value=b"from elsewhere", headers={"ce_type": b"x"})
    odd = journal.raw(Topic.SLA_EVENTS, b"\xff", "sla.from-the-future.v1", key=records[0].key)
    async with running_dossier(database, deployment):
        await send(deployment, database, [*records[:middle], foreign])
        await wait_for(database, middle)
    # The relay sends its last window again after a crash; the numbers tell that it is no news.
    async with running_dossier(database, deployment):
        await send(deployment, database, [*records[middle - 20 :], odd])
        await wait_for(database, len(records) + 1)
    found = await verdict(database)
    assert found.is_whole
    assert (found.chains, found.entries) == (1, len(records) + 1)
    (letters,) = await database.fetch("SELECT count(*) AS n FROM dossier.dead_letters")
    assert letters["n"] == 1
    (row,) = await database.fetch(
        "SELECT count(*) AS n, min(events) AS least, max(events) AS most FROM dossier.appeals"
    )
    assert tuple(row) == (APPEALS, 4, 4)
