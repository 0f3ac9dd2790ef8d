"""What duties are called, and how a length of time is written."""

from typing import Final

from services.dossier.domain.ledger.segments import Duty
from services.dossier.domain.ledger.turns import FIRM, FOLLOWED
from services.dossier.domain.lines import Line, Names, named

DUTY: Final = {
    Duty.CLASSIFY: Line("定类", "classify"),
    Duty.DISPATCH: Line("派单", "dispatch"),
    Duty.SIGN: Line("签收", "sign"),
    Duty.HANDLE: Line("办理", "handle"),
    Duty.AWAIT_RETURN: Line("退单待审", "return under review"),
    Duty.AWAIT_RULING: Line("争议待裁", "dispute under ruling"),
    Duty.SUPPLEMENT: Line("补充材料", "supply more"),
    Duty.REVIEW_RESULT: Line("审核结果", "review the result"),
    Duty.CALL_BACK: Line("回访", "call back"),
    Duty.ORDER_REWORK: Line("交办重办", "order the rework"),
    Duty.REVIEW_FINALLY: Line("终结复核", "final review"),
    Duty.FOLLOW_MASTER: Line("随主单", "follows its master"),
    Duty.NONE: Line("已了结", "over"),
}
MINUTE: Final = 60
HOUR: Final = 3_600


def length(seconds: int) -> str:
    """To the second below an hour, else to the minute."""
    hours, rest = divmod(seconds, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"{hours}小时{minutes:02}分" if hours else f"{minutes}分{rest:02}秒"


def holder_name(names: Names, unit: str, person: str | None) -> str:
    if unit == FIRM:
        return "企业 firm"
    if unit.startswith(FOLLOWED):
        return f"主单 {unit.removeprefix(FOLLOWED)}"
    return f"{named(names, unit).zh}{f'·{person}' if person else ''}"
