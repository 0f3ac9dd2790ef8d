"""What sla's events say to a person."""

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from libs.common.contracts.sla import (
    ChangeNoted,
    ClocksPaused,
    ClocksResumed,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    DeadlineSet,
    EscalationEvent,
    EscalationRevoked,
    ExtensionDeclined,
    PauseEnded,
    SlaEvent,
    UrgencyChanged,
)
from libs.common.contracts.sla_system import CalendarVersionApplied, PolicyVersionApplied
from libs.common.contracts.values import ClockName
from libs.common.subscription import name_of
from services.dossier.domain.lines import Line, local

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
WHY_MOVED: Final[Mapping[str, Line]] = {
    "pause": Line("待补充暂停", "paused for the firm's answer"),
    "resume": Line("补充完成", "the firm has answered"),
    "extension": Line("批准延期", "extended"),
    "urgency": Line("改为加急", "made urgent"),
    "calendar": Line("日历更新", "calendar changed"),
    "policy": Line("时限政策更新", "policy changed"),
    "merge": Line("并单取最早期限", "merged: the earliest limit holds"),
    "unmerge": Line("撤销并单", "unmerged"),
}
DECLINED: Final[Mapping[str, Line]] = {
    "after_due": Line("已过期限", "the limit had passed"),
    "used_up": Line("次数已用完", "no extension is left"),
    "not_allowed": Line("政策不允许", "the policy allows none"),
    "not_running": Line("时钟未在运行", "the clock does not run"),
}
NOTED: Final[Mapping[str, Line]] = {
    "start": Line("开始", "a start"),
    "extension": Line("延期", "an extension"),
    "earlier_due": Line("更早的期限", "an earlier limit"),
    "unmerge": Line("撤销并单", "an unmerge"),
}


def of_sla(event: SlaEvent) -> Line:
    match event:
        case CalendarVersionApplied() | PolicyVersionApplied():
            return Line(f"启用版本 {event.version}", f"version {event.version} applied")
        case ClocksStarted():
            zh = "，".join(f"{CLOCK[one.clock].zh} {local(one.due)} 到期" for one in event.clocks)
            en = ", ".join(f"{CLOCK[one.clock].en} due {local(one.due)}" for one in event.clocks)
            return Line(f"计时开始：{zh}", f"clocks started: {en}")
        case ClocksSuspended() | ClocksResumed() | ClocksPaused() | PauseEnded() | ClocksStopped():
            return of_turn(event)
        case DeadlineSet() | UrgencyChanged() | ExtensionDeclined() | ChangeNoted():
            return of_change(event)
        case EscalationRevoked():
            clock = CLOCK[event.clock]
            return Line(
                f"撤销第 {event.level} 级：{clock.zh}已于 {local(event.stopped_at)} 停止",
                f"level {event.level} revoked: {clock.en} had stopped at {local(event.stopped_at)}",
            )
        case _:
            return of_escalation(event)


def of_turn(
    event: ClocksSuspended | ClocksResumed | ClocksPaused | PauseEnded | ClocksStopped,
) -> Line:
    zh, en = clocks_of(event.clocks)
    match event:
        case ClocksSuspended(reason="ledger"):
            return Line(f"挂账，督办暂停：{zh}", f"silent while on the ledger: {en}")
        case ClocksSuspended():
            return Line(f"督办暂停：{zh}", f"silent while under review: {en}")
        case ClocksResumed():
            return Line(f"督办恢复：{zh}", f"escalation goes on: {en}")
        case ClocksPaused():
            until = local(event.runs_again_at)
            return Line(f"计时暂停，最长至 {until}：{zh}", f"paused until {until} at most: {en}")
        case PauseEnded():
            return Line(f"计时恢复：{zh}", f"pause ended: {en}")
        case ClocksStopped():
            return Line(f"计时停止：{zh}", f"clocks stopped: {en}")
        case _:
            assert_never(event)


def of_change(event: DeadlineSet | UrgencyChanged | ExtensionDeclined | ChangeNoted) -> Line:
    match event:
        case DeadlineSet():
            why, clock = WHY_MOVED[event.reason], CLOCK[event.clock.clock]
            old, new = local(event.old_due), local(event.clock.due)
            return Line(
                f"期限变更（{why.zh}）：{clock.zh}由 {old} 改为 {new}",
                f"{clock.en} limit moved from {old} to {new} ({why.en})",
            )
        case UrgencyChanged():
            return Line("改级：常态改为加急", "urgency raised from normal to urgent")
        case ExtensionDeclined():
            why, clock = DECLINED[event.reason], CLOCK[event.clock]
            return Line(f"延期未生效：{clock.zh}，{why.zh}", f"{clock.en} not extended: {why.en}")
        case ChangeNoted():
            what, clock = NOTED[event.change], CLOCK[event.clock]
            return Line(f"记录：{clock.zh}的{what.zh}", f"noted: {what.en} of {clock.en}")
        case _:
            assert_never(event)


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
