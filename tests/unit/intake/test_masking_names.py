"""Names and homes have no shape: what the rules find, and how much, is measured here."""

import pytest

from services.intake.domain.masking import Kind, KnownPersons, mask

ZHANG = KnownPersons.of_contact("章小满", "13800001234", "云雀示例科技有限公司")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("章小满来过，他说章小满的厂停了", "〔姓名1〕来过，他说〔姓名1〕的厂停了"),
        ("云雀示例科技有限公司的章小满", "云雀示例科技有限公司的〔姓名1〕"),
    ],
)
def test_the_contact_is_masked_wherever_the_name_stands(text: str, expected: str) -> None:
    assert mask(text, ZHANG).text == expected


def test_an_enterprise_that_bears_its_owners_name_stays_readable() -> None:
    known = KnownPersons.of_contact("章小满", None, "章小满示例五金店")
    assert mask("章小满示例五金店由章小满开办", known).text == "章小满示例五金店由〔姓名1〕开办"


@pytest.mark.parametrize("name", ["经理", "人事部", "云雀示例科技有限公司", "李", "前台", " "])
def test_a_role_a_firm_or_a_surname_alone_is_no_name(name: str) -> None:
    assert KnownPersons.of_contact(name, None, None).names == ()


def test_a_contact_with_a_title_is_known_by_the_name() -> None:
    assert KnownPersons.of_contact("章小满女士", None, None).names == ("章小满",)


FOUND = [
    ("联系人张三，我叫李四，他叫秦大鹿", "联系人〔姓名1〕，我叫〔姓名2〕，他叫〔姓名3〕"),
    ("我叫针小宝，做箱包", "我叫〔姓名1〕，做箱包"),
    ("伤者姓名蒋阿六，已送医", "伤者姓名〔姓名1〕，已送医"),
    ("联系人章小满，电话晚上打", "联系人〔姓名1〕，电话晚上打"),
    ("联系人：章小满13800001234", "联系人：〔姓名1〕〔电话1〕"),
    ("我叫李小禾，做模具的", "我叫〔姓名1〕，做模具的"),
    ("我叫李禾做模具的", "我叫〔姓名1〕做模具的"),
    ("请找王先生或刘经理", "请找〔姓名1〕先生或〔姓名2〕经理"),
    ("欧阳小禾女士来电", "〔姓名1〕女士来电"),
    ("感谢王先生", "感谢〔姓名1〕先生"),
    ("免贵姓冼", "免贵姓〔姓名1〕"),
    ("法定代表人：诸葛小满。", "法定代表人：〔姓名1〕。"),
    ("房东陈小满不给开票", "房东〔姓名1〕不给开票"),
    ("我是赵小满，公司在石岩", "我是〔姓名1〕，公司在石岩"),
    ("负责人周满，说下周答复", "负责人〔姓名1〕，说下周答复"),
    ("姓名：阿依古丽·买买提", "姓名：〔姓名1〕"),
    ("联系人 John Smith 已回国", "联系人 〔姓名1〕 已回国"),
    ("联系人章小满。后来章小满又打过", "联系人〔姓名1〕。后来〔姓名1〕又打过"),
    ("员工吴小禾被欠薪，吴小禾已离职", "员工〔姓名1〕被欠薪，〔姓名1〕已离职"),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_a_name_that_a_label_or_a_title_announces_is_masked(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "负责人高度重视，联系人方便的话请回电",
        "新任经理不了解，周三、周五都可以；项目经理、客户经理、总经理、办公室主任、任何经理都不管",
        "对方总是推诿，为何总在月底断电",
        "我是石岩的，我是高管，本人关于补贴有疑问",
        "老百姓都知道，姓名和电话已登记",
        "小程序打不开，责任主任不在",
        "我叫了一车货，名叫好友的店",
        "业主委员会、员工宿舍、老板娘、房东不同意",
    ],
)
def test_words_that_only_look_like_names_stay(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("住在幸福花园3栋2单元501室", "住在幸福花园〔住址1〕"),
        ("家住西乡街道河西二坊12号", "家住西乡街道河西〔住址1〕"),
        ("翠湖小区12号楼1803", "翠湖小区〔住址1〕"),
        ("新村三巷5号402房的租客", "新村〔住址1〕的租客"),
        ("2单元1201房漏水", "〔住址1〕漏水"),
    ],
)
def test_the_part_of_an_address_that_singles_out_a_home_is_masked(text: str, expected: str) -> None:
    assert mask(text).text == expected


# Invented, and harder than the rules: without label or title, in the middle of a sentence.
HARD = [
    "昨天章小满和李小禾两个人到窗口排队",
    "材料交给了窗口的陈小满，她让我等通知",
    "微信上小禾说月底开票",
    "老吴跟阿强都可以作证",
    "代办的是周小满同志",
    "和王小禾签的合同",
    "押金在赵满手里",
    "请转告冯小禾律师",
    "孙小满（手机13800001234）",
    "此致，钱小禾",
]
HARD_NAMES = [
    "章小满",
    "李小禾",
    "陈小满",
    "小禾",
    "老吴",
    "阿强",
    "周小满",
    "王小禾",
    "赵满",
    "冯小禾",
    "孙小满",
    "钱小禾",
]


def test_the_recall_on_names_without_a_label_is_known_and_does_not_fall() -> None:
    masked = " ".join(mask(text).text for text in HARD)
    missed = [name for name in HARD_NAMES if name in masked]
    labelled = sum(Kind.NAME in {mark.kind for mark in mask(text).marks} for text, _ in FOUND)
    print(f"names with label or title: {labelled}/{len(FOUND)}; ", end="")  # noqa: T201
    print(f"without: {len(HARD_NAMES) - len(missed)}/{len(HARD_NAMES)}")  # noqa: T201
    assert labelled == len(FOUND)
    assert len(missed) <= 10
