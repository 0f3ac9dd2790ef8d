"""Why an appeal was taken for this item, and sent to this unit."""

from collections.abc import Iterator
from typing import Final

from libs.common.contracts import classifier, router
from libs.common.contracts.classifier import Judgement
from services.dossier.domain.life.happenings import Happening
from services.dossier.domain.life.life import Life
from services.dossier.domain.lines import Line
from services.dossier.domain.summaries import REASON
from services.dossier.domain.why.reason import Ground, Reason, Words, ground, percent

NONE_OTHER: Final = "没有第二候选 / no second candidate"


def classification_reasons(life: Life, words: Words) -> Iterator[Reason]:
    for one in life.happenings:
        match one.event:
            case classifier.AppealClassified():
                item = words.of(one.event.item)
                line = Line(f"自动分类为 {item}", f"classified by the model as {item}")
                grounds = judgement_grounds(one.event.judgement, words)
            case classifier.ReviewRequired():
                why = REASON[one.event.reason]
                line = Line(f"转人工：{why.zh}", f"sent to a person: {why.en}")
                judgement = one.event.judgement
                grounds = judgement_grounds(judgement, words) if judgement else ()
            case classifier.ClassificationConfirmed():
                item = words.of(one.event.item)
                line = Line(f"人工定为 {item}", f"named by a person as {item}")
                grounds = confirmation_grounds(one, words)
            case _:
                continue
        yield Reason(
            subject="classification", what=line, at=one.time, said=one, grounds=tuple(grounds)
        )


def judgement_grounds(judgement: Judgement, words: Words) -> tuple[Ground, ...]:
    _, *others = judgement.candidates
    second = ", ".join(f"{words.of(one.item)} {percent(one.confidence)}" for one in others)
    spoken = ", ".join(f"“{one.words}” {percent(one.share)}" for one in judgement.reasons)
    return (
        ground("置信度", "confidence", percent(judgement.confidence)),
        ground("阈值", "threshold", percent(judgement.threshold)),
        ground("次选", "runner-up", second or NONE_OTHER),
        ground("领先次选", "margin", percent(judgement.margin)),
        ground("都不是的可能", "none of the items", percent(judgement.none_of_these)),
        ground("依据词语及占比", "words and their share", spoken or "-"),
        ground("模型版本", "model", judgement.model_version),
        ground("目录版本", "catalogue", judgement.catalogue_version),
    )


def confirmation_grounds(one: Happening, words: Words) -> tuple[Ground, ...]:
    event = one.event
    return (
        ground("定类人", "named by", f"{one.actor.unit}·{one.actor.id}"),
        ground("模型建议", "the model proposed", words.of(event.proposed)),
        ground("目录版本", "catalogue", event.catalogue_version),
    )


def dispatch_reasons(life: Life, words: Words) -> Iterator[Reason]:
    for one in life.happenings:
        event = one.event
        if isinstance(event, router.AppealDispatched):
            line = dispatch_line(event.lead, words)
            grounds = (*rule_grounds(event, words), *runner_up(life, words))
        elif isinstance(event, router.RulingIssued):
            line = Line(
                f"裁定由 {words.of(event.lead)} 主办", f"ruled: {words.of(event.lead)} leads"
            )
            grounds = ruling_grounds(event, words)
        elif isinstance(event, router.ReworkDispatched):
            line = dispatch_line(event.lead, words)
            grounds = (ground("二次交办", "second handling", event.number),)
        else:
            continue
        yield Reason(subject="dispatch", what=line, at=one.time, said=one, grounds=grounds)


def dispatch_line(lead: str, words: Words) -> Line:
    return Line(f"派给 {words.of(lead)} 主办", f"dispatched to {words.of(lead)} as lead")


def rule_grounds(event: router.AppealDispatched, words: Words) -> tuple[Ground, ...]:
    others = "、".join(words.of(code) for code in event.co_handlers)
    return (
        ground("事项", "item", words.of(event.item)),
        ground("规则", "rule", event.rule_id),
        ground("街道", "sub-district", words.of(event.sub_district)),
        ground("协办", "co-handlers", others or "-"),
        ground("分拨表版本", "routing table", event.routing_version),
        ground("目录版本", "catalogue", event.catalogue_version),
    )


def runner_up(life: Life, words: Words) -> tuple[Ground, ...]:
    """What the item would have been else: the table has one lead for each, so the item decides."""
    classified = life.last(classifier.AppealClassified)
    judgement = classified.judgement if classified else None
    if judgement is None or len(judgement.candidates) == 1:
        return (ground("次选事项", "runner-up item", NONE_OTHER),)
    second = judgement.candidates[1]
    value = f"{words.of(second.item)} {percent(second.confidence)}"
    return (ground("次选事项", "runner-up item", value),)


def ruling_grounds(event: router.RulingIssued, words: Words) -> tuple[Ground, ...]:
    return (
        ground("事项", "item", words.of(event.item)),
        ground("理由", "reason", event.reason),
        ground("依据", "legal basis", event.legal_basis),
    )
