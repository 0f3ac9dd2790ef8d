"""One line a person reads for each event, in Chinese and in English."""

from collections.abc import Mapping
from typing import Final, assert_never

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
from libs.common.contracts.intake import AppealAccepted, AppealSubmitted
from libs.common.contracts.router import (
    ActionRefused,
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
)
from services.dossier.domain.clock_summaries import of_sla
from services.dossier.domain.events import AnyEvent, RoutedEvent
from services.dossier.domain.lines import Line, local
from services.dossier.domain.review_lines import review_line

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


def of_intake(event: AppealSubmitted | AppealAccepted) -> Line:
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


def of_router(event: RoutedEvent, names: Names) -> Line:
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


def named(names: Names, code: str) -> Line:
    return names.get(code) or Line(code, code)
