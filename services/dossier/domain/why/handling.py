"""Why an appeal was returned, ruled, rejected, excluded or closed: what the deciders wrote down."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from libs.common.contracts import intake, router
from libs.common.contracts import intake_screening as screening
from libs.common.contracts.envelope import Event
from services.dossier.domain.clock_summaries import CLOCK
from services.dossier.domain.life.life import Life
from services.dossier.domain.lines import Line, local
from services.dossier.domain.router_lines import OUTCOME
from services.dossier.domain.why.reason import Ground, Reason, Words, ground

# Fields of events that say why, and what each is called.
CALLED: Final[Mapping[str, Line]] = {
    "reason": Line("理由", "reason"),
    "explanation": Line("说明", "explanation"),
    "legal_basis": Line("依据", "legal basis"),
    "legal_path_zh": Line("救济途径", "legal path"),
    "legal_path": Line("救济途径", "legal path"),
    "code": Line("编码", "code"),
    "ground": Line("事实", "ground"),
    "because": Line("缘由", "because"),
    "department": Line("单位", "department"),
    "suggested_owner": Line("建议单位", "suggested owner"),
    "window_ends_at": Line("退单期至", "window ends"),
    "returns": Line("退单次数", "returns granted"),
    "number": Line("次数", "number"),
    "clock": Line("时限", "clock"),
    "finding": Line("认定", "finding"),
    "evidence": Line("证据", "evidence"),
    "plan": Line("计划", "plan"),
    "next_report_at": Line("下次报告", "next report"),
    "new_facts": Line("新事实", "new facts"),
    "outcome": Line("结果", "outcome"),
    "score": Line("评分", "score"),
    "similarity": Line("相似度（万分）", "similarity in basis points"),
    "instructions": Line("要求", "instructions"),
    "knowledge_id": Line("知识库条目", "knowledge entry"),
    "rules_version": Line("规则版本", "rules"),
    "note": Line("备注", "note"),
    "tries": Line("回访次数", "tries"),
}
TOLD: Final[Mapping[type[Event], Line]] = {
    screening.AppealRejected: Line("不予受理", "not accepted"),
    screening.RejectionOverturned: Line("异议成立", "objection upheld"),
    intake.AnsweredAtIntake: Line("即时答复", "answered at once"),
    screening.InfoTimedOut: Line("逾期未补，视同撤回", "not supplied in time: as if withdrawn"),
    screening.EmergencyTransferred: Line("紧急转接", "transferred to an emergency service"),
    router.ReturnRequested: Line("退单申请", "return asked for"),
    router.ReturnApproved: Line("同意退单", "return granted"),
    router.ReturnDenied: Line("驳回退单", "return denied"),
    router.DisputeOpened: Line("提请裁决", "dispute opened"),
    router.ProvisionalLeadNamed: Line("先办后议", "provisional lead"),
    router.DispatchAutoSigned: Line("视同签收", "signed by itself"),
    router.ExtensionApproved: Line("同意延期", "extension granted"),
    router.ExtensionDenied: Line("驳回延期", "extension denied"),
    router.PlacedOnLedger: Line("挂账", "placed on the ledger"),
    router.ResultSubmitted: Line("办结反馈", "result reported"),
    router.ResultRejected: Line("退回重填", "result rejected"),
    router.RatedUnacceptable: Line("不满意", "rated unacceptable"),
    router.CallbackExhausted: Line("未评价结案", "closed without a rating"),
    router.ReworkDispatched: Line("二次交办", "second handling"),
    router.ReworkOrdered: Line("责令重办", "rework ordered"),
    router.FinalRulingIssued: Line("终结认定", "final ruling"),
    router.ExclusionApproved: Line("同意剔除", "left out of the rates"),
    router.AppealMerged: Line("并单", "merged"),
    router.AppealUnmerged: Line("撤销并单", "unmerged"),
    router.AppealReopened: Line("重启", "reopened"),
    router.InfoTimedOut: Line("逾期未补，视同撤回", "not supplied in time: as if withdrawn"),
}
UNITS: Final = frozenset({"department", "suggested_owner"})


def handling_reasons(life: Life, words: Words) -> Iterator[Reason]:
    for one in life.happenings:
        line = TOLD.get(one.event.__class__)
        if line is not None:
            yield Reason(
                subject="handling",
                what=line,
                at=one.time,
                said=one,
                grounds=(
                    ground("决定人", "decided by", f"{one.actor.unit}·{one.actor.id}"),
                    *grounds_of(one.event, words.of),
                ),
            )


def grounds_of(event: Any, called: Callable[[str], str]) -> Iterator[Ground]:  # noqa: ANN401 - any contract's event
    for name in event.__class__.model_fields:
        value = getattr(event, name)
        if name in CALLED and value is not None:
            line = CALLED[name]
            yield ground(line.zh, line.en, called(value) if name in UNITS else shown(value))


def shown(value: Any) -> str:  # noqa: ANN401 - any field's value
    if isinstance(value, datetime):
        return local(value)
    line = OUTCOME.get(value) or CLOCK.get(value) if isinstance(value, str) else None
    return f"{line.zh} {line.en}" if line else str(value)
