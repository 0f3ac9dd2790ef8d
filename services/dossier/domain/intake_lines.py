"""What intake's events say to a person."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from libs.common.contracts import intake
from libs.common.contracts import intake_register as register
from libs.common.contracts import intake_screening as screening
from libs.common.contracts import intake_vault as vault
from libs.common.contracts.envelope import Event
from services.dossier.domain.lines import Line, local

URGENCY: Final = {"normal": Line("常态", "normal"), "urgent": Line("加急", "urgent")}
SECRECY: Final = {
    "normal": Line("公开", "open"),
    "confidential": Line("保密件", "confidential"),
    "whistleblower": Line("举报", "report of wrongdoing"),
}


def of_submitted(event: intake.AppealSubmitted) -> Line:
    return Line(f"诉求提交：{event.title}（{event.channel}）", f"submitted through {event.channel}")


def of_accepted(event: intake.AppealAccepted) -> Line:
    urgency, since = URGENCY[event.urgency], local(event.accepted_at)
    return Line(
        f"受理：{urgency.zh}，自 {since} 起算",
        f"accepted as {urgency.en}; limits run from {since}",
    )


def of_rejected(event: screening.AppealRejected) -> Line:
    return Line(
        f"不予受理（{event.code}）：{event.legal_path_zh}",
        f"not accepted ({event.code}): {event.legal_path_en}",
    )


def of_code(zh: str, en: str) -> Callable[[Any], Line]:
    return lambda event: Line(f"{zh}（{event.code}）", f"{en} ({event.code})")


def of_receiver(zh: str, en: str) -> Callable[[Any], Line]:
    return lambda event: Line(f"{zh} {event.receiver}", f"{en} {event.receiver}")


def of_officer(zh: str, en: str) -> Callable[[Any], Line]:
    return lambda event: Line(f"{zh} {event.officer_id}", f"{en} {event.officer_id}")


def of_reason(zh: str, en: str) -> Callable[[Any], Line]:
    return lambda event: Line(f"{zh}：{event.reason}", f"{en}: {event.reason}")


def of_secrecy(event: intake.ConfidentialitySet) -> Line:
    found = SECRECY[event.confidentiality]
    return Line(f"密级：{found.zh}", f"secrecy: {found.en}")


def of_reading(event: vault.VaultDisclosed) -> Line:
    fields = "、".join(event.fields)
    return Line(f"查阅原文：{fields}（{event.purpose}）", f"vault read: {fields} ({event.purpose})")


def of_refusal(event: intake.IntakeActionRefused) -> Line:
    return Line(
        f"操作被拒（{event.code}）：{event.message_zh}",
        f"action refused ({event.code}): {event.message_en}",
    )


def plain(zh: str, en: str) -> Callable[[Any], Line]:
    return lambda _: Line(zh, en)


INTAKE_LINES: Final[Mapping[type[Event], Callable[[Any], Line]]] = {
    intake.AppealSubmitted: of_submitted,
    intake.AppealAccepted: of_accepted,
    intake.AnsweredAtIntake: lambda e: Line(
        f"即时答复（知识库 {e.knowledge_id}）", f"answered at once from {e.knowledge_id}"
    ),
    intake.ResolvedOnSite: of_officer("现场即办：挂点干部", "resolved on site by officer"),
    screening.InfoRequested: lambda e: Line(
        f"要求补充（第 {e.round} 轮）：{e.missing}", f"asked for more, round {e.round}: {e.missing}"
    ),
    screening.InfoSupplied: plain("补充完成", "the firm has supplied it"),
    screening.InfoTimedOut: plain("逾期未补，视同撤回", "not supplied in time: as if withdrawn"),
    screening.SupplementForwarded: plain("补充转达承办单位", "supplement passed on to the holder"),
    screening.RejectionProposed: of_code("拟不予受理", "rejection proposed"),
    screening.RejectionDeclined: of_code("不同意不予受理", "rejection declined"),
    screening.AppealRejected: of_rejected,
    screening.ObjectionRaised: plain("提出异议", "objection raised"),
    screening.RejectionOverturned: of_code("异议成立", "objection upheld, rejection overturned"),
    screening.RejectionUpheld: of_code("异议不成立", "rejection upheld"),
    screening.EmergencyOffered: of_receiver("拟转", "offered to"),
    screening.EmergencyDeclined: of_receiver("未接收", "declined by"),
    screening.EmergencyTransferred: of_receiver("已转", "transferred to"),
    intake.AppealWithdrawn: plain("撤诉", "withdrawn"),
    intake.WithdrawalForwarded: plain("撤诉转达承办单位", "withdrawal passed on to the holder"),
    intake.AppealLinked: lambda e: Line(f"关联企业：{e.uscc}", f"linked to {e.uscc}"),
    intake.AppealAdopted: lambda e: Line(
        f"归入一企一档：{e.appeal_id}", f"taken into the file: {e.appeal_id}"
    ),
    intake.ConfidentialitySet: of_secrecy,
    intake.IntakeActionRefused: of_refusal,
    register.EnterpriseRegistered: plain("企业入库", "firm registered"),
    register.EnterpriseUpdated: plain("企业信息变更", "firm's data changed"),
    register.OfficerAssigned: of_officer("挂点", "liaison officer assigned:"),
    register.OfficerRelieved: of_officer("解除挂点", "liaison officer relieved:"),
    vault.VaultDisclosed: of_reading,
    vault.PersonalDataErased: plain("个人信息已删除", "personal data erased"),
}
