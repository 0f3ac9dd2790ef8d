"""`appeals migrate` and `appeals topics`: what must stand before a service starts."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Final

import asyncpg
import typer
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from rich.console import Console
from rich.table import Table

from cli.keys import open_keys
from cli.migrate import migrate as bring_up_to_date
from cli.options import AsJson
from cli.outcome import DEPENDENCY_DOWN, CommandError
from cli.reach import Reach, servers_here
from cli.topics import create_topics
from libs.common.contracts.topics import SERVICES, ServiceName, Topic

# Such as APPEALS_PASSWORD_INTAKE.
PASSWORD: Final = "APPEALS_PASSWORD_"  # noqa: S105 - a variable's name
KNOWN: Final = "SELECT topic, topic_id::text AS topic_id FROM {schema}.topics"


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """`records` is what lies between the first and the last offset; `topic_id` None: no row."""

    name: str
    partitions: int
    records: int
    ends: tuple[int, ...]
    topic_id: str | None


def migrate(
    *,
    as_json: AsJson = False,
) -> None:
    """建表、建角色，可重复运行。Bring schemas and roles up to date; safe to run again."""
    reach = servers_here()
    passwords = service_passwords(reach, os.environ)
    asyncio.run(bring_up_to_date(reach.dsn, passwords, partitions=reach.kafka.partitions))
    if as_json:
        typer.echo(json.dumps({"schemas": SERVICES, "passwords_set": sorted(passwords)}))
        return
    typer.echo(f"已是最新 up to date: {', '.join(SERVICES)}")
    if without := [service for service in SERVICES if service not in passwords]:
        names = ", ".join(f"{PASSWORD}{service.upper()}" for service in without)
        typer.echo(
            f"未设置密码的角色不能登录，可用变量给出：{names}\n"
            f"roles without a password can not log in; give one by {names}",
            err=True,
        )


def service_passwords(reach: Reach, environment: Mapping[str, str]) -> dict[ServiceName, str]:
    """Those that the environment gives; of a local stack its own."""
    if reach.root is not None:
        return open_keys(reach.root / "keys").passwords()
    return {
        service: password
        for service in SERVICES
        if (password := environment.get(f"{PASSWORD}{service.upper()}"))
    }


def topics(
    *,
    create: Annotated[
        bool, typer.Option("--create", help="建立缺少的主题。Make what is missing first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """主题、分区、记录数。Topics with partitions, end offsets and records."""
    found = asyncio.run(look_at_topics(servers_here(), create=create))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found]))
        return
    table = Table("主题 topic", box=None, padding=(0, 2, 0, 0))
    for name in ("分区 partitions", "记录 records"):
        table.add_column(name, justify="right")
    table.add_column("各分区末位 end offsets", style="dim")
    table.add_column("编号 id", style="dim", no_wrap=True)
    for one in found:
        ends = " ".join(map(str, one.ends))
        identity = one.topic_id[:8] if one.topic_id else "–"
        table.add_row(one.name, str(one.partitions), f"{one.records:,}", ends, identity)
    Console(highlight=False).print(table)


async def look_at_topics(reach: Reach, *, create: bool) -> list[TopicFacts]:
    if create:
        await create_topics(reach.dsn, reach.kafka)
    ids = await topic_ids(reach.dsn)
    await require_topics(reach)
    consumer = AIOKafkaConsumer(bootstrap_servers=reach.kafka.bootstrap_servers)
    await consumer.start()
    try:
        return [await facts_of(consumer, reach, topic, ids) for topic in Topic]
    finally:
        await consumer.stop()


async def topic_ids(dsn: str) -> dict[str, str]:
    connection = await asyncpg.connect(dsn)
    try:
        statement = " UNION ".join(KNOWN.format(schema=service) for service in SERVICES)
        return {row["topic"]: row["topic_id"] for row in await connection.fetch(statement)}
    finally:
        await connection.close()


async def require_topics(reach: Reach) -> None:
    """Raises CommandError: asking for the offsets of no topic would wait for ever."""
    client = AIOKafkaAdminClient(bootstrap_servers=reach.kafka.bootstrap_servers)
    await client.start()
    try:
        existing = set(await client.list_topics())
    finally:
        await client.close()
    for topic in Topic:
        if (name := reach.kafka.topic_prefix + topic) not in existing:
            raise no_topic(name)


def no_topic(name: str) -> CommandError:
    return CommandError(
        f"Kafka 中没有主题 {name}，请运行 appeals topics --create。",
        f"Kafka has no topic {name}: run `appeals topics --create`.",
        code=DEPENDENCY_DOWN,
    )


async def facts_of(
    consumer: AIOKafkaConsumer, reach: Reach, topic: Topic, ids: Mapping[str, str]
) -> TopicFacts:
    name = reach.kafka.topic_prefix + topic
    places = [TopicPartition(name, partition) for partition in range(reach.kafka.partitions)]
    ends = await consumer.end_offsets(places)
    starts = await consumer.beginning_offsets(places)
    records = sum(ends.values()) - sum(starts.values())
    last = tuple(ends[place] for place in places)
    return TopicFacts(name, len(places), records, last, ids.get(topic))
