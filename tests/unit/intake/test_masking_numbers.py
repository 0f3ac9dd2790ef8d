"""What has a shape is found always, however it is written and whatever stands around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.masking import Kind, KnownPersons, mask
from tests.unit.intake import generated

KINDS: tuple[tuple[Kind, st.SearchStrategy[str]], ...] = (
    (Kind.PHONE, generated.MOBILE_SPELLINGS),
    (Kind.PHONE, generated.LANDLINES),
    (Kind.DOCUMENT, generated.ID_CARD_SPELLINGS),
    (Kind.DOCUMENT, generated.PERMITS),
    (Kind.BANK_CARD, generated.BANK_CARD_SPELLINGS),
    (Kind.EMAIL, generated.EMAILS),
    (Kind.PLATE, generated.PLATES),
    (Kind.ACCOUNT, generated.ACCOUNTS),
)


@pytest.mark.parametrize(("kind", "values"), KINDS)
@given(data=st.data(), before=generated.WORDS, after=generated.WORDS)
def test_a_number_in_running_text_is_always_masked(
    kind: Kind, values: st.SearchStrategy[str], data: st.DataObject, before: str, after: str
) -> None:
    value = data.draw(values)
    shown = value.split("：")[-1].removeprefix("QQ ")
    masked = mask(f"{before}反映人{value}，{after}")
    assert shown not in masked.text
    assert [mark.kind for mark in masked.marks] == [kind]
    assert not any(
        sign.isdigit()
        for sign in masked.text.replace(str(masked.marks[0]), "|").split("|")[0][len(before) :]
    )


@given(values=st.lists(st.one_of([strategy for _, strategy in KINDS]), min_size=2, max_size=6))
def test_masking_twice_is_masking_once(values: list[str]) -> None:
    once = mask("、我的".join(values))
    assert mask(once.text).text == once.text
    assert mask(once.text).marks == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("打13800001234或+86 138-0000-1234都行", "打〔电话1〕或〔电话1〕都行"),
        ("先打13800001234，不通打13900001234", "先打〔电话1〕，不通打〔电话2〕"),
        ("13800001234 13900001234", "〔电话1〕 〔电话2〕"),
        ("Tel13800001234", "Tel〔电话1〕"),
        ("座机（0755）2700 1234", "座机〔电话1〕"),
        ("身份证：44030619900101112x", "身份证：〔证件1〕"),
        ("电话：27001234", "电话：〔电话1〕"),
        ("手机幺三八零零零零一二三四", "手机〔电话1〕"),
        ("1 3 8 0 0 0 0 1 2 3 4", "〔电话1〕"),
        ("身份证号码440306199001011111有误", "身份证号码〔证件1〕有误"),
        ("台胞证01234567", "台胞证〔证件1〕"),
        ("香港身份证A123456(7)", "香港身份证〔证件1〕"),
        ("粤BD12345和粤b·12345", "〔车牌1〕和〔车牌2〕"),
        ("加微信abc_2026x，QQ：12345678", "加微信〔账号1〕，QQ：〔账号2〕"),
        ("微信同号13800001234", "微信同号〔电话1〕"),
        ("发zhang.san@example.cn收", "发〔邮箱1〕收"),
    ],
)
def test_the_mark_replaces_the_number_and_nothing_else(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码91440306MA5FCT0X1P",
        "打12345、110、12315、95598都没用，400-820-0000也不通",
        "货款15000000000元，税13800000000.50元，￥13900000000",
        "2026年3月2日09:15，2026-03-02 09:15:20，20260302091520",
        "工单编号：440306202603020001，订单号13800001234，快递单号SF1380000123456",
        "合同编号 6222021234567890123，发票号码12345678",
        "注册资本5000万元，面积12000.5平方米，员工1200人",
        "工业园A栋3楼301室，创新大厦5栋1203室，西乡街道宝源路18号",
        "微信公众号深圳发布，微信支付20000元，wechat pay用不了",
        "区工业和信息化局、市场监督管理局、供电局、人力资源局",
        "型号B2C平台升级，GB/T 33358-2016，ISO9001，5G基站，380V",
        "PI 3.14159265358979，版本1.2.3.4.5.6.7.8，IP 192.168.100.100",
    ],
)
def test_what_is_public_or_a_thing_stays_readable(text: str) -> None:
    assert mask(text).text == text


def test_a_valid_enterprise_code_of_digits_alone_is_no_identity_card() -> None:
    assert mask("代码914403061234567185").text == "代码914403061234567185"


def test_the_contacts_own_number_is_found_in_a_spelling_without_a_shape() -> None:
    known = KnownPersons.of_contact(None, "2700-1234", None)
    assert mask("请打2700-1234找我", known).text == "请打〔电话1〕找我"


def test_the_values_are_kept_apart_from_every_printed_form() -> None:
    masked = mask("打13800001234")
    assert masked.marks[0].value == "13800001234"
    assert "13800001234" not in repr(masked)
    assert masked.counts() == {"电话": 1}
