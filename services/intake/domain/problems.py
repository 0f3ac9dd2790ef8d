"""What is wrong with an input and what to do, in two languages, without repeating the input."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from libs.common.contracts.inbound import Submission, SubmittedContact, SubmittedEnterprise


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is a path of our own model, such as `contact.phone`; never what was sent."""

    field: str
    code: str
    message_zh: str
    message_en: str


MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "missing": ("缺少必填项，请补充", "is required; fill it in"),
    "empty": ("内容为空，请填写", "is empty; fill it in"),
    "too_long": ("内容过长，请缩短", "is too long; shorten it"),
    "type": ("数据类型不对，请按接口文档填写", "has the wrong type; see the API document"),
    "value": (
        "不在允许的取值之内，请按接口文档填写",
        "is not an allowed value; see the API document",
    ),
    "signs": ("含有不允许的控制字符，请删除", "holds control characters; remove them"),
    "unicode": (
        "含有残缺的字符（孤立代理项），请修正编码",
        "holds half characters (lone surrogates); mend the encoding",
    ),
    "unknown_field": ("有无法识别的字段，请核对字段名", "has an unknown field; check its name"),
    "json": (
        "不是合法的 UTF-8 JSON，请检查编码和格式",
        "is not valid UTF-8 JSON; check encoding and syntax",
    ),
    "time": (
        "时间无法识别，请用 2026-03-02T09:15:00+08:00",
        "is not a time; write 2026-03-02T09:15:00+08:00",
    ),
    "cell_time": (
        "时间无法识别，请写成 2026-03-02 09:15:00",
        "is not a time; write 2026-03-02 09:15:00",
    ),
    "urgency_unknown": ("紧急程度应为普通或加急", "must be 普通 (normal) or 加急 (urgent)"),
    "kind_unknown": (
        "诉求类型应为诉求、投诉、咨询或建议",
        "must be 诉求, 投诉, 咨询 or 建议 (request, complaint, inquiry, suggestion)",
    ),
    "channel_unknown": (
        "渠道应为 12345热线、政企平台、小程序、挂点走访、来信或转办",
        "must be 12345热线, 政企平台, 小程序, 挂点走访, 来信 or 转办",
    ),
    "number_rounded": (
        "号码被表格改成了科学计数，末几位已丢失，请把该列设为文本后重新填写",
        "was turned into a rounded number by the sheet; format the column as text, type it again",
    ),
    "row_unreadable": (
        "此行无法读取，可能有未配对的引号，请核对",
        "can not be read, perhaps for an unclosed quotation mark; check the row",
    ),
    "time_zone": ("时间缺少时区，请加上 +08:00", "has no time zone; add +08:00"),
    "time_future": ("时间晚于现在，请核对", "lies in the future; check it"),
    "time_too_old": ("时间早于二十年前，请核对", "is more than twenty years old; check it"),
    "text_too_large": (
        "脱敏后内容超过 240000 字节，请分成几件提交或改用附件",
        "is over 240,000 bytes once masked; split it or attach it",
    ),
    "uscc_length": ("统一社会信用代码应为 18 位，请核对", "must have 18 signs; check the licence"),
    "uscc_old_number": (
        "这是 15 位的旧注册号，请填写 18 位统一社会信用代码",
        "is an old 15-digit number; give the 18-sign code",
    ),
    "uscc_alphabet": (
        "统一社会信用代码只含数字和大写字母，且不含 I、O、S、V、Z，请核对是否与 1、0、5、2 混淆",
        "may hold digits and letters except I, O, S, V, Z; look for 1, 0, 5 or 2 misread",
    ),
    "uscc_shape": (
        "统一社会信用代码第 3 至 8 位应为数字（行政区划），请核对",
        "must have digits in places 3 to 8; check the licence",
    ),
    "uscc_check_digit": (
        "统一社会信用代码的校验位不符，可能有一位抄错，请核对",
        "fails its check digit, so one sign may be wrong; check the licence",
    ),
    "phone": (
        "电话格式不对，请填 11 位手机号或带区号的固定电话",
        "is no phone number; give 11 digits, or a landline with its area code",
    ),
    "email": ("邮箱格式不对，请核对", "is no e-mail address; check it"),
    "sub_district_unknown": (
        "街道不在本区街道名单中，请填写名单中的名称或代码",
        "is not a sub-district of this district; use a name or code of the list",
    ),
}

# pydantic's own error types; what is not here is of the wrong type or not an allowed value.
CODES: Final = {
    "missing": "missing",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "signs",
    "string_unicode": "unicode",
    "literal_error": "value",
    "extra_forbidden": "unknown_field",
    "json_invalid": "json",
    "timezone_aware": "time_zone",
    "datetime_parsing": "time",
    "datetime_from_date_parsing": "time",
    "datetime_type": "time",
    "datetime_object_invalid": "time",
}
KNOWN_NAMES: Final = (
    Submission.model_fields.keys()
    | SubmittedContact.model_fields.keys()
    | SubmittedEnterprise.model_fields.keys()
)


def problem(field: str, code: str) -> Problem:
    message_zh, message_en = MESSAGES[code]
    return Problem(field, code, message_zh, message_en)


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """Only types and places are read from pydantic's error: its texts can repeat the input."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return tuple(
        problem(field_of(detail["loc"]), code_of(detail["type"], detail["loc"]))
        for detail in details
    )


def code_of(error_type: str, place: tuple[int | str, ...]) -> str:
    code = CODES.get(error_type, "type")
    return "value" if code == "signs" and place[-1:] == ("channel",) else code


def field_of(place: Iterable[int | str]) -> str:
    """A name that the sender invented is left out: it could be personal data itself."""
    parts = [str(part) for part in place if isinstance(part, int) or part in KNOWN_NAMES]
    return ".".join(parts)
