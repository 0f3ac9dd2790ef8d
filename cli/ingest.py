"""`appeals ingest`: any sheet of work orders, checked row by row, and sent to intake."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.keys import PRODUCER
from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from cli.publishing import publish
from cli.reach import servers_here
from cli.running import run_to_end
from libs.catalogue.load import load_catalogue
from libs.common.clock import system_clock
from libs.common.contracts.inbound import Submission
from services.intake.adapters.importer.plan import ImportPlan, plan
from services.intake.adapters.importer.report import ReportWriter
from services.intake.adapters.importer.rows import DEFAULT_CHANNEL, ImportRun
from services.intake.domain.submission import sub_districts_by_word

SHOWN_COLUMNS: Final = ("source_id", "occurred_at", "enterprise_name", "text")


@dataclass(frozen=True, slots=True)
class Ingested:
    """`repeated` rows were sent too: intake answers them with its first answer."""

    read: int
    sent: int
    refused: int
    repeated: int
    report: str | None


def ingest(  # noqa: PLR0913 - one a switch
    *,
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, XLS, ODS", exists=True, dir_okay=False)],
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="字段=表头，可多次。field=header, or field=#3")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看列对应和前几行。Show the mapping, send nothing.")
    ] = False,
    producer: Annotated[str, typer.Option(help="提交方编号。Who sends it.")] = PRODUCER,
    channel: Annotated[
        str, typer.Option(help="没有渠道列时的渠道。Channel where there is no column.")
    ] = DEFAULT_CHANNEL,
    report: Annotated[
        Path | None, typer.Option(help="退回行的报告文件。Where refused rows go.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """导入工单表格。Import a sheet of work orders; try --dry-run first."""
    planned = plan(file, wanted_of(columns or []))
    if dry_run:
        print_plan(planned, as_json=as_json)
        return
    where = report or file.with_name(f"{file.stem}-refused.csv")
    found = send(planned, producer, channel, where)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        typer.echo(text_of(found))


def wanted_of(columns: list[str]) -> dict[str, str]:
    """Raises CommandError for what is not `field=header`."""
    pairs = [column.partition("=") for column in columns]
    if any(not name or not header for name, _, header in pairs):
        raise no_pair()
    return {name: header for name, _, header in pairs}


def no_pair() -> CommandError:
    return CommandError(
        "--map 要写成 字段=表头，例如 --map text=诉求内容。",
        "--map takes field=header, such as --map text=诉求内容.",
        code=USAGE,
    )


def send(planned: ImportPlan, producer: str, channel: str, report: Path) -> Ingested:
    """Nothing is sent where a required column is missing. Raises FileRefusedError."""
    places = ((place.code, place.name_zh) for place in load_catalogue().subdistricts)
    run = ImportRun(planned, system_clock(), sub_districts_by_word(places), channel)
    reach = servers_here()
    with ReportWriter(report, planned) as writer:
        good = good_rows(run, writer)
        sent = run_to_end(publish(reach.kafka, producer, good, lambda _number: None))
    if run.tally.bad == 0:
        report.unlink()
    tally = run.tally
    return Ingested(tally.rows, sent, tally.bad, tally.repeated, str(report) if tally.bad else None)


def good_rows(run: ImportRun, writer: ReportWriter) -> Iterator[Submission]:
    for row in run:
        if isinstance(row.outcome, Submission):
            yield row.outcome
        else:
            writer.add(row.number, row.outcome)


def text_of(found: Ingested) -> str:
    line = (
        f"读取 read {found.read}，发送 sent {found.sent}，退回 refused {found.refused}，"
        f"其中重复编号 repeated numbers {found.repeated}"
    )
    return f"{line}\n退回原因 reasons: {found.report}" if found.report else line


def print_plan(planned: ImportPlan, *, as_json: bool) -> None:
    if as_json:
        body = {
            "rows": planned.row_count,
            "encoding": planned.encoding,
            "mapping": planned.mapping,
            "unmapped": planned.unmapped,
            "missing": planned.missing,
            "preview": planned.preview,
        }
        typer.echo(json.dumps(body, ensure_ascii=False))
        return
    console = Console(highlight=False)
    mapping = Table("字段 field", "表头 header", box=None, padding=(0, 2, 0, 0))
    for name, header in planned.mapping.items():
        mapping.add_row(name, Text(header))
    console.print(mapping)
    if planned.unmapped:
        console.print(Text(f"未用到的列 not used: {', '.join(planned.unmapped)}"))
    if planned.missing:
        missing = ", ".join(planned.missing)
        console.print(Text(f"缺少必需的列 missing: {missing} (--map)", style="bold red"))
    names = [name for name in SHOWN_COLUMNS if name in planned.mapping]
    rows = Table(*names, title=f"前几行 first of {planned.row_count}", title_justify="left")
    for row in planned.preview:
        rows.add_row(*(Text(row.get(name, "")) for name in names))
    console.print(rows)
