"""Lines for what happens around a person's review of an appeal's item."""

from typing import Final, TypeAlias, assert_never

from libs.common.contracts.classifier import (
    ClassificationCorrected,
    DuplicateSuspected,
    ReviewActionRefused,
    ReviewLeft,
    WithdrawnBeforeDispatch,
)

ReviewEvent: TypeAlias = (
    ClassificationCorrected
    | ReviewLeft
    | WithdrawnBeforeDispatch
    | DuplicateSuspected
    | ReviewActionRefused
)
LEFT: Final = {
    "merged": ("已并单", "it was merged"),
    "transferred": ("已转出", "it was transferred"),
    "closed": ("已结案", "it was closed"),
}


def review_line(event: ReviewEvent, item: tuple[str, str]) -> tuple[str, str]:
    """Chinese and English; `item` is the name of the corrected item, empty for other events."""
    match event:
        case ClassificationCorrected():
            zh, en = item
            return f"定类更正：{zh}（{event.reason}）", f"item corrected to {en}: {event.reason}"
        case ReviewLeft():
            zh, en = LEFT[event.because]
            return f"无需人工定类：{zh}", f"no review needed: {en}"
        case WithdrawnBeforeDispatch():
            return "撤诉（派单前）", "withdrawn before its dispatch"
        case DuplicateSuspected():
            first = event.likenesses[0]
            percent = first.similarity / 100
            return (
                f"疑似重复：与 {first.appeal_id} 相似 {percent:.0f}%",
                f"perhaps a repeat: {percent:.0f}% like {first.appeal_id}",
            )
        case ReviewActionRefused():
            return f"操作被拒：{event.message_zh}", f"action refused: {event.message_en}"
        case _:
            assert_never(event)
