"""定期通报 and 督查: what a period came to, and what is overdue or silent now."""

from collections.abc import Iterable, Sequence
from typing import Final

from services.dossier.domain.clock_summaries import CLOCK, ESCALATION
from services.dossier.domain.ledger.scorecards import Card
from services.dossier.domain.ledger.words import length
from services.dossier.domain.lines import Names, local
from services.dossier.domain.rates.figures import Figure, MeanFigure, PartsFigure, ShareFigure
from services.dossier.domain.rates.words import PART
from services.dossier.domain.sheets.cells import Cell
from services.dossier.domain.sheets.row import Row
from services.dossier.domain.sheets.sheet import Table
from services.dossier.domain.sheets.tables import called, next_report, when
from services.dossier.domain.sheets.views import View
from services.dossier.domain.states import STATE_ZH
from services.dossier.domain.why.reason import percent

HUNDREDTHS: Final = 100
CARD_COLUMNS: Final = (
    "单位 unit",
    "人员 person",
    "持有件数 held",
    "工作时间（秒） working seconds",
    "派单 led",
    "视同签收 auto-signed",
    "退单申请 returns asked",
    "退单获准 returns granted",
    "反馈 results",
    "退回 rejected",
    "按时 in time",
    "逾期 overdue",
    "督办 steps",
    "评价 ratings",
    "满意 satisfied",
)
STEP_COLUMNS: Final = (
    "时间 time",
    "诉求编号 appeal",
    "标题 title",
    "时限 clock",
    "级别 level",
    "方式 kind",
    "责任单位 lead",
    "补记 late",
    "档案序号 entry",
)


def figures_table(figures: Sequence[Figure]) -> Table:
    return Table(
        title_zh="指标",
        title_en="Figures",
        columns=("指标 figure", "数值 value", "计数 counted", "口径 formulas"),
        rows=[row for one in figures for row in figure_rows(one)],
    )


def figure_rows(one: Figure) -> list[Sequence[Cell]]:
    name = f"{one.zh} {one.en}"
    match one:
        case ShareFigure():
            value = "-" if one.basis_points is None else percent(one.basis_points)
            excluded = f"（剔除 {one.excluded}）" if one.excluded else ""
            return [(name, value, f"{one.counts}/{one.of}{excluded}", one.formula_version)]
        case MeanFigure():
            return [(name, mean_text(one), str(one.of), one.formula_version)]
        case PartsFigure():
            parts: list[Sequence[Cell]] = [
                (f"{name}：{PART[part].zh}", str(many), f"{many}/{one.whole}", one.formula_version)
                for part, many in one.parts.items()
            ]
            return [*parts, (f"{name}：合计", str(one.whole), "", one.formula_version)]


def mean_text(one: MeanFigure) -> str:
    if one.mean is None:
        return "-"
    if one.unit == "seconds":
        return length(one.mean)
    whole, part = divmod(one.mean, HUNDREDTHS)
    return f"{whole}.{part:02}"


def cards_table(title_zh: str, title_en: str, cards: Iterable[Card], names: Names) -> Table:
    return Table(
        title_zh=title_zh,
        title_en=title_en,
        columns=CARD_COLUMNS,
        rows=[
            card_row(card, names)
            for card in sorted(cards, key=lambda card: (card.unit, card.person or ""))
        ],
    )


def card_row(card: Card, names: Names) -> Sequence[Cell]:
    return (
        called(names, card.unit),
        card.person,
        len(card.appeals),
        card.working_seconds,
        card.dispatched,
        card.signed_by_itself,
        card.returns_asked,
        card.returns_granted,
        card.results,
        card.results_rejected,
        card.in_time,
        card.overdue,
        card.escalations,
        card.ratings,
        card.satisfied,
    )


def overdue_table(rows: Sequence[Row], view: View, names: Names) -> Table:
    """Open appeals whose limit has passed, and those on the ledger whose report is owed."""
    return Table(
        title_zh="逾期与逾期未报",
        title_en="Overdue and silent",
        columns=(
            "诉求编号 appeal",
            "标题 title",
            "主办 lead",
            "状态 state",
            "办结期限 due",
            "应报进展 report owed",
        ),
        rows=[
            (
                str(row.life.appeal_id),
                view.shown(row.who).title,
                called(names, row.who.lead),
                STATE_ZH[row.life.state],
                when(run.start.due) if (run := row.life.run("resolve")) else None,
                when(next_report(row)) if is_silent(row) else None,
            )
            for row in rows
            if is_overdue(row) or is_silent(row)
        ],
    )


def is_overdue(row: Row) -> bool:
    run = row.life.run("resolve")
    return run is not None and run.standing != "stopped" and run.is_overdue(row.life.until)


def is_silent(row: Row) -> bool:
    owed = next_report(row)
    return owed is not None and owed < row.life.until


def steps_table(rows: Sequence[Row], view: View, names: Names) -> Table:
    """Every step of every ladder that stands: revoked ones are left out."""
    steps = [
        (row, run, step)
        for row in rows
        for run in row.life.runs
        for step in run.steps
        if not step.revoked
    ]
    return Table(
        title_zh="催办督办台账",
        title_en="Steps taken",
        columns=STEP_COLUMNS,
        rows=[
            (
                local(step.step_at),
                str(row.life.appeal_id),
                view.shown(row.who).title,
                CLOCK[run.clock].zh,
                step.level,
                ESCALATION[step.kind].zh,
                called(names, step.said.event.lead),
                "是" if step.late else None,
                step.said.version,
            )
            for row, run, step in sorted(steps, key=lambda one: one[2].step_at)
        ],
    )
