"""One line a person reads for each event, in Chinese and in English."""

from typing import Any, Final, get_args

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassificationCorrected,
    ClassifierEvent,
    ReviewRequired,
    RulingNoted,
)
from libs.common.contracts.sla import SlaEvent
from services.dossier.domain.clock_summaries import of_sla
from services.dossier.domain.dossier_lines import OWN_LINES
from services.dossier.domain.events import AnyEvent
from services.dossier.domain.intake_lines import INTAKE_LINES
from services.dossier.domain.lines import Line, Names, named
from services.dossier.domain.review_lines import review_line
from services.dossier.domain.router_lines import ROUTER_LINES

REASON: Final = {
    "low_confidence": Line("把握不足", "low confidence"),
    "none_of_these": Line("不属于任何事项", "none of the items"),
    "nothing_to_read": Line("没有可读的内容", "nothing to read"),
    "owner_not_found": Line("找不到责任单位", "no owner found"),
    "returned": Line("退单获准", "a return was approved"),
    "item_split": Line("事项已拆分", "the item was split"),
    "never_classified": Line("此前未分类", "never classified before"),
}
CLASSIFIER_EVENTS: Final = frozenset(get_args(ClassifierEvent))
SLA_EVENTS: Final = frozenset(get_args(SlaEvent))


def summary_of(event: AnyEvent, names: Names) -> Line:
    """Raises KeyError for an event that has no line: a test calls it with every one."""
    told: Any = event
    kind = event.__class__
    if kind in SLA_EVENTS:
        return of_sla(told)
    if kind in CLASSIFIER_EVENTS:
        return of_classifier(told, names)
    if (of_router := ROUTER_LINES.get(kind)) is not None:
        return of_router(told, names)
    return (INTAKE_LINES.get(kind) or OWN_LINES[kind])(told)


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
        case ClassificationCorrected() | RulingNoted():
            return Line(*review_line(event, named(names, event.item)))
        case _:
            return Line(*review_line(event, ("", "")))
