"""`appeals status`: which services are ready, how far behind, and what waits for a person."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import asyncpg
import typer
from rich.console import Console
from rich.table import Table

from cli.calling import NO_ANSWER, call
from cli.fleet import read_running
from cli.options import AsJson
from cli.outcome import DEPENDENCY_DOWN
from cli.reach import Reach, servers_here
from libs.common.contracts.topics import READS, SERVICES, ServiceName, topic_of

OWN: Final = """
    SELECT coalesce(sum(h.last_sequence), 0)::bigint AS events,
           coalesce(sum(h.last_sequence - r.sent_sequence), 0)::bigint AS unsent,
           (SELECT count(*) FROM {schema}.dead_letters WHERE state = 'parked') AS dead_letters
    FROM {schema}.partition_heads h JOIN {schema}.relay_positions r USING (partition)
"""
KEPT: Final = "SELECT coalesce(sum(version), 0)::bigint FROM dossier.chain_heads"
LAG: Final = """
    SELECT coalesce(sum(h.last_sequence - c.last_sequence), 0)::bigint
    FROM {owner}.partition_heads h
    JOIN {reader}.consumer_offsets c ON c.partition = h.partition AND c.topic = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStatus:
    """`events` are its own; of the dossier, which makes none, what it keeps.

    `lag` counts events of other services that it has not read; `ready` None: port not known.
    """

    service: ServiceName
    port: int | None
    ready: bool | None
    checks: Mapping[str, bool]
    events: int
    unsent: int
    lag: int
    dead_letters: int


def status(
    *,
    as_json: AsJson = False,
) -> None:
    """各服务是否就绪、积压、死信。Ready or not, lag, unsent events, dead letters."""
    found = asyncio.run(look(servers_here()))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        Console().print(table_of(found))
    if any(one.ready is False for one in found):
        raise typer.Exit(DEPENDENCY_DOWN)


async def look(reach: Reach) -> list[ServiceStatus]:
    running = {one.name: one.port for one in read_running(reach.root)} if reach.root else {}
    connection = await asyncpg.connect(reach.dsn)
    try:
        return [await look_at(connection, name, running.get(name)) for name in SERVICES]
    finally:
        await connection.close()


async def look_at(
    connection: "asyncpg.Connection[asyncpg.Record]", service: ServiceName, port: int | None
) -> ServiceStatus:
    _, body = await call(port, "GET", "/ready") if port else (NO_ANSWER, {})
    own: Any = await connection.fetchrow(OWN.format(schema=service))
    lag = 0
    for owner in SERVICES:
        if topic_of(owner) in READS[service]:
            lag += await connection.fetchval(
                LAG.format(owner=owner, reader=service), topic_of(owner)
            )
    return ServiceStatus(
        service=service,
        port=port,
        ready=bool(body.get("ready")) if port else None,
        checks={name: bool(good) for name, good in body.items() if name != "ready"},
        events=await connection.fetchval(KEPT) if service == "dossier" else own["events"],
        unsent=own["unsent"],
        lag=lag,
        dead_letters=own["dead_letters"],
    )


def table_of(found: list[ServiceStatus]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("服务\nservice", "就绪\nready", "地址\naddress"):
        table.add_column(name, min_width=10, no_wrap="ready" not in name)
    for name in ("事件\nevents", "未发\nunsent", "积压\nlag", "死信\ndead"):
        table.add_column(name, justify="right")
    for one in found:
        failing = ", ".join(name for name, good in one.checks.items() if not good)
        ready = {None: "?", True: "[green]✔[/]", False: f"[red]✘[/] {failing}"}[one.ready]
        address = f"http://127.0.0.1:{one.port}" if one.port else "–"
        numbers = (one.events, one.unsent, one.lag, one.dead_letters)
        table.add_row(one.service, ready, address, *(f"{number:,}" for number in numbers))
    return table
