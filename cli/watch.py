"""`appeals watch`: events as they are published; they hold masked texts only."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.text import Text

from cli.options import AsJson
from cli.reach import Reach, servers_here
from cli.running import run_to_end
from libs.calendar.days import SHANGHAI
from libs.common.contracts.topics import SERVICES, topic_of

LAST: Final = 20
OBJECT: Final = TypeAdapter(dict[str, Any])
COLOURS: Final = {
    "intake": "green",
    "classifier": "cyan",
    "router": "blue",
    "sla": "yellow",
    "dossier": "magenta",
}


def watch(
    *,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="持续显示新事件。Go on with new events.")
    ] = True,
    last: Annotated[
        int, typer.Option(min=0, help="先显示最近几条。How many old ones first.")
    ] = LAST,
    as_json: AsJson = False,
) -> None:
    """实时事件（内容已脱敏）。Events as they come, masked."""
    run_to_end(show_all(servers_here(), last, follow=follow, as_json=as_json))


async def show_all(reach: Reach, last: int, *, follow: bool, as_json: bool) -> None:
    console = Console(highlight=False)
    async with aclosing(events(reach, last, follow=follow)) as found:
        async for service, envelope in found:
            if as_json:
                typer.echo(json.dumps(row_of(service, envelope), ensure_ascii=False))
            else:
                console.print(line_of(row_of(service, envelope)), soft_wrap=True)


async def events(
    reach: Reach, last: int, *, follow: bool
) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
    """The newest `last` of all topics in the order of their time, then what comes."""
    consumer = AIOKafkaConsumer(bootstrap_servers=reach.kafka.bootstrap_servers)
    places = [
        TopicPartition(reach.kafka.topic_prefix + topic_of(service), partition)
        for service in SERVICES
        for partition in range(reach.kafka.partitions)
    ]
    await consumer.start()
    try:
        consumer.assign(places)
        for record in await newest(consumer, places, last):
            yield decoded(record)
        while follow:
            batches = await consumer.getmany(timeout_ms=500)
            fresh = [record for batch in batches.values() for record in batch]
            for record in sorted(fresh, key=lambda one: one.timestamp):
                yield decoded(record)
    finally:
        await consumer.stop()


async def newest(
    consumer: AIOKafkaConsumer, places: list[TopicPartition], last: int
) -> list[ConsumerRecord]:
    """Leaves the consumer at the end of every partition."""
    ends = await consumer.end_offsets(places)
    starts = await consumer.beginning_offsets(places)
    for place in places:
        consumer.seek(place, max(starts[place], ends[place] - last))
    found: list[ConsumerRecord] = []
    while any([await consumer.position(place) < ends[place] for place in places]):
        batches = await consumer.getmany(timeout_ms=500)
        found += [record for batch in batches.values() for record in batch]
    found.sort(key=lambda one: one.timestamp)
    return found[-last:] if last else []


def decoded(record: ConsumerRecord) -> tuple[str, dict[str, Any]]:
    """A record that is no event of ours shows its place alone."""
    service = record.topic.rsplit(".", 2)[-2]
    try:
        return service, OBJECT.validate_json(record.value or b"")
    except ValidationError:
        return service, {"type": f"foreign record at {record.partition}/{record.offset}"}


def row_of(service: str, envelope: dict[str, Any]) -> dict[str, Any]:
    """No text of the appeal: who watches over a shoulder need not read it."""
    return {
        "time": envelope.get("time"),
        "service": service,
        "type": envelope.get("type"),
        "appeal": envelope.get("subject"),
        "key": envelope.get("partitionkey"),
        "id": envelope.get("id"),
    }


def line_of(row: dict[str, Any]) -> Text:
    service = row["service"]
    name = str(row["type"]).removeprefix(f"{service}.")
    line = Text(f"{local_time(row['time'])}  ", style="dim")
    line.append(f"{service:<11}", style=COLOURS.get(service, "default"))
    line.append(f"{name:<32}", style="default")
    return line.append(f"{str(row['appeal'])[:8]}  {str(row['key'])[:8]}", style="dim")


def local_time(text: str | None) -> str:
    """In Asia/Shanghai, to the millisecond."""
    if not text:
        return "-" * 12
    from_iso = datetime.fromisoformat(text)
    return from_iso.astimezone(SHANGHAI).strftime("%H:%M:%S.%f")[:12]
