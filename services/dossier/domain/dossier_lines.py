"""What the dossier's own events and the facts of no appeal say to a person."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from libs.common.contracts import dossier, governance
from libs.common.contracts.envelope import Event
from services.dossier.domain.lines import Line

WHAT: Final = {
    "bundle": Line("证据包", "bundle"),
    "dossier": Line("一企一档", "dossier"),
    "appeal": Line("诉求档案", "appeal"),
    "appeals": Line("诉求收集表", "table of appeals"),
    "officers": Line("干部服务动态表", "table of services"),
    "progress": Line("问题进展表", "table of progress"),
    "report": Line("报告", "report"),
    "search": Line("检索", "search"),
    "explanation": Line("说明", "explanation"),
}


def of_export(event: dossier.Exported) -> Line:
    what, mark = WHAT[event.what], event.fingerprint[:16]
    return Line(
        f"导出{what.zh}（{event.purpose}），指纹 {mark}",
        f"{what.en} exported for {event.purpose}, fingerprint {mark}",
    )


def of_reading(event: dossier.Disclosed) -> Line:
    what = WHAT[event.what]
    return Line(f"查阅{what.zh}（{event.purpose}）", f"{what.en} read for {event.purpose}")


def of_verification(event: dossier.Verified) -> Line:
    if event.is_whole:
        return Line("核验：完整", "verified: whole")
    return Line("核验：不符", "verified: BROKEN")


def of_version(zh: str, en: str) -> Callable[[Any], Line]:
    return lambda event: Line(f"{zh} {event.version}", f"{en} {event.version}")


OWN_LINES: Final[Mapping[type[Event], Callable[[Any], Line]]] = {
    dossier.Exported: of_export,
    dossier.Disclosed: of_reading,
    dossier.Verified: of_verification,
    governance.ModelProposed: of_version("模型候选", "model proposed:"),
    governance.ModelActivated: of_version("模型启用", "model activated:"),
    governance.CatalogueVersionApplied: of_version("目录生效", "catalogue applied:"),
}
