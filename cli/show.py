"""`appeals show`: what has happened to one appeal, or to one enterprise."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import asyncpg
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.verify import DEPENDENCY_DOWN, NO_DATABASE, NOT_MIGRATED, OK, USAGE_ERROR, say
from services.dossier.adapters.names import catalogue_names
from services.dossier.read_model.finding import AmbiguousError, NotFoundError, find
from services.dossier.read_model.timelines import (
    MOST_ENTRIES,
    TimelineEntry,
    heading,
    timeline,
)

SEARCH_PATH: Final = {"search_path": "dossier", "application_name": "appeals-show"}
MOST_APPEALS: Final = 20
MINUTE: Final = 16  # characters of an ISO time up to its minutes


async def show_command(dsn: str, wanted: str, as_json: bool) -> int:  # noqa: FBT001 - the command's own switch
    """0 shown, 2 nothing known by that name, 4 no database."""
    try:
        connection = await asyncpg.connect(dsn, server_settings=SEARCH_PATH, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return say(NO_DATABASE, DEPENDENCY_DOWN)
    try:
        found = await find(connection, wanted)
        about = await heading(connection, found)
        entries = await timeline(connection, found, catalogue_names())
    except (NotFoundError, AmbiguousError) as error:
        return say(str(error), USAGE_ERROR)
    except asyncpg.UndefinedTableError:
        return say(NOT_MIGRATED, DEPENDENCY_DOWN)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
        return say(NO_DATABASE, DEPENDENCY_DOWN)
    finally:
        await connection.close()
    if as_json:
        body = {**about, "timeline": [asdict(entry) for entry in entries]}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
    else:
        print_dossier(Console(), about, entries)
    return OK


def print_dossier(
    console: Console, about: dict[str, Any], entries: Sequence[TimelineEntry]
) -> None:
    """A table on a terminal, else one line an event: nothing wraps and nothing is cut."""
    for line in heading_lines(about):
        console.print(Text(line), soft_wrap=True)
    if console.is_terminal:
        console.print(table_of(entries))
    else:
        for one in entries:
            console.print(Text(plain_line(one)), soft_wrap=True)
    if len(entries) == MOST_ENTRIES:
        more = f"只显示前 {MOST_ENTRIES} 条，其余请用 HTTP 接口分页 / the first {MOST_ENTRIES} only"
        console.print(Text(more), soft_wrap=True)


def heading_lines(about: dict[str, Any]) -> list[str]:
    chain = about["chain"]
    lines = [f"{about['kind']} {about['id']}"]
    if enterprise := about.get("enterprise"):
        counts = f"{enterprise['appeals']} 件 appeals, {enterprise['open']} 件在办 open"
        lines.append(f"{enterprise['name'] or ''} {enterprise['uscc'] or ''}  {counts}")
    if appeal := about.get("appeal"):
        lines.append(
            f"{appeal['state_zh']} {appeal['state']}  "
            f"{appeal['title'] or ''}  {appeal['enterprise_name'] or ''}"
        )
        if appeal["resolve_due"]:
            mark = "（暂定 provisional）" if appeal["provisional"] else ""
            overdue = "  已逾期 overdue" if appeal["overdue"] else ""
            lines.append(f"办结期限 due {shown(appeal['resolve_due'])}{mark}{overdue}")
    lines += [appeal_line(appeal) for appeal in about.get("appeals", ())[:MOST_APPEALS]]
    lines.append(f"链 chain {chain['key']} #{chain.get('version', 0)} {chain.get('hash', '')}")
    if chain.get("parked_at"):
        lines.append(
            f"读模型停在第 {chain['parked_at']} 条（{chain['reason']}），链不受影响 / what is "
            f"shown above stands still at entry {chain['parked_at']}; the chain goes on"
        )
    return lines


def appeal_line(appeal: dict[str, Any]) -> str:
    overdue = "  已逾期 overdue" if appeal["overdue"] else ""
    return (
        f"  {appeal['appeal_id']}  {appeal['source_id'] or ''}  {appeal['state_zh']} "
        f"{appeal['state']}  {appeal['title'] or ''}{overdue}"
    )


def table_of(entries: Sequence[TimelineEntry]) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for name in ("#", "时间 time", "经手 actor"):
        table.add_column(name, no_wrap=True)
    table.add_column("事项 what happened", overflow="fold")
    table.add_column("哈希 hash", no_wrap=True, style="dim")
    for one in entries:
        what = Text(one.summary_zh).append(f"\n{one.summary_en}", style="dim")
        cells = (str(one.version), shown(one.time), Text(actor_text(one)), what, one.hash)
        table.add_row(*cells)
    return table


def plain_line(one: TimelineEntry) -> str:
    return (
        f"#{one.version}  {shown(one.time)}  {actor_text(one)}  {one.summary_zh} / "
        f"{one.summary_en}  {one.hash}"
    )


def actor_text(one: TimelineEntry) -> str:
    return f"{one.actor['unit']}·{one.actor['id']}" if one.actor else "-"


def shown(time: str | None) -> str:
    return time[:MINUTE].replace("T", " ") if time else "-"
