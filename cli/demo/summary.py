"""What the demo found, for a person at a terminal."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from cli.demo.figures import Figures
from cli.demo.sheet import RefusedRow
from cli.show import shown
from libs.calendar.days import SHANGHAI
from services.dossier.adapters.names import catalogue_names
from services.dossier.domain.clock_summaries import CLOCK, ESCALATION
from services.dossier.domain.lines import Line, Names, named
from services.dossier.read_model.timelines import TimelineEntry

SIDE_BY_SIDE_FROM: Final = 116
MOST_DEPARTMENTS: Final = 10
MOST_ENTRIES: Final = 40
BAR: Final = "█"
BAR_WIDTH: Final = 14
BESIDE_TEXT: Final = 44
GAP: Final = "  "
NEW_LINE: Final = "\n"
PLACES: Final = {"intake": "受理", "classifier": "分类", "router": "派单", "sla": "时限"}
PLAIN_REASONS: Final = {
    "content_differs": (
        "同一编号、内容不同，保留第一份",
        "same number, other content: the first stays",
    ),
}


def print_summary(console: Console, figures: Figures, *, brief: bool = False) -> None:
    """Without the single rows and the single appeal where it is to be brief."""
    names = catalogue_names()
    console.print(Rule("结果 summary", style="cyan"))
    console.print(beside(console, by_category(figures, names), by_department(figures, names)))
    console.print(beside(console, deadlines(figures, names), escalations(figures)))
    if not brief:
        room = console.width - BESIDE_TEXT
        console.print(refusals(figures, room))
        console.print(dossier(figures, room))
    console.print(Rule(style="cyan"))
    for line in verdict_lines(figures):
        console.print(line, soft_wrap=True)


def beside(console: Console, left: RenderableType, right: RenderableType) -> RenderableType:
    if console.width < SIDE_BY_SIDE_FROM:
        return Group(left, right)
    grid = Table.grid(padding=(0, 4))
    grid.add_row(left, right)
    return grid


def plain_table(title: str, *columns: str) -> Table:
    table = Table(
        *columns, title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1)
    )
    table.header_style = "dim"
    return table


def by_category(figures: Figures, names: Names) -> RenderableType:
    rows = [(named(names, row["name"]), row["appeals"]) for row in figures.overview["by_category"]]
    return Padding(bars("按类别 by category", rows), (1, 0, 0, 0))


def by_department(figures: Figures, names: Names) -> RenderableType:
    found = [(named(names, row["name"]), row["appeals"]) for row in figures.overview["by_lead"]]
    table = bars("按主办单位 by leading department", found[:MOST_DEPARTMENTS])
    if others := found[MOST_DEPARTMENTS:]:
        rest = str(sum(number for _, number in others))
        table.add_row(f"其余 {len(others)} 个单位", f"{len(others)} other units", rest)
    return Padding(table, (1, 0, 0, 0))


def bars(title: str, rows: Sequence[tuple[Line, int]]) -> Table:
    table = plain_table(title)
    table.show_header = False
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim", max_width=30, overflow="ellipsis")
    table.add_column(justify="right", style="bold", min_width=4)
    table.add_column(style="cyan", no_wrap=True)
    most = max((number for _, number in rows), default=1)
    for line, number in rows:
        bar = BAR * max(1, round(BAR_WIDTH * number / most))
        table.add_row(line.zh, line.en, str(number), bar)
    return table


def deadlines(figures: Figures, names: Names) -> RenderableType:
    """Of open appeals; those that fall due next."""
    found = figures.deadlines
    table = plain_table("办结期限 deadlines", "到期 due", "单号 number", "主办 lead")
    for row in figures.next_due:
        due = row["resolve_due"].astimezone(SHANGHAI).strftime("%m-%d %H:%M")
        urgent = " [red]急[/]" if row["urgency"] == "urgent" else ""
        lead = named(names, row["lead"]).zh if row["lead"] else "待定 pending"
        table.add_row(due, f"{row['source_id']}{urgent}", lead)
    line = Text(
        f" 已逾期 overdue {found['overdue']}   24 小时内 within a day {found['within_a_day']}"
        f"   更晚 later {found['later']}"
    )
    if found["provisional"]:
        line.append(f"\n 其中暂定（该年放假通知未公布） provisional {found['provisional']}")
    return Padding(Group(table, line), (1, 0, 0, 0))


def escalations(figures: Figures) -> RenderableType:
    """Rows are what was done, columns the clocks that did it."""
    found = figures.overview["escalations_by_level"]
    clocks = sorted({row["clock"] for row in found})
    table = plain_table("预警、督办、提级 escalations", "")
    for clock in clocks:
        table.add_column(f"{CLOCK[clock].zh}\n{CLOCK[clock].en}", justify="right")
    table.add_column("合计\nin all", justify="right", style="bold")
    for kind, line in ESCALATION.items():
        numbers = [
            sum(row["escalations"] for row in found if (row["clock"], row["kind"]) == (clock, kind))
            for clock in clocks
        ]
        if any(numbers):
            label = Text(line.zh).append(f" {line.en}", style="dim")
            table.add_row(label, *(str(n) if n else "·" for n in numbers), str(sum(numbers)))
    return Padding(table, (1, 0, 0, 0))


def refusals(figures: Figures, room: int) -> RenderableType:
    """Rows of the same fault in one line: their numbers, the column, the reason."""
    title = f"未受理的行 rows not taken in: {len(figures.sheet.refused)}"
    table = plain_table(title, "行 rows", "列 column", "原因 reason")
    for (column, zh, en), rows in by_fault(figures.sheet.refused).items():
        table.add_row(", ".join(map(str, rows)), column, both(zh, en, room))
    for letter in figures.dead_letters:
        zh, en = PLAIN_REASONS.get(letter["reason"], (letter["reason"], letter["details"]))
        where = PLACES.get(letter["service"], letter["service"])
        table.add_row(f"×{letter['records']}", f"暂存 parked {where}", both(zh, en, room))
    return Padding(table, (1, 0, 0, 0))


def by_fault(rows: Iterable[RefusedRow]) -> dict[tuple[str, str, str], list[int]]:
    found: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        for column, problem in zip(row.columns, row.problems, strict=True):
            fault = (column, problem.message_zh, problem.message_en)
            found.setdefault(fault, []).append(row.number)
    return found


def both(zh: str, en: str, room: int) -> Text:
    """In one line where there is room for both."""
    fits = cell_len(zh) + cell_len(en) + len(GAP) <= room
    return Text(zh).append(f"{GAP if fits else NEW_LINE}{en}", style="dim")


def dossier(figures: Figures, room: int) -> RenderableType:
    if not figures.about:
        return Text()
    about: dict[str, Any] = figures.about["enterprise"] or {}
    chain: dict[str, Any] = figures.about["chain"]
    table = plain_table(f"一企一档 dossier of {about.get('name') or about.get('id')}")
    for name in ("#", "时间 time"):
        table.add_column(name, no_wrap=True)
    table.add_column("一件诉求的全程 the whole life of one appeal")
    table.add_column("哈希 hash", no_wrap=True, style="dim")
    for entry in figures.timeline[:MOST_ENTRIES]:
        table.add_row(*entry_cells(entry, room))
    more = len(figures.timeline) - MOST_ENTRIES
    foot = (
        f" 全企业 the enterprise: {about.get('appeals')} 件 appeals, {chain.get('version')} 条 "
        f"entries, 链头 head {str(chain.get('hash'))[:16]}…"
    )
    rest = f" … 另有 {more} 条 more entries\n" if more > 0 else ""
    return Padding(Group(table, Text(rest + foot, style="dim")), (1, 0, 0, 0))


def entry_cells(entry: TimelineEntry, room: int) -> tuple[str, str, Text, str]:
    what = both(entry.summary_zh, entry.summary_en, room)
    return str(entry.version), shown(entry.time), what, entry.hash


def verdict_lines(figures: Figures) -> Iterable[Text]:
    verdict, account = figures.verdict, figures.account
    yield mark(
        verdict.is_whole,
        f"每条链都已核验 every chain verified: {verdict.chains} 条链 chains, "
        f"{verdict.entries:,} 条记录 entries ({verdict.algorithm})",
    )
    yield mark(
        figures.late_steps_missing == 0,
        f"到点的升级步骤全部触发 every step that was due has fired: "
        f"{figures.overview['escalations']:,}, 缺 missing {figures.late_steps_missing}",
    )
    yield mark(
        not figures.done.refused,
        f"办理操作 actions {figures.done.actions}, 结案 closed {figures.done.closed}"
        + "".join(f"; {one}" for one in figures.done.refused),
    )
    yield mark(account.holds, account.as_text())
    for name, lost in (
        ("下落不明 lost", account.lost),
        ("没有计时 without clocks", account.without_clocks),
        ("没有入档 not in the dossier", account.not_in_dossier),
    ):
        if lost:
            yield mark(good=False, text=f"{name}: {len(lost)}: {', '.join(lost[:10])}")


def mark(good: bool, text: str) -> Text:  # noqa: FBT001 - what the mark says
    return Text("✔ " if good else "✘ ", style="green" if good else "bold red").append(
        text, style="default" if good else "bold red"
    )
