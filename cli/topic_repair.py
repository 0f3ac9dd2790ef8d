"""`appeals topics resend` and `rebuild`: Kafka made right again from the services' own tables."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

import asyncpg
import typer
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from cli.outcome import FAILURE, USAGE, CommandError
from cli.reach import Reach, servers_here
from cli.topics import create_in_kafka
from libs.common.contracts.topics import READS, SERVICES, ServiceName, topic_of
from libs.common.eventstore.outbox import unsent
from libs.common.ids import random_id
from libs.common.messaging.sender import new_producer, send
from libs.common.settings import KafkaSettings

HEAD: Final = "SELECT last_sequence FROM {schema}.partition_heads WHERE partition = $1"
# Whoever owns the partition holds this lock on a connection of its own; it comes back by itself.
OWNER: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
      AND classid = '{schema}.partition_heads'::regclass::oid AND objid = $1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
TRY: Final = "SELECT pg_try_advisory_lock('{schema}.partition_heads'::regclass::oid::int, $1)"
UNLOCK: Final = "SELECT pg_advisory_unlock('{schema}.partition_heads'::regclass::oid::int, $1)"
MOVE_BACK: Final = """
    UPDATE {schema}.relay_positions SET sent_sequence = $2
    WHERE partition = $1 AND sent_sequence > $2
"""
RUNNING: Final = """
    SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = ANY($1::text[])
"""
NAME: Final = "UPDATE topics SET topic_id = $1 WHERE topic = $2"
SENT: Final = "UPDATE relay_positions SET sent_sequence = $2 WHERE partition = $1"
# A new topic has one record a number, so the next one of a reader lies at its last number.
GO_ON: Final = """
    UPDATE {schema}.consumer_offsets SET topic_id = $1, next_offset = last_sequence
    WHERE topic = $2
"""
ATTEMPTS: Final = 200
PAUSE_S: Final = 0.02
WINDOW: Final = 500


@dataclass(frozen=True, slots=True)
class Rebuilt:
    topic: str
    records: int


def resend(
    *,
    service: Annotated[str, typer.Argument(help=", ".join(SERVICES))],
    partition: Annotated[int, typer.Argument(min=0, help="分区。The partition.")],
    first: Annotated[int, typer.Argument(min=1, help="从此序号起。From this sequence on.")],
) -> None:
    """从某序号起重发事件；读者自会跳过重复。Send events again; readers skip what they know."""
    asyncio.run(move_back(servers_here().dsn, known(service), partition, first))
    typer.echo(f"{service}/{partition}: 将从 {first} 起重发 sends again from {first}")


def rebuild(
    *,
    service: Annotated[str, typer.Argument(help=f"all, {', '.join(SERVICES)}")],
) -> None:
    """按事件表重建丢失的主题；先停服务。Make a lost topic anew; stop services first."""
    wanted = SERVICES if service == "all" else (known(service),)
    for one in asyncio.run(rebuild_topics(servers_here(), wanted)):
        typer.echo(f"{one.topic}: {one.records} 条记录 records")


def known(service: str) -> ServiceName:
    for one in SERVICES:
        if one == service:
            return one
    raise no_service(service)


async def move_back(dsn: str, service: ServiceName, partition: int, first: int) -> None:
    """Under the owner's lock: what it has in flight could else move the position on again."""
    connection = await asyncpg.connect(dsn)
    try:
        head = await connection.fetchval(HEAD.format(schema=service), partition)
        if head is None or first > head:
            raise beyond(service, partition, head)
        for _ in range(ATTEMPTS):
            await connection.execute(OWNER.format(schema=service), partition)
            if await connection.fetchval(TRY.format(schema=service), partition):
                break
            await asyncio.sleep(PAUSE_S)
        else:
            raise still_owned(service, partition)
        await connection.execute(MOVE_BACK.format(schema=service), partition, first - 1)
        await connection.execute(UNLOCK.format(schema=service), partition)
    finally:
        await connection.close()


async def rebuild_topics(reach: Reach, services: tuple[ServiceName, ...]) -> list[Rebuilt]:
    """Raises CommandError while services run, or where a topic is there and not empty."""
    connection = await asyncpg.connect(reach.dsn)
    try:
        names = [f"appeals-{service}" for service in SERVICES]
        if running := await connection.fetch(RUNNING, names):
            raise still_running([row["application_name"] for row in running])
        await require_lost(reach.kafka, services)
        await create_in_kafka(reach.kafka, 1)
        return [await rebuild_one(connection, reach.kafka, service) for service in services]
    finally:
        await connection.close()


async def require_lost(kafka: KafkaSettings, services: tuple[ServiceName, ...]) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await client.start()
    try:
        existing = set(await client.list_topics())
    finally:
        await client.close()
    for service in services:
        if (name := kafka.topic_prefix + topic_of(service)) in existing:
            raise not_lost(name)


async def rebuild_one(
    connection: "asyncpg.Connection[asyncpg.Record]", kafka: KafkaSettings, service: ServiceName
) -> Rebuilt:
    """Same partitions, order and bytes; readers go on where they were, by their last sequence."""
    topic, topic_id = topic_of(service), random_id()
    await connection.execute(f"SET search_path = {service}")
    async with connection.transaction():
        await connection.execute(NAME, topic_id, topic)
        await connection.execute("UPDATE relay_positions SET sent_sequence = 0")
        for reader in (one for one in SERVICES if topic in READS[one]):
            await connection.execute(GO_ON.format(schema=reader), topic_id, topic)
    producer = new_producer(kafka.bootstrap_servers, "appeals-rebuild")
    await producer.start()
    try:
        name = kafka.topic_prefix + topic
        counts = [
            await send_all(connection, producer, (name, topic_id), partition)
            for partition in range(kafka.partitions)
        ]
    finally:
        await producer.stop()
    return Rebuilt(name, sum(counts))


async def send_all(
    connection: "asyncpg.Connection[asyncpg.Record]",
    producer: AIOKafkaProducer,
    topic: tuple[str, UUID],
    partition: int,
) -> int:
    count = 0
    while rows := await unsent(connection, [partition], WINDOW):
        await send(producer, *topic, rows)
        await connection.execute(SENT, partition, rows[-1]["sequence"])
        count += len(rows)
    return count


def no_service(name: str) -> CommandError:
    names = ", ".join(SERVICES)
    return CommandError(
        f"没有名为 {name} 的服务：{names}。", f"No such service {name}: {names}.", code=USAGE
    )


def beyond(service: str, partition: int, head: int | None) -> CommandError:
    return CommandError(
        f"{service}/{partition} 只到 {head}，请核对分区和序号。",
        f"{service}/{partition} ends at {head}: check partition and sequence.",
        code=USAGE,
    )


def still_owned(service: str, partition: int) -> CommandError:
    return CommandError(
        f"{service}/{partition} 的转发未能让出，请重试。",
        f"The relay of {service}/{partition} does not let go; try again.",
        code=FAILURE,
    )


def still_running(names: list[str]) -> CommandError:
    return CommandError(
        f"仍有服务在运行：{', '.join(names)}。请全部停止后再重建主题。",
        f"Services still run: {', '.join(names)}. Stop all of them before topics are rebuilt.",
        code=USAGE,
    )


def not_lost(name: str) -> CommandError:
    return CommandError(
        f"主题 {name} 还在。重建只用于已丢失的主题；确要替换，请先在 Kafka 中删除它。",
        f"The topic {name} is still there. Only a lost topic is rebuilt; to replace one, delete it "
        "in Kafka first.",
        code=USAGE,
    )
