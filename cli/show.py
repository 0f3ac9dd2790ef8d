"""`appeals show`: what has happened to one appeal, or to one enterprise, by now or by a moment."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.dossier_reading import print_json, with_dossier
from cli.show_life import life_lines
from cli.verify import OK
from libs.common.clock import system_clock
from services.dossier.adapters.names import catalogue_names
from services.dossier.domain.life.life import identity_of
from services.dossier.domain.life.view import text
from services.dossier.domain.lines import Names
from services.dossier.domain.states import STATE_ZH
from services.dossier.read_model.finding import Found, Reader, find
from services.dossier.read_model.lives import Asked, lives_of
from services.dossier.read_model.moments import asked_at
from services.dossier.read_model.telling import Told, tell
from services.dossier.read_model.timelines import (
    MOST_ENTRIES,
    TimelineEntry,
    heading,
    timeline,
)

MOST_APPEALS: Final = 20
MINUTE: Final = 16  # characters of an ISO time up to its minutes


async def show_command(dsn: str, wanted: str, as_json: bool, at: str | None = None) -> int:  # noqa: FBT001 - the command's own switch
    """0 shown, 2 nothing known by that name or no time, 4 no database."""

    async def work(connection: Reader) -> int:
        asked, names = asked_at(at, system_clock()), catalogue_names()
        found = await find(connection, wanted)
        about = await heading(connection, found)
        told = await tell(connection, found, names, asked) if found.kind == "appeal" else None
        entries = await timeline(connection, found, names)
        if not asked.is_now:
            entries = [one for one in entries if is_known_by(one, asked)]
            about |= await as_of(connection, found, asked)
        if as_json:
            life = {"life": told.as_json()} if told else {}
            print_json({**about, **life, "timeline": [asdict(entry) for entry in entries]})
        else:
            print_dossier(Console(), about, entries, told, names)
        return OK

    return await with_dossier(dsn, work, "appeals-show")


def is_known_by(entry: TimelineEntry, asked: Asked) -> bool:
    return entry.time is not None and entry.time <= (text(asked.moment) or "")


async def as_of(connection: Reader, found: Found, asked: Asked) -> dict[str, Any]:
    """In place of the read model, which knows today alone."""
    result: dict[str, Any] = {"at": text(asked.moment), "appeal": None}
    if found.kind != "appeal":
        lives = await lives_of(connection, found, asked)
        result["appeals_then"] = len(lives)
        result["open_then"] = sum(not life.is_over for life in lives)
        result["appeals"] = [
            {
                "appeal_id": str(life.appeal_id),
                "source_id": identity_of(life).source_id,
                "title": identity_of(life).title,
                "state": life.state.value,
                "state_zh": STATE_ZH[life.state],
                "overdue": any(
                    run.clock == "resolve" and run.is_overdue(life.until) for run in life.runs
                ),
            }
            for life in lives
        ]
    return result


def print_dossier(
    console: Console,
    about: dict[str, Any],
    entries: Sequence[TimelineEntry],
    told: Told | None = None,
    names: Names | None = None,
) -> None:
    """A table on a terminal, else one line an event: nothing wraps and nothing is cut."""
    lines = heading_lines(about)
    if told is not None:
        lines = [lines[0], *life_lines(told, names or {}), *lines[-1 - bool(parked(about)) :]]
    for line in lines:
        console.print(Text(line), soft_wrap=True)
    if console.is_terminal:
        console.print(table_of(entries))
    else:
        for one in entries:
            console.print(Text(plain_line(one)), soft_wrap=True)
    if len(entries) == MOST_ENTRIES:
        more = f"只显示前 {MOST_ENTRIES} 条，其余请用 HTTP 接口分页 / the first {MOST_ENTRIES} only"
        console.print(Text(more), soft_wrap=True)


def parked(about: dict[str, Any]) -> int:
    """The entry at which the read model stands still, 0 where it does not."""
    return int(about["chain"].get("parked_at") or 0)


def heading_lines(about: dict[str, Any]) -> list[str]:
    chain = about["chain"]
    lines = [f"{about['kind']} {about['id']}"]
    if enterprise := about.get("enterprise"):
        many = about.get("appeals_then", enterprise["appeals"])
        counts = f"{many} 件 appeals, {about.get('open_then', enterprise['open'])} 件在办 open"
        lines.append(f"{enterprise['name'] or ''} {enterprise['uscc'] or ''}  {counts}")
    if at := about.get("at"):
        lines.append(f"截至 as of {shown(at)}")
    lines += [appeal_line(appeal) for appeal in about.get("appeals", ())[:MOST_APPEALS]]
    lines.append(f"链 chain {chain['key']} #{chain.get('version', 0)} {chain.get('hash', '')}")
    if stopped := parked(about):
        lines.append(
            f"读模型停在第 {stopped} 条（{chain['reason']}），链不受影响 / what is "
            f"shown above stands still at entry {stopped}; the chain goes on"
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
