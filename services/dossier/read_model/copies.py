"""Copies that may leave the system: which tables make one up, and what each may show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from services.dossier.domain.life.view import text
from services.dossier.domain.lines import Names, local
from services.dossier.domain.rates.figures import figures
from services.dossier.domain.rates.formulas import Formulas
from services.dossier.domain.sheets.file_tables import file_tables, reasons_table
from services.dossier.domain.sheets.reports import (
    cards_table,
    figures_table,
    overdue_table,
    steps_table,
)
from services.dossier.domain.sheets.row import Row
from services.dossier.domain.sheets.sheet import Document, Table
from services.dossier.domain.sheets.tables import appeals_table, progress_table, services_table
from services.dossier.domain.sheets.views import View
from services.dossier.domain.why.explaining import reasons_of
from services.dossier.domain.why.reason import Words
from services.dossier.read_model.calendars import calendars_of_log
from services.dossier.read_model.finding import Found, Reader
from services.dossier.read_model.lives import Asked
from services.dossier.read_model.proofs import HOW, proof_of
from services.dossier.read_model.reporting import Period, Report, rows_of

CopyName: TypeAlias = Literal[
    "appeals", "officers", "progress", "dossier", "ledger", "bulletin", "supervision"
]
TITLES: Final[dict[CopyName, tuple[str, str]]] = {
    "appeals": ("诉求收集表", "Appeals collected"),
    "officers": ("干部服务动态表", "Services rendered"),
    "progress": ("问题进展表", "Progress"),
    "dossier": ("一企一档", "File"),
    "ledger": ("责任时长与双考核", "Responsibility time and scorecards"),
    "bulletin": ("定期通报", "Bulletin"),
    "supervision": ("督查报告", "Supervision"),
}

# 三张表.
LEDGERS: Final[Mapping[str, Callable[[Sequence[Row], View, Names], Table]]] = {
    "appeals": appeals_table,
    "officers": services_table,
    "progress": progress_table,
}


@dataclass(frozen=True, slots=True)
class CopyAsked:
    """What is to be copied; `found` None is everything."""

    name: CopyName
    found: Found | None
    asked: Asked
    period: Period
    view: View
    formulas: Formulas


@dataclass(slots=True)
class Gathered:
    rows: list[Row]
    report: Report


async def document_of(connection: Reader, wanted: CopyAsked, names: Names) -> Document:
    """Raises OutsideCalendarError and CalendarDataError."""
    gathered = await gather(connection, wanted)
    zh, en = TITLES[wanted.name]
    report = gathered.report
    notes = [HOW]
    if report.unmeasured:
        many = len(report.unmeasured)
        notes.append(f"{many} 件超出工作日历，未列入 / {many} beyond the calendar, left out")
    return Document(
        name=wanted.name,
        title_zh=zh,
        title_en=en,
        about=[
            ("截至 as of", local(wanted.asked.moment)),
            ("提交自 submitted from", text(wanted.period.since)),
            ("提交至 submitted before", text(wanted.period.until)),
            ("范围 scope", scope_of(wanted)),
            ("视图 view", wanted.view.name),
            ("件数 appeals", len(gathered.rows)),
            ("统计口径 formulas", wanted.formulas.version),
        ],
        tables=await tables_of(connection, wanted, gathered, names),
        proof=await proof_of(connection, gathered.rows, wanted.view),
        notes=notes,
    )


def scope_of(wanted: CopyAsked) -> str:
    """An enterprise's id would name the firm."""
    if wanted.found is None:
        return "全部 all"
    if wanted.view.name == "full" or wanted.found.kind == "appeal":
        return f"{wanted.found.kind} {wanted.found.id}"
    return wanted.found.kind


async def gather(connection: Reader, wanted: CopyAsked) -> Gathered:
    """Only what this copy's reader may see is counted in it."""
    report = Report(wanted.asked, wanted.period)
    rows: list[Row] = []
    async for row in rows_of(connection, wanted.found, report):
        is_meant = wanted.found is None or is_of(wanted.found, row)
        if is_meant and wanted.view.includes(row.life, row.who):
            rows.append(row)
            report.take(row)
    return Gathered(rows, report)


def is_of(found: Found, row: Row) -> bool:
    return found.kind != "appeal" or str(row.life.appeal_id) == found.id


async def tables_of(
    connection: Reader, wanted: CopyAsked, gathered: Gathered, names: Names
) -> Sequence[Table]:
    if wanted.name == "dossier":
        calendars, words = await calendars_of_log(connection), Words(names)
        reasons = [
            (row, one) for row in gathered.rows for one in reasons_of(row.life, words, calendars)
        ]
        whole = file_tables(gathered.rows, wanted.view, names)
        return (*whole, reasons_table(reasons, wanted.view))
    if wanted.name in LEDGERS:
        return (LEDGERS[wanted.name](gathered.rows, wanted.view, names),)
    return report_tables(wanted, gathered, names)


def report_tables(wanted: CopyAsked, gathered: Gathered, names: Names) -> Sequence[Table]:
    cards = card_tables(gathered.report, names)
    if wanted.name == "ledger":
        return cards
    if wanted.name == "bulletin":
        counted = figures(wanted.formulas, gathered.report.marked)
        return (figures_table(counted), cards[0])
    rows, view = gathered.rows, wanted.view
    return (overdue_table(rows, view, names), steps_table(rows, view, names))


def card_tables(report: Report, names: Names) -> tuple[Table, ...]:
    cards = report.scorecards
    return (
        cards_table("单位考核", "Units", cards.units.values(), names),
        cards_table("个人考核", "People", cards.people.values(), names),
        cards_table("挂点干部", "Liaison officers", cards.officers.values(), names),
    )
