"""The three ledgers (三张表): appeals collected, services rendered, progress made."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from libs.common.contracts import router
from services.dossier.domain.events import AnyEvent
from services.dossier.domain.intake_lines import SECRECY, URGENCY
from services.dossier.domain.ledger.turns import PEOPLE
from services.dossier.domain.ledger.words import length
from services.dossier.domain.life.happenings import Happening
from services.dossier.domain.lines import Names, local, named
from services.dossier.domain.router_lines import OUTCOME
from services.dossier.domain.sheets.cells import Cell
from services.dossier.domain.sheets.row import Row
from services.dossier.domain.sheets.sheet import Table
from services.dossier.domain.sheets.views import View
from services.dossier.domain.states import STATE_ZH
from services.dossier.domain.summaries import summary_of

KIND: Final = {"request": "诉求", "complaint": "投诉", "inquiry": "咨询", "suggestion": "建议"}
ROLE: Final = {
    "officer": "挂点干部",
    "seat": "坐席",
    "department": "承办单位",
    "supervisor": "督办",
    "arbiter": "裁决",
}


def appeals_table(rows: Iterable[Row], view: View, names: Names) -> Table:
    return Table(
        title_zh="诉求收集表",
        title_en="Appeals collected",
        columns=(
            "诉求编号 appeal",
            "工单号 number",
            "渠道 channel",
            "企业 enterprise",
            "信用代码 USCC",
            "街道 sub-district",
            "类型 kind",
            "紧急 urgency",
            "密级 secrecy",
            "提交 submitted",
            "受理 accepted",
            "标题 title",
            "类别 category",
            "事项 item",
            "主办 lead",
            "挂点干部 officer",
            "状态 state",
        ),
        rows=[appeal_row(row, view, names) for row in rows],
    )


def appeal_row(row: Row, view: View, names: Names) -> Sequence[Cell]:
    who = view.shown(row.who)
    return (
        str(row.life.appeal_id),
        who.source_id,
        who.channel,
        who.enterprise_name,
        who.uscc,
        called(names, who.sub_district),
        KIND.get(who.kind or "", who.kind),
        URGENCY[who.urgency].zh,
        SECRECY[who.confidentiality].zh,
        when(who.submitted_at),
        when(who.accepted_at),
        who.title,
        called(names, who.category),
        called(names, who.item),
        called(names, who.lead),
        who.officer_id,
        STATE_ZH[row.life.state],
    )


def services_table(rows: Iterable[Row], view: View, names: Names) -> Table:
    """干部服务动态表: every act of a person, in the order of time."""
    acts = sorted(acts_of(rows), key=lambda act: (act[1].time, act[1].version))
    return Table(
        title_zh="干部服务动态表",
        title_en="Services rendered",
        columns=(
            "时间 time",
            "单位 unit",
            "人员 person",
            "身份 role",
            "诉求编号 appeal",
            "企业 enterprise",
            "服务内容 what was done",
            "档案序号 entry",
        ),
        rows=[service_row(row, one, view, names) for row, one in acts],
    )


def acts_of(rows: Iterable[Row]) -> Iterator[tuple[Row, Happening]]:
    for row in rows:
        for one in row.life.happenings:
            if one.actor.kind in PEOPLE and one.event is not None:
                yield row, one


def service_row(row: Row, one: Happening, view: View, names: Names) -> Sequence[Cell]:
    event: AnyEvent = one.event
    return (
        local(one.time),
        called(names, one.actor.unit),
        one.actor.id,
        ROLE[one.actor.kind],
        str(row.life.appeal_id),
        view.shown(row.who).enterprise_name,
        view.hiding(summary_of(event, names).zh, row.who),
        one.version,
    )


def progress_table(rows: Iterable[Row], view: View, names: Names) -> Table:
    return Table(
        title_zh="问题进展表",
        title_en="Progress",
        columns=(
            "诉求编号 appeal",
            "标题 title",
            "主办 lead",
            "状态 state",
            "办结期限 due",
            "是否逾期 overdue",
            "下次报告 next report",
            "最近进展 latest",
            "进展时间 at",
            "办理结果 outcome",
            "公开答复 reply",
            "评分 score",
            "督办次数 steps",
            "工作时间 working",
            "历时 elapsed",
        ),
        rows=[progress_row(row, view, names) for row in rows],
    )


def progress_row(row: Row, view: View, names: Names) -> Sequence[Cell]:
    life, who = row.life, view.shown(row.who)
    resolve, result = life.run("resolve"), life.last(router.ResultSubmitted)
    latest = next((one for one in reversed(life.happenings) if one.service != "sla"), None)
    latest_line = summary_of(latest.event, names).zh if latest and latest.event else None
    return (
        str(life.appeal_id),
        who.title,
        called(names, who.lead),
        STATE_ZH[life.state],
        when(resolve.start.due) if resolve else None,
        ("是" if resolve.is_overdue(life.until) else "否") if resolve else None,
        when(next_report(row)),
        view.hiding(latest_line, row.who),
        when(latest.time) if latest else None,
        OUTCOME[result.outcome].zh if result else None,
        view.hiding(result.public_reply, row.who) if result else None,
        score_of(row),
        sum(not step.revoked for run in life.runs for step in run.steps),
        length(row.account.working_seconds),
        length(row.account.calendar_seconds),
    )


def next_report(row: Row) -> datetime | None:
    """While on the ledger (挂账) silence past this is a breach."""
    if row.life.state != "ON_LEDGER":
        return None
    said = row.life.said(router.PlacedOnLedger, router.MilestoneReported)
    found: datetime | None = said[-1].event.next_report_at if said else None
    return found


def score_of(row: Row) -> int | None:
    said = row.life.said(router.RatedAcceptable, router.RatedUnacceptable)
    return int(said[-1].event.score) if said else None


def called(names: Names, code: str | None) -> str | None:
    return named(names, code).zh if code else None


def when(moment: datetime | None) -> str | None:
    return local(moment) if moment else None
