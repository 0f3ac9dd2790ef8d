"""Why intake refuses a command, in the words that whoever asked will read."""

from libs.common.errors import RefusedError


def unknown_appeal() -> RefusedError:
    return RefusedError(
        "unknown_appeal",
        "没有这件诉求，或消息键不是它的键。请核对诉求编号，并以提交事件的键发送。",
        "no such appeal, or the record's key is not its key. Check the id and send with the key "
        "of the submission's event.",
    )


def not_now(state: str, action: str) -> RefusedError:
    return RefusedError(
        "illegal_in_state",
        f"诉求在受理环节处于“{state}”，不能执行“{action}”。请先查询最新进展。",
        f"at intake the appeal is {state}, where {action} is not possible. Look at its progress "
        "first.",
    )


def stale(expected: int, version: int) -> RefusedError:
    return RefusedError(
        "stale_version",
        f"您看到的是第 {expected} 版，现在是第 {version} 版。请刷新后再操作。",
        f"you saw version {expected}; it is {version} now. Look again, then decide.",
    )


def not_allowed(kind: str) -> RefusedError:
    return RefusedError(
        "not_allowed",
        f"“{kind}”身份不能执行此操作，请由有权限的人员办理。",
        f"a {kind} may not do this; let somebody do it who may.",
    )


def not_your_appeal() -> RefusedError:
    return RefusedError(
        "not_your_appeal",
        "这件诉求不属于该企业或提交方，不能代为操作。",
        "this appeal is not one of this firm or producer.",
    )


def same_person() -> RefusedError:
    return RefusedError(
        "same_person",
        "须由另一名人员办理：提出人、确认人不能由同一人担任，异议也不能由原经办人裁定。",
        "another person must do this: who proposed it can not confirm it, and who rejected can "
        "not judge the objection.",
    )


def rounds_used(most: int) -> RefusedError:
    return RefusedError(
        "rounds_used",
        f"要求补充最多 {most} 次，已用完。请受理，或按规定提出不予受理。",
        f"more can be asked for {most} times, and that is used up. Accept it, or propose a "
        "rejection.",
    )


def nothing_open(what_zh: str, what_en: str) -> RefusedError:
    return RefusedError(
        "nothing_open",
        f"没有待处理的{what_zh}。请先查询最新进展。",
        f"there is no open {what_en}. Look at the progress first.",
    )


def already_open(what_zh: str, what_en: str) -> RefusedError:
    return RefusedError(
        "already_open",
        f"已有待处理的{what_zh}，请先处理它。",
        f"there is an open {what_en} already; settle that first.",
    )


def objection_used() -> RefusedError:
    return RefusedError(
        "objection_used",
        "每件诉求只能提出一次异议、纠正一次；请按告知的法定途径办理。",
        "one objection and one correction is all there is; take the legal path that was told.",
    )


def not_an_inquiry() -> RefusedError:
    return RefusedError(
        "not_an_inquiry",
        "只有咨询类可以即时答复；其他诉求请受理后派单。",
        "only an inquiry can be answered at once; accept the others, so that they are dispatched.",
    )


def not_the_officer() -> RefusedError:
    return RefusedError(
        "not_the_officer",
        "您不是该企业的挂点干部，请由挂点干部登记现场办理。",
        "you are not this firm's liaison officer; the officer records what was done on site.",
    )


def not_the_receiver() -> RefusedError:
    return RefusedError(
        "not_the_receiver",
        "只有被呼叫的 110、119、120 或 122 自己可以确认或拒绝接收。",
        "only the receiver that was called, 110, 119, 120 or 122, can answer.",
    )


def already_linked() -> RefusedError:
    return RefusedError(
        "already_linked",
        "这件诉求已归入另一家企业的档案，不能再关联。",
        "this appeal already stands in another enterprise's file.",
    )


def only_supervisor_lifts() -> RefusedError:
    return RefusedError(
        "only_supervisor_lifts",
        "降低保密级别须由督查人员办理。",
        "only a supervisor may lower the confidentiality.",
    )


def text_too_large() -> RefusedError:
    return RefusedError(
        "text_too_large",
        "补充后的内容过长，请缩短，或另行提交。",
        "with this the text is too long; shorten it, or send it as an appeal of its own.",
    )


def too_many_supplements(most: int) -> RefusedError:
    return RefusedError(
        "too_many_supplements",
        f"受理后的补充最多 {most} 次，已用完；请另行提交。",
        f"after acceptance {most} supplements can be added, and that is used up.",
    )


def visit_in_future() -> RefusedError:
    return RefusedError(
        "visit_in_future",
        "现场办理时间晚于现在，请核对。",
        "the visit lies in the future; check its time.",
    )


def enterprise_known() -> RefusedError:
    return RefusedError(
        "enterprise_known",
        "该企业已入库，请用“变更”修改。",
        "this enterprise is registered already; update it instead.",
    )


def enterprise_unknown() -> RefusedError:
    return RefusedError(
        "enterprise_unknown",
        "该企业尚未入库，请先登记。",
        "this enterprise is not registered; register it first.",
    )


def has_officer(officer_id: str) -> RefusedError:
    return RefusedError(
        "has_officer",
        f"该企业已由 {officer_id} 挂点，请先解除。",
        f"{officer_id} follows this enterprise; relieve that officer first.",
    )


def no_such_officer() -> RefusedError:
    return RefusedError(
        "no_such_officer",
        "该干部没有挂点这家企业，请核对编号。",
        "this officer does not follow this enterprise; check the number.",
    )
