"""Why a review command is refused, in the words that whoever asked will read."""

from libs.common.errors import RefusedError
from libs.common.ids import ItemCode


def unknown_appeal() -> RefusedError:
    return RefusedError(
        "unknown_appeal",
        "没有这件诉求，或消息键不是它的键。请核对诉求编号，并以待定类事件的键发送。",
        "no such appeal, or the record's key is not its key. Check the id and send with the key "
        "of the review event.",
    )


def not_in_review() -> RefusedError:
    return RefusedError(
        "not_in_review",
        "本件不在人工定类队列中。已派单的，请由主办单位申请退单；已撤诉或并单的，无需定类。",
        "this appeal is not in review. Once dispatched, its lead may ask to return it; a "
        "withdrawn or merged one needs no item.",
    )


def stale(expected: int, version: int) -> RefusedError:
    return RefusedError(
        "stale_version",
        f"您看到的是第 {expected} 版，现在是第 {version} 版。请刷新后再操作。",
        f"you saw version {expected}; it is {version} now. Look again, then decide.",
    )


def unknown_item(item: ItemCode, version: str) -> RefusedError:
    return RefusedError(
        "unknown_item",
        f"现行目录 {version} 中没有事项 {item}，请核对事项代码。",
        f"there is no item {item} in the catalogue {version} in force; check the code.",
    )


def not_the_proposal(proposed: ItemCode) -> RefusedError:
    return RefusedError(
        "not_the_proposal",
        f"模型建议的是 {proposed}。要改为其他事项，请用“更正”并写明理由。",
        f"the proposed item is {proposed}. To name another one, correct it and give the reason.",
    )


def nothing_to_correct(item: ItemCode) -> RefusedError:
    return RefusedError(
        "nothing_to_correct",
        f"{item} 与模型建议一致，或模型未提过建议，请用“确认”。",
        f"{item} is what was proposed, or nothing was; confirm it instead.",
    )


def personal_data() -> RefusedError:
    return RefusedError(
        "personal_data",
        "理由中疑似有电话、证件号或邮箱，请删去后再提交；事件永久保存，不能含个人信息。",
        "the reason seems to hold a telephone, identity number or address. Take it out: events "
        "are kept for ever and may hold no personal data.",
    )
