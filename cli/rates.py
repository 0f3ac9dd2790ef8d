"""`appeals rates`: 三率 and the other figures, each beside the version of its formula."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

import typer
from rich.console import Console
from rich.text import Text

from cli.dossier_reading import AtTime, print_json, with_dossier
from cli.options import AsJson
from cli.reach import servers_here
from cli.verify import OK, USAGE_ERROR, say
from libs.common.clock import system_clock
from services.dossier.adapters.formula_files import UnknownFormulasError, load_formulas
from services.dossier.adapters.names import catalogue_names
from services.dossier.domain.ledger.words import length
from services.dossier.domain.life.view import text
from services.dossier.domain.lines import local, named
from services.dossier.domain.rates.figures import (
    Figure,
    MeanFigure,
    PartsFigure,
    ShareFigure,
    figures,
)
from services.dossier.domain.rates.formulas import Formulas
from services.dossier.domain.rates.marks import Marked
from services.dossier.domain.rates.words import PART
from services.dossier.domain.why.reason import percent
from services.dossier.read_model.finding import Reader, find
from services.dossier.read_model.moments import asked_at, period_of
from services.dossier.read_model.reporting import Report, report_of

By: TypeAlias = Literal["unit", "category", "kind", "sub_district", "channel"]
During: TypeAlias = Annotated[
    str | None,
    typer.Option("--during", help="提交日期，如 2026-01-01..2026-03-31。Submitted in these days."),
]
ALL: Final = "全部 all"


def rates(
    *,
    wanted: Annotated[
        str | None, typer.Argument(help="企业；不写则全部。One enterprise, or else all.")
    ] = None,
    during: During = None,
    by: Annotated[By | None, typer.Option(help="分组。Grouped by.")] = None,
    formulas: Annotated[
        str | None, typer.Option(help="统计口径版本。Version of the formulas.")
    ] = None,
    at: AtTime = None,
    as_json: AsJson = False,
) -> None:
    """响应率、解决率、满意率、按时办结率等，可截至某日。The rates, as of now or of a day."""
    asked = RatesAsked(wanted, during, by, formulas, at)
    raise typer.Exit(asyncio.run(rates_command(servers_here().dsn, asked, as_json=as_json)))


@dataclass(frozen=True, slots=True)
class RatesAsked:
    """What was typed."""

    wanted: str | None = None
    during: str | None = None
    by: By | None = None
    formulas: str | None = None
    at: str | None = None


async def rates_command(dsn: str, wanted: RatesAsked, *, as_json: bool) -> int:
    """0 counted, 2 for what is not known, 4 no database."""

    async def work(connection: Reader) -> int:
        try:
            formulas = load_formulas(wanted.formulas)
        except UnknownFormulasError as error:
            return say(str(error), USAGE_ERROR)
        asked, period = asked_at(wanted.at, system_clock()), period_of(wanted.during)
        found = await find(connection, wanted.wanted) if wanted.wanted else None
        report = await report_of(connection, found, asked, period)
        groups = grouped(report.marked, wanted.by)
        if as_json:
            print_json(rates_json(report, formulas, groups))
        else:
            print_rates(Console(), report, formulas, groups)
        return OK

    return await with_dossier(dsn, work, "appeals-rates")


def grouped(appeals: Iterable[Marked], by: By | None) -> dict[str, list[Marked]]:
    """All of them first; then each group, by its name."""
    everything = list(appeals)
    groups: dict[str, list[Marked]] = {}
    for appeal in everything if by else ():
        groups.setdefault(appeal.groups[by or ""] or "-", []).append(appeal)
    return {ALL: everything, **dict(sorted(groups.items()))}


def rates_json(
    report: Report, formulas: Formulas, groups: dict[str, list[Marked]]
) -> dict[str, Any]:
    return {
        "at": text(report.asked.moment),
        "from": text(report.period.since),
        "to": text(report.period.until),
        "formulas": formulas.version,
        "appeals": len(report.marked),
        "unmeasured": report.unmeasured,
        "groups": [
            {
                "group": name,
                "appeals": len(appeals),
                "figures": [asdict(one) for one in figures(formulas, appeals)],
            }
            for name, appeals in groups.items()
        ],
    }


def print_rates(
    console: Console, report: Report, formulas: Formulas, groups: dict[str, list[Marked]]
) -> None:
    names = catalogue_names()
    head = f"截至 as of {local(report.asked.moment)}  统计口径 formulas {formulas.version}"
    console.print(Text(head, style="bold"))
    for name, appeals in groups.items():
        title = name if name == ALL else f"{named(names, name).zh} {name}"
        console.print()
        console.print(Text(f"{title}  {len(appeals)} 件 appeals", style="bold"))
        for one in figures(formulas, appeals):
            for line in figure_lines(one):
                console.print(Text(line), soft_wrap=True)
    if report.unmeasured:
        many = len(report.unmeasured)
        console.print(Text(f"{many} 件超出工作日历，未计入 / {many} beyond the calendar, left out"))


def figure_lines(one: Figure) -> Sequence[str]:
    called = f"  {one.zh} {one.en}"
    match one:
        case ShareFigure():
            value = "-" if one.basis_points is None else percent(one.basis_points)
            left_out = f"，剔除 excluded {one.excluded}" if one.excluded else ""
            return (f"{called}  {value}  {one.counts}/{one.of}{left_out}  [{one.formula_version}]",)
        case MeanFigure():
            value = "-" if one.mean is None else mean_text(one.mean, one.unit)
            return (f"{called}  {value}  {one.of} 件  [{one.formula_version}]",)
        case PartsFigure():
            parts = "  ".join(f"{PART[part].zh} {many}" for part, many in one.parts.items() if many)
            return (f"{called}  合计 {one.whole} = {parts or 0}  [{one.formula_version}]",)


def mean_text(mean: int, unit: str) -> str:
    if unit == "seconds":
        return length(mean)
    whole, part = divmod(mean, 100)
    return f"{whole}.{part:02}"
