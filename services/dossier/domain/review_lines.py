"""Lines for what happens around a person's review of an appeal's item."""

from typing import Final, TypeAlias, assert_never

from libs.common.contracts.classifier import (
    ClassificationCorrected,
    DuplicateSuspected,
    ReturnNoted,
    ReviewActionRefused,
    ReviewLeft,
    RulingNoted,
    WithdrawnBeforeDispatch,
)

Note: TypeAlias = ReturnNoted | RulingNoted | ReviewLeft | WithdrawnBeforeDispatch
ReviewEvent: TypeAlias = Note | ClassificationCorrected | DuplicateSuspected | ReviewActionRefused
LEFT: Final = {
    "merged": ("已并单", "it was merged"),
    "transferred": ("已转出", "it was transferred"),
    "closed": ("已结案", "it was closed"),
}


def review_line(event: ReviewEvent, item: tuple[str, str]) -> tuple[str, str]:
    """Chinese and English; `item` is the name of the item that the event names, if any."""
    zh, en = item
    match event:
        case ClassificationCorrected():
            return f"定类更正：{zh}（{event.reason}）", f"item corrected to {en}: {event.reason}"
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
            return note_line(event, item)


def note_line(event: Note, item: tuple[str, str]) -> tuple[str, str]:
    zh, en = item
    match event:
        case ReturnNoted():
            return "退单获准，所定事项存疑", "a return was approved, so the item is in doubt"
        case RulingNoted():
            return f"记下裁定的事项：{zh}", f"the ruled item was noted: {en}"
        case ReviewLeft():
            zh, en = LEFT[event.because]
            return f"无需人工定类：{zh}", f"no review needed: {en}"
        case WithdrawnBeforeDispatch():
            return "撤诉（派单前）", "withdrawn before its dispatch"
        case _:
            assert_never(event)
