"""The demo from an empty stack to a verified dossier."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

import asyncpg

from cli.demo.actions import Desk, Done
from cli.demo.counting import Counts, count, late_steps_missing
from cli.demo.figures import Figures, gather
from cli.demo.sheet import Sheet, firms_by_appeals, read_sheet
from cli.demo.view import View
from cli.deployment import model_folder, needs_training, prepare
from cli.fleet import Fleet, start_fleet
from cli.keys import PRODUCER
from cli.narrator import Narrator
from cli.outcome import CommandError
from cli.publishing import publish
from cli.reach import CommandSettings
from libs.common.clock import Clock
from libs.local.stack import Servers, local_stack

POLL_S: Final = 0.4
STUCK_AFTER_S: Final = 60.0
FIRMS: Final = 4
APPEALS: Final = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for; `rows` None is the whole file."""

    file: Path
    rows: int | None
    redate: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """What the demo plays on."""

    settings: CommandSettings
    environment: Mapping[str, str]
    narrator: Narrator
    clock: Clock


async def play(stage: Stage, wish: Wish) -> Figures:
    """Everything that it starts has ended when it returns or raises."""
    sheet = read_sheet(wish.file, stage.clock(), rows=wish.rows, redate=wish.redate)
    say = stage.narrator.say
    say(*told_of(sheet))
    state_dir = stage.settings.state_dir
    async with local_stack(
        state_dir, keep=False, environment=stage.environment, progress=stage.narrator.jar
    ) as servers:
        say("Kafka 与 PostgreSQL 就绪", "Kafka and PostgreSQL are ready")
        fleet = await deploy(stage, servers, sheet)
        say("五个服务就绪，开始导入", "five services are ready; feeding the file")
        figures = await feed(stage, fleet, sheet)
        say("正在停止全部进程", "stopping everything")
    return figures


def told_of(sheet: Sheet) -> tuple[str, str]:
    moved_zh = f"时间整体平移 {sheet.days:+d} 天" if sheet.days else "时间未平移"
    moved_en = f"times moved by {sheet.days:+d} days" if sheet.days else "times as they stand"
    return f"热线工单 {sheet.rows} 行，{moved_zh}", f"{sheet.rows} hotline rows, {moved_en}"


async def deploy(stage: Stage, servers: Servers, sheet: Sheet) -> Fleet:
    if servers.kafka is None or servers.postgres is None:
        await refuse_used(servers)
    model = model_folder(stage.settings.state_dir, stage.environment)
    if needs_training(model, stage.environment):
        stage.narrator.say(
            "训练分类模型（一两分钟，仅此一次）", "training the model: a minute or two, once"
        )
    firms = [str(firm) for firm in firms_by_appeals(sheet.submissions)[:FIRMS]]
    ready = await prepare(servers, stage.settings.kafka, model, stage.environment, firms)
    stage.narrator.say("表、角色、主题就绪", "schemas, roles and topics are ready")
    return await start_fleet(ready)


async def refuse_used(servers: Servers) -> None:
    """On servers of others the demo writes only where nothing of ours stands yet."""
    connection = await asyncpg.connect(servers.postgres_dsn)
    try:
        if await connection.fetchval("SELECT to_regnamespace('intake') IS NOT NULL"):
            raise in_use()
    finally:
        await connection.close()


def in_use() -> CommandError:
    return CommandError(
        "该数据库已有诉求数据，而演示会写入虚构数据。请指定空数据库，"
        "或取消 APPEALS_POSTGRES__DSN。",
        "This database holds appeals already, and the demo writes invented ones: name an empty "
        "database, or unset APPEALS_POSTGRES__DSN.",
    )


async def feed(stage: Stage, fleet: Fleet, sheet: Sheet) -> Figures:
    dsn = fleet.deployment.reach.dsn
    connection = await asyncpg.connect(dsn)
    began = stage.clock()
    try:
        with View(stage.narrator, sheet.rows, len(sheet.refused)) as view:
            first_s = await send_all(fleet, sheet, view, connection)

            async def fired() -> bool:
                return await late_steps_missing(connection, began) == 0

            await settle(connection, view, fired)
            done = await act(stage, fleet, sheet, connection)
            await settle(connection, view, fired)
        late = await late_steps_missing(connection, began)
    finally:
        await connection.close()
    return await gather(dsn, sheet=sheet, done=done, late=late, first_s=first_s)


async def send_all(
    fleet: Fleet, sheet: Sheet, view: View, connection: "asyncpg.Connection[asyncpg.Record]"
) -> float:
    """Answers after how many seconds the first event was seen. Raises KafkaError."""

    def sent(number: int) -> None:
        view.sent = number

    kafka = fleet.deployment.reach.kafka
    sending = asyncio.create_task(publish(kafka, PRODUCER, sheet.submissions, sent))
    deadline = monotonic() + STUCK_AFTER_S
    counts = Counts()
    while not counts.types and sheet.submissions and monotonic() < deadline:
        counts = await count(connection)
        await asyncio.sleep(POLL_S / 8)
    first_s = view.narrator.elapsed_s
    view.narrator.say("第一个事件", "the first event")
    view.show(counts)
    await sending
    return first_s


async def settle(
    connection: "asyncpg.Connection[asyncpg.Record]",
    view: View,
    fired: Callable[[], Awaitable[bool]],
) -> None:
    """Until all is read, stored and fired. Returns also where a minute brings nothing new."""
    last, since = -1, monotonic()
    while monotonic() - since < STUCK_AFTER_S:
        counts = await count(connection)
        view.show(counts)
        if counts.is_quiet(view.sent) and await fired():
            return
        progress = counts.events + counts.entries
        if progress != last:
            last, since = progress, monotonic()
        await asyncio.sleep(POLL_S)
    view.narrator.say("一分钟没有进展", "no progress for a minute")


async def act(
    stage: Stage, fleet: Fleet, sheet: Sheet, connection: "asyncpg.Connection[asyncpg.Record]"
) -> Done:
    desk = Desk(fleet.deployment.keys, fleet.ports["router"], stage.clock)
    firms = firms_by_appeals(sheet.submissions)[:FIRMS]
    return await desk.play(connection, firms, APPEALS)
