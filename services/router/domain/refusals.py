"""Why a command is refused, in the words that whoever asked will read."""

from collections.abc import Mapping
from typing import Final

from libs.common.errors import RefusedError

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_appeal": (
        "没有这件诉求，或消息键不是它的键。请核对诉求编号，并以派单事件的键发送。",
        "no such appeal, or not under this key. Check the id, and the key of its events.",
    ),
    "illegal_in_state": (
        "诉求当前处于“{state}”，不能执行“{action}”。请先查询最新进展。",
        "the appeal is in {state}, where {action} is not possible. Look at its progress first.",
    ),
    "stale_version": (
        "您看到的是第 {expected} 版，现在是第 {version} 版。请刷新后再操作。",
        "you saw version {expected}; it is {version} now. Look again, then decide.",
    ),
    "not_your_role": (
        "“{action}”不由该角色办理，应由以下角色之一提出：{kinds}。",
        "{action} is not for this role; one of these may ask it: {kinds}.",
    ),
    "not_your_unit": (
        "操作人所在单位不是 {department}，不能代其办理。请由该单位的人员提出。",
        "the actor is not of {department} and can not act for it. Somebody of that unit may.",
    ),
    "not_the_firm": (
        "只有提出诉求的企业本身或回访人员可以这样做。",
        "only the firm itself, or the callback agent for it, can do this.",
    ),
    "not_the_lead": (
        "{department} 不是本件的主办单位，主办单位是 {lead}。",
        "{department} does not lead this appeal; {lead} does.",
    ),
    "personal_data": (
        "“{field}”中有手机号、身份证号或邮箱。事件长期保存，请删去或改写后再提交。",
        "{field} holds a mobile number, an identity card or an e-mail address; take it out.",
    ),
    "window_closed": (
        "退单期限已于 {until} 截止，请继续办理，确有争议的请申请协办或延期。",
        "it could be returned until {until}; go on with it, and ask for help or time if needed.",
    ),
    "return_denied": (
        "退单已被驳回，不能再次退单，请继续办理。",
        "its return was denied, which binds: go on with it.",
    ),
    "ruled": (
        "裁定为终局，不能退单，请继续办理。",
        "a ruling is final and can not be returned: go on with it.",
    ),
    "rework": (
        "二次交办件不能退单，请继续办理。",
        "a rework can not be returned: go on with it.",
    ),
    "excluded_lead": (
        "{department} 的退单已获同意，不能再作主办。请另选单位。",
        "{department} was let go by an approved return and can not lead. Name another.",
    ),
    "unknown_item": (
        "现行目录中没有事项 {item}。请核对事项编码。",
        "the catalogue in force has no item {item}. Check the code.",
    ),
    "unknown_department": (
        "没有单位 {department}。请核对单位编码。",
        "there is no department {department}. Check the code.",
    ),
    "already_handles": (
        "{department} 已是本件的主办或协办单位。",
        "{department} leads this appeal or helps with it already.",
    ),
    "not_a_co_handler": (
        "{department} 不是本件尚未反馈的协办单位。",
        "{department} is no co-handler of this appeal that still has to report.",
    ),
    "co_handlers_missing": (
        "以下协办单位尚未反馈：{departments}。全部反馈后方可办结。",
        "these co-handlers have not reported: {departments}. All must, before it can be closed.",
    ),
    "contact_in_future": (
        "联系时间晚于现在，请核对。",
        "the time of contact is after now; check it.",
    ),
    "missing_basis": (
        "“无法解决”必须写明依据。",
        "a result that says unsolvable must name its legal basis.",
    ),
    "no_more_rounds": (
        "要求补充最多 {rounds} 次，已用完。请按现有材料办理。",
        "the firm can be asked {rounds} times, and was. Work with what there is.",
    ),
    "bad_report_date": (
        "下次报告时间须在现在之后、{days} 天之内。",
        "the next report must be after now and within {days} days.",
    ),
    "already_overdue": (
        "办结时限已过，不能再申请延期。",
        "the time limit has passed already; no extension can be asked for.",
    ),
    "extension_pending": (
        "已有一次延期申请待审批，请等待结果。",
        "an extension waits for its decision already.",
    ),
    "no_more_extensions": (
        "延期最多 {times} 次，已用完。",
        "it can be extended {times} times, and was.",
    ),
    "no_extension_pending": (
        "没有待审批的延期申请。",
        "no extension waits for a decision.",
    ),
    "missing_reason": (
        "评分 {score} 属于不满意，请写明原因，以便重新办理。",
        "a score of {score} is not acceptance: say why, so that it can be done again.",
    ),
    "exclusion_pending": (
        "剔除申请已提出或已获同意。",
        "an exclusion waits for its decision, or was approved.",
    ),
    "no_exclusion_pending": (
        "没有待审批的剔除申请。",
        "no exclusion waits for a decision.",
    ),
    "same_person": (
        "提出人不能自己审批，请由另一人办理。",
        "who proposed it can not decide it; another person must.",
    ),
    "already_ordered": (
        "责令重办只能一次，请作出终结认定。",
        "a rework can be ordered once; issue a final ruling.",
    ),
    "no_lead": (
        "本件没有主办单位，请指定一个。",
        "the appeal has no lead; name one.",
    ),
    "too_late_to_reopen": (
        "结案已超过 {days} 天，不能重启。请提出新的诉求，并注明原诉求编号。",
        "it was closed more than {days} days ago. Submit a new appeal and name the old one.",
    ),
    "merge_with_itself": (
        "不能与自身并单。",
        "an appeal can not be merged with itself.",
    ),
    "is_master": (
        "本件是主单，不能再并入他件。请先撤销并单。",
        "other appeals have joined this one, so it can not join another. Unmerge them first.",
    ),
    "missing_master_key": (
        "请写明主单的消息键（master_key）。",
        "name the key of the master's events (master_key).",
    ),
    "master_not_live": (
        "主单处于“{state}”，不能并入。请选择仍在办理的诉求作主单。",
        "the master is {state}, so nothing can join it. Choose one that is still open.",
    ),
    "order_exists": (
        "该编号的交办单已经下达。",
        "an order of this id was issued already.",
    ),
}


def refused(code: str, **words: object) -> RefusedError:
    zh, en = WORDS[code]
    return RefusedError(code, zh.format_map(words), en.format_map(words))
