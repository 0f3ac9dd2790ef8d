"""Why a command is refused, in the words that whoever asked will read."""

from libs.common.errors import RefusedError
from libs.common.ids import DepartmentCode


def unknown_appeal() -> RefusedError:
    return RefusedError(
        "unknown_appeal",
        "没有这件诉求，或消息键不是它的键。请核对诉求编号，并以派单事件的键发送。",
        "no such appeal, or the record's key is not its key. Check the id and send with the key "
        "of the dispatch event.",
    )


def not_now(state: str, action: str) -> RefusedError:
    return RefusedError(
        "illegal_in_state",
        f"诉求当前处于“{state}”，不能执行“{action}”。请先查询最新进展。",
        f"the appeal is in {state}, where {action} is not possible. Look at its progress first.",
    )


def not_the_lead(department: DepartmentCode, lead: DepartmentCode) -> RefusedError:
    return RefusedError(
        "not_the_lead",
        f"{department} 不是本件的主办单位，主办单位是 {lead}。",
        f"{department} does not lead this appeal; {lead} does.",
    )


def stale(expected: int, version: int) -> RefusedError:
    return RefusedError(
        "stale_version",
        f"您看到的是第 {expected} 版，现在是第 {version} 版。请刷新后再操作。",
        f"you saw version {expected}; it is {version} now. Look again, then decide.",
    )


def missing_basis() -> RefusedError:
    return RefusedError(
        "missing_basis",
        "“无法解决”必须写明依据。",
        "a result that says unsolvable must name its legal basis.",
    )


def too_low(score: int) -> RefusedError:
    return RefusedError(
        "score_too_low",
        f"评分 {score} 属于不满意，需走不满意流程，不能按满意结案。",
        f"a score of {score} is not acceptance, so it can not close the appeal.",
    )


def not_the_firm() -> RefusedError:
    return RefusedError(
        "not_the_firm",
        "只有企业本身或回访人员可以评价。",
        "only the firm itself or the callback agent can rate.",
    )
