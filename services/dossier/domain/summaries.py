"""One line a person reads for each event, in Chinese and in English."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, assert_never

from libs.calendar.days import SHANGHAI
from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassificationCorrected,
    ClassifierEvent,
    DuplicateSuspected,
    ReviewActionRefused,
    ReviewLeft,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)
from libs.common.contracts.intake import AppealAccepted, AppealSubmitted, IntakeEvent
from libs.common.contracts.router import (
    ActionRefused,
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
    RouterEvent,
)
from libs.common.contracts.sla import (
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    EscalationEvent,
    EscalationRevoked,
    SlaEvent,
)
from libs.common.contracts.values import ClockName
from libs.common.subscription import name_of
from services.dossier.domain.events import AnyEvent
from services.dossier.domain.review_lines import review_line


class Line(NamedTuple):
    zh: str
    en: str


# Codes of items, categories, departments and sub-districts to their names.
Names = Mapping[str, Line]

URGENCY: Final = {"normal": Line("常态", "normal"), "urgent": Line("加急", "urgent")}
REASON: Final = {
    "low_confidence": Line("把握不足", "low confidence"),
    "none_of_these": Line("不属于任何事项", "none of the items"),
    "nothing_to_read": Line("没有可读的内容", "nothing to read"),
    "owner_not_found": Line("找不到责任单位", "no owner found"),
    "returned": Line("退单获准", "a return was approved"),
    "item_split": Line("事项已拆分", "the item was split"),
    "never_classified": Line("此前未分类", "never classified before"),
}
OUTCOME: Final = {
    "solved": Line("已解决", "solved"),
    "partly": Line("部分解决", "partly solved"),
    "explained": Line("已解释", "explained"),
    "unsolvable": Line("无法解决", "unsolvable"),
}
CLOCK: Final = {
    "accept": Line("受理", "accept"),
    "supplement": Line("补充", "supplement"),
    "review": Line("定类", "review"),
    "sign": Line("签收", "sign"),
    "return_window": Line("退单期", "return window"),
    "contact": Line("首次联系", "contact"),
    "resolve": Line("办结", "resolve"),
    "interim": Line("阶段答复", "interim"),
    "ruling": Line("裁决", "ruling"),
    "result_review": Line("结果审核", "result review"),
    "callback": Line("回访", "callback"),
    "rectify": Line("差评整改", "rectify"),
    "final_review": Line("终结复核", "final review"),
    "milestone": Line("进展报告", "milestone"),
}
ESCALATION: Final = {
    "warning-raised": Line("预警", "warning"),
    "urged": Line("催办", "urged"),
    "limit-passed": Line("逾期", "limit passed"),
    "supervised": Line("督办", "supervised"),
    "level-raised": Line("提级", "raised to the parent organisation"),
    "notified": Line("通报约谈", "notified"),
}


def summary_of(event: AnyEvent, names: Names) -> Line:
    match event:
        case AppealSubmitted() | AppealAccepted():
            return of_intake(event)
        case (
            AppealClassified()
            | ReviewRequired()
            | ClassificationConfirmed()
            | ClassificationCorrected()
            | ReviewLeft()
            | WithdrawnBeforeDispatch()
            | DuplicateSuspected()
            | ReviewActionRefused()
        ):
            return of_classifier(event, names)
        case (
            AppealDispatched()
            | DispatchSigned()
            | ResultSubmitted()
            | ResultApproved()
            | RatedAcceptable()
            | ActionRefused()
        ):
            return of_router(event, names)
        case _:
            return of_sla(event)


def of_intake(event: IntakeEvent) -> Line:
    match event:
        case AppealSubmitted():
            return Line(
                f"诉求提交：{event.title}（{event.channel}）",
                f"submitted through {event.channel}",
            )
        case AppealAccepted():
            urgency = URGENCY[event.urgency]
            return Line(
                f"受理：{urgency.zh}，自 {local(event.accepted_at)} 起算",
                f"accepted as {urgency.en}; limits run from {local(event.accepted_at)}",
            )
        case _:
            assert_never(event)


def of_classifier(event: ClassifierEvent, names: Names) -> Line:
    match event:
        case AppealClassified():
            item = named(names, event.item)
            percent = event.judgement.confidence / 100
            return Line(
                f"自动分类：{item.zh}（把握 {percent:.0f}%）",
                f"classified as {item.en} ({percent:.0f}% sure)",
            )
        case ReviewRequired():
            reason = REASON[event.reason]
            return Line(f"转人工：{reason.zh}", f"for review by a person: {reason.en}")
        case ClassificationConfirmed():
            item = named(names, event.item)
            return Line(f"人工定类：{item.zh}", f"classified by a person as {item.en}")
        case ClassificationCorrected():
            return Line(*review_line(event, named(names, event.item)))
        case _:
            return Line(*review_line(event, ("", "")))


def of_router(event: RouterEvent, names: Names) -> Line:
    match event:
        case AppealDispatched():
            return of_dispatch(event, names)
        case DispatchSigned():
            unit = named(names, event.department)
            return Line(f"签收：{unit.zh}", f"signed for by {unit.en}")
        case ResultSubmitted():
            unit, outcome = named(names, event.department), OUTCOME[event.outcome]
            return Line(f"办结反馈：{unit.zh}，{outcome.zh}", f"{unit.en} reports: {outcome.en}")
        case ResultApproved():
            return Line("审核通过，待回访", "result approved; the firm will be asked")
        case RatedAcceptable():
            return Line(
                f"企业评价 {event.score} 分，结案", f"the firm rates {event.score} of 10; closed"
            )
        case ActionRefused():
            return Line(
                f"操作被拒（{event.code}）：{event.message_zh}",
                f"action refused ({event.code}): {event.message_en}",
            )
        case _:
            assert_never(event)


def of_dispatch(event: AppealDispatched, names: Names) -> Line:
    lead = named(names, event.lead)
    others = [named(names, code) for code in event.co_handlers]
    return Line(
        f"派单：主办 {lead.zh}" + "".join(f"，协办 {other.zh}" for other in others),
        f"dispatched to {lead.en}" + "".join(f", with {other.en}" for other in others),
    )


def of_sla(event: SlaEvent) -> Line:
    match event:
        case ClocksStarted():
            zh = "，".join(f"{CLOCK[one.clock].zh} {local(one.due)} 到期" for one in event.clocks)
            en = ", ".join(f"{CLOCK[one.clock].en} due {local(one.due)}" for one in event.clocks)
            return Line(f"计时开始：{zh}", f"clocks started: {en}")
        case ClocksSuspended():
            zh, en = clocks_of(event.clocks)
            return Line(f"督办暂停：{zh}", f"silent while under review: {en}")
        case ClocksStopped():
            zh, en = clocks_of(event.clocks)
            return Line(f"计时停止：{zh}", f"clocks stopped: {en}")
        case EscalationRevoked():
            clock = CLOCK[event.clock]
            return Line(
                f"撤销第 {event.level} 级：{clock.zh}已于 {local(event.stopped_at)} 停止",
                f"level {event.level} revoked: {clock.en} had stopped at {local(event.stopped_at)}",
            )
        case _:
            return of_escalation(event)


def of_escalation(event: EscalationEvent) -> Line:
    kind = ESCALATION[name_of(event.TYPE).partition(".")[2]]
    clock, at = CLOCK[event.clock], local(event.step_at)
    late = Line("（补记）", " (found late)") if event.late else Line("", "")
    return Line(
        f"{kind.zh}：{clock.zh}时限，第 {event.level} 级，应于 {at}{late.zh}",
        f"{kind.en}: {clock.en} limit, level {event.level}, at {at}{late.en}",
    )


def clocks_of(clocks: Sequence[ClockName]) -> Line:
    zh = "、".join(CLOCK[clock].zh for clock in clocks)
    return Line(zh, ", ".join(CLOCK[clock].en for clock in clocks))


def named(names: Names, code: str) -> Line:
    return names.get(code) or Line(code, code)


def local(time: datetime) -> str:
    """To the minute, in Asia/Shanghai."""
    return time.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
