"""Commands as the router takes them, from the few words in which the table speaks of them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from libs.common.contracts.actions import ACTION
from libs.common.contracts.classifier import Handover
from libs.common.contracts.router import StreamAddress
from libs.common.contracts.router.joining import MasterEnd
from libs.common.contracts.values import ClockName
from libs.common.ids import AppealId, DepartmentCode, ItemCode
from services.router.domain.commands import (
    Act,
    ComeBack,
    Dispatch,
    FollowMaster,
    JoinMaster,
    LeaveMaster,
    NoteTransfer,
    PassLimit,
    PlaceUnderOrder,
    RouterCommand,
    TakeBack,
    TakeInfo,
    TakeOver,
)
from tests.support.records import appeal, handover
from tests.unit.router.reference import Asked

APPEAL: Final = appeal(1)
MASTER: Final = appeal(2)
KEY: Final = "00000000-0000-0000-0000-0000000000e1"
CHILDREN: Final = {"c1": appeal(11), "c2": appeal(12)}
URGENT: Final[Handover] = handover().model_copy(update={"urgency": "urgent"})
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys(
        ("dispatch", "ask-review", "approve-return", "deny-return", "open-dispute"),
        ("dispatcher", "rx"),
    ),
    **dict.fromkeys(("merge", "unmerge"), ("dispatcher", "rx")),
    **dict.fromkeys(("name-provisional-lead", "issue-ruling"), ("arbiter", "rx")),
    **dict.fromkeys(("rate", "supply-info", "withdraw", "reopen"), ("firm", KEY)),
    "attempt-callback": ("seat", "rx"),
    **dict.fromkeys(
        [
            "approve-result",
            "reject-result",
            "place-on-ledger",
            "release-from-ledger",
            "approve-extension",
            "deny-extension",
            "approve-exclusion",
            "deny-exclusion",
            "dispatch-rework",
            "issue-final-ruling",
            "order-rework",
            "set-confidentiality",
            "correct-record",
            "issue-order",
        ],
        ("supervisor", "qdc"),
    ),
}
OFFICES: Final = {"qdc": "supervisor", "rx": "dispatcher"}
FREE: Final[Mapping[str, dict[str, object]]] = {
    "request-return": {
        "reason": "not_our_duty",
        "explanation": "线路归用户",
        "legal_basis": "规则",
    },
    "deny-return": {"reason": "属本单位职责"},
    "reply-interim": {"reply": "正在处理"},
    "report-co-handling": {"opinion": "已核实"},
    "request-info": {"missing": "户号"},
    "supply-info": {"supplied": "户号已补"},
    "release-from-ledger": {"reason": "条件已具备"},
    "request-extension": {"reason": "需现场勘察", "legal_basis": "规则"},
    "deny-extension": {"reason": "理由不足"},
    "propose-exclusion": {"reason": "诉求超出职责", "legal_basis": "规则"},
    "deny-exclusion": {"reason": "不符合条件"},
    "reject-result": {"reason": "off_topic"},
    "issue-final-ruling": {"finding": "已履职", "evidence": "记录", "legal_path": "行政复议"},
    "order-rework": {"reason": "未核实"},
    "reopen": {"new_facts": "再次停电"},
    "unmerge": {"reason": "不是同一件"},
    "set-confidentiality": {"level": "confidential", "reason": "企业要求"},
    "correct-record": {"corrects": str(UUID(int=1)), "field": "contacted_at", "note": "更正"},
}


def fields_of(a: Asked) -> dict[str, object]:
    """What an action says beside who asks it."""
    report_at = a.now + timedelta(days=a.report_in_days)
    contacted_at = a.now + timedelta(hours=1 if a.is_future_contact else -1)
    item = "ZZZ-99" if a.is_bad_item else "PUB-01"
    varied: Mapping[str, dict[str, object]] = {
        "dispatch": {"item": item, "lead": a.named},
        "name-provisional-lead": {"department": a.named, "reason": "先办"},
        "issue-ruling": {"lead": a.named, "item": item, "reason": "裁定", "legal_basis": "三定"},
        "record-contact": {"contacted_at": contacted_at, "way": "phone"},
        "report-milestone": {"progress": "推进中", "next_report_at": report_at},
        "place-on-ledger": {"reason": "待扩容", "plan": "四月完成", "next_report_at": report_at},
        "add-co-handler": {"department": a.named, "task": "核实"},
        "submit-result": {
            "outcome": a.outcome,
            "contacted_at": contacted_at,
            "public_reply": "已恢复供电",
            "legal_basis": "规则" if a.has_basis else None,
        },
        "rate": {"score": a.score, "reason": "没有解决" if a.has_reason else None},
        "dispatch-rework": {"lead": a.named, "instructions": "重新核实"},
        "merge": {
            "master": str(APPEAL if a.is_itself else MASTER),
            "master_key": KEY if a.has_master_key else None,
            "reason": "同一停电",
        },
    }
    return {**FREE.get(a.command, {}), **varied.get(a.command, {})}


def actor_of(a: Asked) -> dict[str, str]:
    kind, unit = KINDS.get(a.command, ("department", a.unit))
    if a.command in {"add-co-handler", "propose-exclusion"}:
        kind = OFFICES.get(a.unit, "department")
    if a.is_wrong_firm and kind == "firm":
        unit = "another firm"
    if a.is_wrong_role:
        kind = "officer"
    return {"kind": kind, "id": a.person, "unit": unit}


def act(a: Asked, version: int, appeal_id: AppealId = APPEAL, key: str = KEY) -> Act:
    fields = fields_of(a)
    if "department" not in fields and a.command not in KINDS and a.command != "propose-exclusion":
        fields["department"] = a.department
    said: dict[str, Any] = {
        "action": a.command,
        "command_id": "c",
        "appeal_id": appeal_id,
        "actor": actor_of(a),
        "expected_version": version - 1 if a.is_stale else version,
        **fields,
    }
    return Act(action=ACTION.validate_python(said), key=key, now=a.now)


def limit(a: Asked, clock: ClockName) -> PassLimit:
    passed_at = a.limit_at or a.now
    return PassLimit(appeal_id=APPEAL, clock=clock, deadline_version=1, passed_at=passed_at)


def master_ended(a: Asked, because: MasterEnd) -> FollowMaster:
    return FollowMaster(
        appeal_id=APPEAL,
        key=KEY,
        master=StreamAddress(appeal_id=MASTER, key=KEY),
        because=because,
        lead=DepartmentCode("gdj"),
        ended_at=a.now,
    )


def child_of(a: Asked) -> StreamAddress:
    return StreamAddress(appeal_id=CHILDREN[a.child], key=KEY)


def joining(a: Asked, given: Handover) -> JoinMaster:
    return JoinMaster(
        appeal_id=APPEAL,
        key=KEY,
        child=child_of(a),
        accepted_at=given.accepted_at,
        urgency=given.urgency,
        resolve_due=None,
    )


def ordered(a: Asked) -> PlaceUnderOrder:
    order_id = CHILDREN[a.child]
    return PlaceUnderOrder(
        appeal_id=APPEAL, key=KEY, order_id=order_id, number="JB-1", placed_at=a.now
    )


HEARD: Final[Mapping[str, Callable[[Asked, Handover], RouterCommand]]] = {
    "named": lambda a, h: Dispatch(
        appeal_id=APPEAL, item=ItemCode("PUB-01"), handover=h, now=a.now
    ),
    "answered": lambda a, h: TakeOver(
        appeal_id=APPEAL, taken_from="answered_at_intake", taken_at=a.now, handover=h
    ),
    "solved-on-site": lambda a, h: TakeOver(
        appeal_id=APPEAL, taken_from="resolved_on_site", taken_at=a.now, handover=h
    ),
    "transferred": lambda a, _: NoteTransfer(appeal_id=APPEAL, transferred_at=a.now),
    "forwarded-withdrawal": lambda a, _: TakeBack(
        appeal_id=APPEAL, reason="已解决", withdrawn_at=a.now, key=KEY
    ),
    "forwarded-info": lambda a, _: TakeInfo(
        appeal_id=APPEAL, supplied="户号已补", supplied_at=a.now
    ),
    "limit-sign": lambda a, _: limit(a, "sign"),
    "limit-supplement": lambda a, _: limit(a, "supplement"),
    "limit-callback": lambda a, _: limit(a, "callback"),
    "limit-resolve": lambda a, _: limit(a, "resolve"),
    "child-joins": joining,
    "child-leaves": lambda a, _: LeaveMaster(appeal_id=APPEAL, key=KEY, child=child_of(a)),
    "master-declines": lambda a, _: ComeBack(
        appeal_id=APPEAL, key=KEY, master=MASTER, declined_at=a.now
    ),
    "master-closes": lambda a, _: master_ended(a, "closed"),
    "master-withdrawn": lambda a, _: master_ended(a, "withdrawn"),
    "ordered": lambda a, _: ordered(a),
}


def command_of(a: Asked, version: int, given: Handover) -> RouterCommand:
    heard = HEARD.get(a.command)
    return heard(a, given) if heard else act(a, version)
