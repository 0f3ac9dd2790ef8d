"""`appeals calendar`: which days count, and what a newly published notice would move."""

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer
from rich.console import Console
from rich.table import Table

from cli.calendar.planning import Planned, moved_deadlines, next_version, plan_notice
from cli.dlq import settings_of, with_process
from cli.options import AsJson
from libs.calendar.chain import Chain
from libs.calendar.errors import CalendarDataError
from libs.calendar.notice import Notice, decode_notice, decode_notice_csv
from libs.calendar.working_calendar import WorkingCalendar, shanghai
from libs.common.contracts.envelope import Actor
from libs.common.contracts.sla import DeadlineSet
from libs.common.errors import RefusedError
from libs.common.execution.commands import Failed, Group
from libs.common.execution.runner import Runner
from libs.common.runtime.process import Process
from services.sla.adapters.books import load_book
from services.sla.adapters.system_streams import (
    chain_of,
    read_applied,
    request_of,
    system_service,
)
from services.sla.jobs import FEW_CONFIRMED_DAYS
from services.sla.settings import SlaSettings

USAGE: Final = 2
SHOWN: Final = 50
app = typer.Typer(help="工作日历：查看、导入放假通知。The working calendar.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="通知文件 JSON 或 CSV。The notice, JSON or CSV.")]
Apply = Annotated[bool, typer.Option("--apply", help="启用；不写则只试算。Else a dry run.")]
Version = Annotated[str | None, typer.Option("--version", help="e.g. cn-2027.1")]
Year = Annotated[int | None, typer.Option("--year", help="CSV 须写年份。A CSV needs its year.")]
Source = Annotated[str | None, typer.Option("--source", help="CSV 须写文号。A CSV needs it.")]


@dataclass(frozen=True, slots=True)
class Found:
    """What the log of the running stack says."""

    chain: Chain
    applied: int
    today: date


@app.command("show")
def show_calendar(*, as_json: AsJson = False) -> None:
    """现用日历、已确认到哪天。The calendar in force and how far it is confirmed."""
    found = with_process("sla", look)
    facts = facts_of(found)
    if as_json:
        typer.echo(orjson.dumps(facts).decode())
        return
    typer.echo(f"现用日历 calendar      {facts['version']}")
    typer.echo(f"已确认至 confirmed     {facts['confirmed_until']}")
    typer.echo(f"剩余工作日 days left   {facts['confirmed_working_days_left']}")
    for year in facts["provisional_years"]:
        typer.echo(f"暂定年份 provisional   {year}")
    if facts["is_due"]:
        typer.echo(
            f"已确认的工作日不足 {FEW_CONFIRMED_DAYS} 天，请尽快导入新的放假通知 / "
            f"fewer than {FEW_CONFIRMED_DAYS} confirmed working days are left: "
            "import the next notice",
            err=True,
        )


@app.command("import")
def import_notice(
    file: File,
    *,
    apply: Apply = False,
    version: Version = None,
    year: Year = None,
    source: Source = None,
    as_json: AsJson = False,
) -> None:
    """导入放假通知；默认只试算，列出每个会变的期限。Lists every deadline that would move."""
    try:
        notice = read_notice(file, year, source)
        planned, moved = with_process("sla", lambda p: weigh(p, notice, version))
        if apply:
            with_process("sla", lambda p: append(p, planned))
    except (CalendarDataError, RefusedError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from error
    if as_json:
        typer.echo(orjson.dumps(answer_of(planned, moved, applied=apply)).decode())
    else:
        tell(planned, moved, applied=apply)


def read_notice(file: Path, year: int | None, source: str | None) -> Notice:
    """Raises CalendarDataError and OSError."""
    if file.suffix.casefold() != ".csv":
        return decode_notice(file.read_bytes())
    if year is None or source is None:
        problem = "a CSV needs --year and --source"
        raise CalendarDataError(problem)
    return decode_notice_csv(file.read_text(encoding="utf-8"), year, source)


def settings() -> SlaSettings:
    found = settings_of("sla")
    if not isinstance(found, SlaSettings):
        raise TypeError
    return found


async def look(process: Process) -> Found:
    chosen = settings()
    async with process.pool.acquire() as connection:
        applied = await read_applied(connection, chosen.kafka.partitions)
    chain = chain_of(chosen.calendar, applied)
    return Found(chain, len(applied), shanghai(process.clock()).date())


async def weigh(
    process: Process, notice: Notice, version: str | None
) -> tuple[Planned, list[DeadlineSet]]:
    found, chosen = await look(process), settings()
    name = version or next_version(found.chain.data.version, notice)
    planned = plan_notice(found.chain, notice, name, found.today, is_first=found.applied == 0)
    book = load_book(chosen.policy, chosen.calendar, chosen.policy_of_places)
    book.adopt(planned.chain.calendar)
    moves = moved_deadlines(process.pool, book, chosen.kafka.partitions, process.clock)
    return planned, [move async for move in moves]


async def append(process: Process, planned: Planned) -> None:
    """The running copies take it over within seconds. Raises RefusedError."""
    runner = Runner(process.pool, system_service(), process.clock, process.appended)
    actor = Actor(kind="supervisor", id=os.environ.get("USER", "operator"), unit="sla")
    for command in planned.commands:
        request = request_of(command, settings().kafka.partitions, actor)
        (result,) = await runner.run([Group([request])])
        if isinstance(result, Failed):
            raise result.error


def facts_of(found: Found) -> dict[str, Any]:
    calendar: WorkingCalendar = found.chain.calendar
    left = calendar.confirmed_working_days_left(found.today)
    return {
        "version": calendar.version,
        "sha256": calendar.sha256,
        "confirmed_until": calendar.confirmed_until,
        "confirmed_working_days_left": left,
        "is_due": left < FEW_CONFIRMED_DAYS,
        "provisional_years": [
            year.year for year in found.chain.data.years if year.status == "provisional"
        ],
        "applied": found.applied,
    }


def answer_of(planned: Planned, moved: list[DeadlineSet], *, applied: bool) -> dict[str, Any]:
    newest = planned.commands[-1]
    return {
        "version": newest.version,
        "changes_on": newest.changes_on,
        "applied": applied,
        "moved": [
            {
                "appeal_id": str(move.appeal_id),
                "clock": move.clock.clock,
                "old_due": move.old_due,
                "due": move.clock.due,
                "provisional": move.clock.provisional,
            }
            for move in moved
        ],
    }


def tell(planned: Planned, moved: list[DeadlineSet], *, applied: bool) -> None:
    newest = planned.commands[-1]
    table = Table("诉求 appeal", "时钟 clock", "原期限 old due", "新期限 new due")
    for move in moved[:SHOWN]:
        old, new = (
            shanghai(at).strftime("%Y-%m-%d %H:%M") for at in (move.old_due, move.clock.due)
        )
        table.add_row(str(move.appeal_id), move.clock.clock, old, new)
    if moved:
        Console().print(table)
    if len(moved) > SHOWN:
        typer.echo(f"…共 {len(moved)} 个，其余用 --json 查看 / the rest with --json")
    typer.echo(
        f"日历 {newest.version} 自 {newest.changes_on} 起生效，将移动 {len(moved)} 个期限 / "
        f"calendar {newest.version} from {newest.changes_on} moves {len(moved)} deadlines"
    )
    if applied:
        typer.echo("已启用，运行中的时钟将在数秒内重算 / applied: running clocks follow in seconds")
    else:
        typer.echo("仅试算，未作改动；加 --apply 启用 / a dry run: add --apply to apply it")


def local(at: datetime) -> str:
    return shanghai(at).strftime("%Y-%m-%d %H:%M")
