"""`appeals reconcile`: a producer's own list beside what the system holds, one to one."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer

from cli.dlq import with_process
from cli.ingest import wanted_of
from cli.keys import PRODUCER
from cli.options import AsJson
from cli.outcome import CommandError
from libs.calendar.days import SHANGHAI
from libs.catalogue.load import load_catalogue
from libs.common.clock import system_clock
from libs.common.contracts.inbound import Submission
from libs.common.runtime.process import Process
from services.intake.adapters import holding
from services.intake.adapters.holding import Held, Listed
from services.intake.adapters.importer.plan import plan
from services.intake.adapters.importer.rows import DEFAULT_CHANNEL, ImportRun
from services.intake.domain.submission import find_sub_district, sub_districts_by_word

ONE_DAY: Final = timedelta(days=1)
SHOWN: Final = 20


@dataclass(slots=True)
class Report:
    """Numbers of the producer's own. `unreadable` rows could not be looked for at all."""

    listed: int = 0
    held: int = 0
    missing: list[str] = field(default_factory=list[str])
    extra: list[str] = field(default_factory=list[str])
    differing: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    unreadable: dict[int, list[str]] = field(default_factory=dict[int, list[str]])

    @property
    def is_equal(self) -> bool:
        return not (self.missing or self.extra or self.differing or self.unreadable)


def reconcile(
    *,
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, XLS, ODS", exists=True, dir_okay=False)],
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="字段=表头，可多次。field=header, or field=#3")
    ] = None,
    producer: Annotated[str, typer.Option(help="提交方编号。Whose list it is.")] = PRODUCER,
    channel: Annotated[
        str, typer.Option(help="没有渠道列时的渠道。Channel where there is no column.")
    ] = DEFAULT_CHANNEL,
    as_json: AsJson = False,
) -> None:
    """与提交方的清单核对；不一致时退出码 1。Compare with a producer's list; 1 if not equal."""
    planned = plan(file, wanted_of(columns or []))
    places = sub_districts_by_word((p.code, p.name_zh) for p in load_catalogue().subdistricts)
    run = ImportRun(planned, system_clock(), places, channel)
    report = Report()
    listed: list[Listed] = []
    for row in run:
        report.listed += 1
        if isinstance(row.outcome, Submission):
            place = find_sub_district(row.outcome.sub_district, places)
            listed.append(Listed(producer, row.outcome, place))
        else:
            report.unreadable[row.number] = [f"{p.field}: {p.code}" for p in row.outcome]
    if not report.listed:
        raise CommandError("清单没有数据行，无法核对。", "The list has no rows to compare.")
    with_process("intake", lambda p: compare(p, producer, listed, report))
    tell(report, as_json=as_json)
    raise typer.Exit(0 if report.is_equal else 1)


async def compare(process: Process, producer: str, listed: list[Listed], report: Report) -> None:
    """Extra is what the system holds of this producer in the days that the list covers."""
    wanted = {one.appeal_id: one for one in listed}
    held = await holding.of_ids(process.pool, list(wanted))
    for appeal_id, one in wanted.items():
        kept = held.get(appeal_id)
        if kept is None:
            report.missing.append(one.source_id)
        elif names := differences(one, kept):
            report.differing[one.source_id] = names
    if listed:
        channels = sorted({one.submission.channel for one in listed})
        span = days_of([one.submission.occurred_at for one in listed])
        here = await holding.of_producer(process.pool, producer, channels, span)
        report.extra = sorted(name for one, name in here.items() if one not in wanted)
    report.held = len(held) + len(report.extra)


def differences(listed: Listed, kept: Held) -> list[str]:
    """Names of fields, never values; the text is compared by the commitment's own proof."""
    pairs = {
        "occurred_at": (listed.submission.occurred_at, kept.submitted_at),
        "uscc": (listed.uscc, kept.uscc),
        "sub_district": (listed.sub_district, kept.sub_district),
    }
    names = [name for name, (theirs, ours) in pairs.items() if theirs != ours]
    return names if kept.has_text(listed.submission.text) else [*names, "text"]


def days_of(times: list[datetime]) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, Asia/Shanghai."""
    first, last = min(times).astimezone(SHANGHAI), max(times).astimezone(SHANGHAI)
    return midnight(first.date()), midnight(last.date() + ONE_DAY)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        body = {**asdict(report), "equal": report.is_equal}
        typer.echo(orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS).decode())
        return
    typer.echo(
        f"清单 listed {report.listed}，系统 held {report.held}，"
        f"缺少 missing {len(report.missing)}，"
        f"多出 extra {len(report.extra)}，不同 differing {len(report.differing)}，"
        f"无法读取 unreadable {len(report.unreadable)}"
    )
    for name in report.missing[:SHOWN]:
        typer.echo(f"  缺少 missing: {name}")
    for name in report.extra[:SHOWN]:
        typer.echo(f"  多出 extra: {name}")
    for name, fields in list(report.differing.items())[:SHOWN]:
        typer.echo(f"  不同 differing: {name} ({', '.join(fields)})")
    for number, why in list(report.unreadable.items())[:SHOWN]:
        typer.echo(f"  第 {number} 行无法读取 / row {number} can not be read: {', '.join(why)}")
