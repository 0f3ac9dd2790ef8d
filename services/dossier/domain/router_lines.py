"""What router's events say to a person."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from libs.common.contracts import router
from libs.common.contracts.envelope import Event
from services.dossier.domain.lines import Line, Names, local, named

OUTCOME: Final = {
    "solved": Line("已解决", "solved"),
    "partly": Line("部分解决", "partly solved"),
    "explained": Line("已解释", "explained"),
    "unsolvable": Line("无法解决", "unsolvable"),
}
CLOSED_BECAUSE: Final = {
    "answered_at_intake": Line("即时答复", "answered at intake"),
    "resolved_on_site": Line("现场即办", "resolved on site"),
}
Teller = Callable[[Any, Names], Line]


def plain(zh: str, en: str) -> Teller:
    return lambda _event, _names: Line(zh, en)


def with_unit(zh: str, en: str, field: str = "department") -> Teller:
    def tell(event: Any, names: Names) -> Line:  # noqa: ANN401 - an event that has the field
        unit = named(names, getattr(event, field))
        return Line(f"{zh}：{unit.zh}", f"{en} {unit.en}")

    return tell


def with_words(zh: str, en: str, field: str) -> Teller:
    """With what somebody wrote, in the language in which it was written."""
    return lambda event, _names: Line(
        f"{zh}：{getattr(event, field)}", f"{en}: {getattr(event, field)}"
    )


def with_time(zh: str, en: str, field: str) -> Teller:
    return lambda event, _names: Line(
        f"{zh} {local(getattr(event, field))}", f"{en} {local(getattr(event, field))}"
    )


def of_dispatch(event: router.AppealDispatched, names: Names) -> Line:
    lead = named(names, event.lead)
    others = [named(names, code) for code in event.co_handlers]
    return Line(
        f"派单：主办 {lead.zh}" + "".join(f"，协办 {other.zh}" for other in others),
        f"dispatched to {lead.en}" + "".join(f", with {other.en}" for other in others),
    )


def of_result(event: router.ResultSubmitted, names: Names) -> Line:
    unit, outcome = named(names, event.department), OUTCOME[event.outcome]
    return Line(f"办结反馈：{unit.zh}，{outcome.zh}", f"{unit.en} reports: {outcome.en}")


def of_rating(event: router.RatedAcceptable, _names: Names) -> Line:
    if event.excluded:
        return Line(
            f"企业评价 {event.score} 分，已批准剔除，结案",
            f"the firm rates {event.score} of 10; closed by an approved exclusion",
        )
    return Line(f"企业评价 {event.score} 分，结案", f"the firm rates {event.score} of 10; closed")


def of_bad_rating(event: router.RatedUnacceptable, _names: Names) -> Line:
    return Line(
        f"企业评价 {event.score} 分，不满意：{event.reason}",
        f"the firm rates {event.score} of 10, not satisfied: {event.reason}",
    )


def of_taking_over(event: router.AppealTakenOver, _names: Names) -> Line:
    found = CLOSED_BECAUSE[event.taken_from]
    return Line(f"接续办理：{found.zh}", f"taken over, {found.en}")


def of_merge(event: router.AppealMerged, _names: Names) -> Line:
    master = event.master.appeal_id
    return Line(f"并入主单 {master}：{event.reason}", f"merged into {master}: {event.reason}")


def of_refusal(event: router.ActionRefused, _names: Names) -> Line:
    return Line(
        f"操作被拒（{event.code}）：{event.message_zh}",
        f"action refused ({event.code}): {event.message_en}",
    )


ROUTER_LINES: Final[Mapping[type[Event], Teller]] = {
    router.AppealDispatched: of_dispatch,
    router.DispatchSigned: with_unit("签收", "signed for by"),
    router.DispatchAutoSigned: with_unit("视同签收", "counts as signed by"),
    router.OwnerNotFound: plain("请求人工定类", "a person's review is asked for"),
    router.ClassificationNoted: plain("定类已记，待指定主办", "item noted; a lead is to be named"),
    router.AppealTakenOver: of_taking_over,
    router.AppealAcceptedAnew: with_time(
        "转入分拨，期限自", "to be dispatched, from", "accepted_at"
    ),
    router.TransferNoted: plain("已转紧急渠道，不再派单", "transferred: nothing is dispatched"),
    router.ConfidentialitySet: with_words("保密设置", "secrecy", "reason"),
    router.Corrected: with_words("更正", "corrected", "note"),
    router.ActionRefused: of_refusal,
    router.ReturnRequested: with_words("退单申请", "return asked for", "explanation"),
    router.ReturnApproved: with_unit("同意退单", "return granted to"),
    router.ReturnDenied: with_words("驳回退单", "return denied", "reason"),
    router.DisputeOpened: plain("提请裁决", "dispute opened"),
    router.ProvisionalLeadNamed: with_unit("先办后议，暂由", "provisional lead:"),
    router.RulingIssued: with_unit("裁定主办", "ruled to lead:", "lead"),
    router.CatalogueChangeProposed: with_unit(
        "建议修订目录，主办", "catalogue change:", "lead_ruled"
    ),
    router.FirstContactMade: with_unit("首次联系", "firm contacted by"),
    router.InterimReplied: with_words("阶段答复", "interim reply", "reply"),
    router.MilestoneReported: with_words("进展报告", "progress report", "progress"),
    router.CoHandlerAdded: with_unit("加派协办", "co-handler added:"),
    router.CoHandlerReported: with_unit("协办反馈", "co-handler reports:"),
    router.InfoRequested: with_words("要求补充", "asked for more", "missing"),
    router.InfoSupplied: plain("补充完成", "the firm has supplied it"),
    router.InfoTimedOut: plain("逾期未补，视同撤回", "not supplied in time: as if withdrawn"),
    router.PlacedOnLedger: with_time(
        "挂账，下次报告", "on the ledger; report by", "next_report_at"
    ),
    router.LedgerReleased: with_words("销账恢复", "off the ledger", "reason"),
    router.ExtensionRequested: with_words("延期申请", "extension asked for", "reason"),
    router.ExtensionApproved: plain("同意延期", "extension granted"),
    router.ExtensionDenied: with_words("驳回延期", "extension denied", "reason"),
    router.LimitPassedNoted: plain("逾期已记", "overdue, noted"),
    router.ResultSubmitted: of_result,
    router.ResultRejected: plain("退回重填", "result rejected"),
    router.ResultApproved: plain("审核通过，待回访", "result approved; the firm will be asked"),
    router.CallbackAttempted: plain("回访未通", "callback reached nobody"),
    router.RatedAcceptable: of_rating,
    router.RatedUnacceptable: of_bad_rating,
    router.CallbackExhausted: plain("未评价，结案", "closed without a rating"),
    router.ExclusionProposed: with_words("剔除申请", "exclusion proposed", "reason"),
    router.ExclusionApproved: with_words("同意剔除", "exclusion approved", "reason"),
    router.ExclusionDenied: with_words("驳回剔除", "exclusion denied", "reason"),
    router.ReworkDispatched: with_unit("二次交办", "dispatched again to", "lead"),
    router.FinalRulingIssued: with_words("终结认定", "final ruling", "finding"),
    router.ReworkOrdered: with_words("责令重办", "rework ordered", "reason"),
    router.AppealReopened: with_words("重启", "reopened", "new_facts"),
    router.AppealMerged: of_merge,
    router.AppealUnmerged: plain("撤销并单", "unmerged"),
    router.MergeJoined: with_words("并入一件，共", "joined by one, in all", "appeals"),
    router.MergeDeclined: plain("并单不成", "merge declined"),
    router.MergeLeft: with_words("退出一件，余", "left by one, in all", "appeals"),
    router.ChildrenReleased: plain("主单了结，子单各自继续", "the master ended; children go on"),
    router.MasterClosed: plain("主单办结，待回访", "the master is done; the firm will be asked"),
    router.AppealWithdrawn: plain("撤诉", "withdrawn"),
    router.OrderIssued: with_words("交办单", "order issued", "number"),
    router.PlacedUnderOrder: with_words("列入交办单", "placed under order", "number"),
    router.OrderItemSettled: plain("交办问题了结", "settled under its order"),
    router.OrderProgressed: with_words("交办单已了结", "order progressed, settled", "settled"),
}
