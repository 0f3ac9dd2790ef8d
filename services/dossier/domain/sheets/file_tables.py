"""One file (一企一档 or one appeal) as tables: each appeal, what happened, its clocks, its time."""

from collections.abc import Sequence
from typing import Final

from services.dossier.domain.clock_summaries import CLOCK
from services.dossier.domain.ledger.words import DUTY, holder_name
from services.dossier.domain.lines import Names, local
from services.dossier.domain.sheets.cells import Cell
from services.dossier.domain.sheets.row import Row
from services.dossier.domain.sheets.sheet import Table
from services.dossier.domain.sheets.tables import appeals_table, when
from services.dossier.domain.sheets.views import View
from services.dossier.domain.summaries import summary_of
from services.dossier.domain.why.reason import Reason

EVENT_COLUMNS: Final = (
    "时间 time",
    "诉求编号 appeal",
    "事件 event",
    "经手 actor",
    "内容 what happened",
    "档案序号 entry",
    "来源 source",
    "链哈希 chain hash",
)
CLOCK_COLUMNS: Final = (
    "诉求编号 appeal",
    "时限 clock",
    "起算 started",
    "到期 due",
    "停止 stopped",
    "规定 limit",
    "政策 policy",
    "日历 calendar",
    "是否逾期 overdue",
)


def file_tables(rows: Sequence[Row], view: View, names: Names) -> tuple[Table, ...]:
    return (
        appeals_table(rows, view, names),
        events_table(rows, view, names),
        clocks_table(rows),
        time_table(rows, names),
    )


def events_table(rows: Sequence[Row], view: View, names: Names) -> Table:
    said = sorted(
        ((row, one) for row in rows for one in row.life.happenings),
        key=lambda pair: (pair[1].time, pair[1].version),
    )
    lines: list[Sequence[Cell]] = [
        (
            local(one.time),
            str(row.life.appeal_id),
            one.type,
            view.actor(one.actor, row.who),
            view.hiding(summary_of(one.event, names).zh, row.who) if one.event else None,
            one.version,
            f"{one.service}/{one.partition}/{one.sequence}",
            one.hash,
        )
        for row, one in said
    ]
    return Table(
        title_zh="办理过程",
        title_en="What happened",
        columns=EVENT_COLUMNS,
        rows=lines,
    )


def clocks_table(rows: Sequence[Row]) -> Table:
    return Table(
        title_zh="时限",
        title_en="Clocks",
        columns=CLOCK_COLUMNS,
        rows=[
            (
                str(row.life.appeal_id),
                CLOCK[run.clock].zh,
                local(run.start.started_at),
                local(run.start.due),
                when(run.stopped_at),
                run.start.limit,
                run.start.policy_version,
                run.start.calendar_version,
                "是" if run.is_overdue(row.life.until) else "否",
            )
            for row in rows
            for run in row.life.runs
        ],
    )


def time_table(rows: Sequence[Row], names: Names) -> Table:
    """Seconds, so that the parts can be added up by whoever holds the copy."""
    return Table(
        title_zh="责任时长账",
        title_en="Responsibility time",
        columns=(
            "诉求编号 appeal",
            "自 from",
            "至 to",
            "责任方 holder",
            "事由 duty",
            "工作时间（秒） working seconds",
            "历时（秒） elapsed seconds",
            "起因 because of",
        ),
        rows=[
            (
                str(row.life.appeal_id),
                one.starts_at.isoformat(),
                one.ends_at.isoformat(),
                holder_name(names, one.turn.unit, one.turn.person),
                DUTY[one.turn.duty].zh,
                one.working_seconds,
                one.calendar_seconds,
                f"{one.turn.cause.type} #{one.turn.cause.version}",
            )
            for row in rows
            for one in row.account.segments
        ],
    )


def reasons_table(reasons: Sequence[tuple[Row, Reason]], view: View) -> Table:
    """Each decision with what it stands on; in a copy that hides, without what people wrote."""
    return Table(
        title_zh="决定说明",
        title_en="Why",
        columns=("诉求编号 appeal", "决定 decision", "依据 grounds", "出处 entry"),
        rows=[
            (
                str(row.life.appeal_id),
                view.hiding(one.what.zh, row.who),
                view.hiding("；".join(f"{g.zh} {g.value}" for g in one.grounds), row.who),
                one.said.version,
            )
            for row, one in reasons
        ],
    )
