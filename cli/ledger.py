"""`appeals ledger`: 责任时长账 of one appeal; 双考核 scorecards of a file or of all."""

import asyncio
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.dossier_reading import AtTime, print_json, with_dossier
from cli.options import AsJson
from cli.rates import During
from cli.reach import servers_here
from cli.show_life import account_lines
from cli.verify import OK
from libs.common.clock import system_clock
from services.dossier.adapters.names import catalogue_names
from services.dossier.domain.ledger.scorecards import Card, Scorecards
from services.dossier.domain.ledger.words import length
from services.dossier.domain.life.view import account_json, text
from services.dossier.domain.lines import Names, local, named
from services.dossier.domain.states import STATE_ZH
from services.dossier.read_model.finding import Found, Reader, find
from services.dossier.read_model.lives import Asked
from services.dossier.read_model.moments import asked_at, period_of
from services.dossier.read_model.reporting import Period, Report, report_of
from services.dossier.read_model.telling import Told, tell

COLUMNS = (
    "持有 held",
    "工作时间 working",
    "派单 led",
    "签收 signed",
    "视同签收 auto",
    "退单 returns",
    "反馈 results",
    "退回 rejected",
    "按时/逾期 in time/late",
    "督办 steps",
    "满意/评价 satisfied",
)


def ledger(
    *,
    wanted: Annotated[
        str | None,
        typer.Argument(help="诉求则列时段；企业或不写则列考核。An appeal, a firm, or all."),
    ] = None,
    during: During = None,
    at: AtTime = None,
    as_json: AsJson = False,
) -> None:
    """责任时长账与双考核。Who held an appeal how long; scorecards of units and people."""
    asked = (wanted, during, at)
    raise typer.Exit(asyncio.run(ledger_command(servers_here().dsn, *asked, as_json=as_json)))


async def ledger_command(
    dsn: str,
    wanted: str | None,
    during: str | None = None,
    at: str | None = None,
    *,
    as_json: bool = False,
) -> int:
    """0 told, 2 nothing known by that name, 4 no database."""

    async def work(connection: Reader) -> int:
        asked, period, names = asked_at(at, system_clock()), period_of(during), catalogue_names()
        found = await find(connection, wanted) if wanted else None
        if found is not None and found.kind == "appeal":
            told = await tell(connection, found, names, asked)
            show_account(told, names, as_json=as_json)
        else:
            await show_scorecards(connection, found, (asked, period), names, as_json=as_json)
        return OK

    return await with_dossier(dsn, work, "appeals-ledger")


def show_account(told: Told, names: Names, *, as_json: bool) -> None:
    life = told.life
    if as_json:
        body = account_json(told.account)
        print_json({"appeal_id": str(life.appeal_id), "at": text(life.until), **body})
        return
    console = Console()
    state = f"{STATE_ZH[life.state]} {life.state.value}"
    console.print(Text(f"诉求 appeal {life.appeal_id}  {state}"), soft_wrap=True)
    for line in account_lines(told.account, names):
        console.print(Text(line), soft_wrap=True)


async def show_scorecards(
    connection: Reader,
    found: Found | None,
    when: tuple[Asked, Period],
    names: Names,
    *,
    as_json: bool,
) -> None:
    report = await report_of(connection, found, *when)
    if as_json:
        print_json(scorecards_json(report))
    else:
        print_scorecards(Console(), report, names)


def scorecards_json(report: Report) -> dict[str, Any]:
    cards = report.scorecards
    return {
        "at": text(report.asked.moment),
        "appeals": len(report.marked),
        "unmeasured": report.unmeasured,
        "units": [card_json(one) for one in ranked(cards.units.values())],
        "people": [card_json(one) for one in ranked(cards.people.values())],
        "officers": [card_json(one) for one in ranked(cards.officers.values())],
    }


def card_json(card: Card) -> dict[str, Any]:
    return {
        "unit": card.unit,
        "person": card.person,
        "appeals": len(card.appeals),
        **{name: getattr(card, name) for name in Card.__slots__ if name not in NAMED},
    }


NAMED = frozenset({"unit", "person", "appeals"})


def ranked(cards: Iterable[Card]) -> list[Card]:
    """By name and not by merit: ranks are for people to draw."""
    return sorted(cards, key=lambda card: (card.unit, card.person or ""))


def print_scorecards(console: Console, report: Report, names: Names) -> None:
    cards: Scorecards = report.scorecards
    head = f"截至 as of {local(report.asked.moment)}  {len(report.marked)} 件 appeals"
    console.print(Text(head, style="bold"))
    tables = (
        ("单位 units", cards.units.values()),
        ("个人 people", cards.people.values()),
        ("挂点干部 liaison officers", cards.officers.values()),
    )
    for title, members in tables:
        rows = [(holder(one, names), *cells(one)) for one in ranked(members)]
        if rows:
            console.print()
            console.print(Text(title, style="bold"))
            print_rows(console, rows)


def print_rows(console: Console, rows: list[tuple[str, ...]]) -> None:
    if console.is_terminal:
        table = Table(box=None, padding=(0, 1), header_style="bold")
        for name in ("", *COLUMNS):
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*row)
        console.print(table)
        return
    for name, *values in rows:
        told = "  ".join(f"{column} {value}" for column, value in zip(COLUMNS, values, strict=True))
        console.print(Text(f"  {name}  {told}"), soft_wrap=True)


def holder(card: Card, names: Names) -> str:
    unit = named(names, card.unit).zh
    return f"{unit}·{card.person}" if card.unit and card.person else unit or card.person or "-"


def cells(card: Card) -> tuple[str, ...]:
    return (
        str(len(card.appeals)),
        length(card.working_seconds),
        str(card.dispatched),
        str(card.signed),
        str(card.signed_by_itself),
        f"{card.returns_granted}/{card.returns_asked}",
        str(card.results),
        str(card.results_rejected),
        f"{card.in_time}/{card.overdue}",
        str(card.escalations),
        f"{card.satisfied}/{card.ratings}",
    )
