"""What masking leaves: names that no label, no title and no contact field announces."""

from typing import Final

from services.intake.domain.masking import KnownPersons, mask

NAMES: Final = (
    "章小满",
    "秦大鹿",
    "吴小禾",
    "陈阿六",
    "李禾",
    "周满",
    "欧阳小禾",
    "诸葛小满",
    "赵澜",
    "孙小宝",
)
ANNOUNCED: Final = (
    "联系人{name}，电话晚上打",
    "我叫{name}，做箱包",
    "请找{name}经理",
    "{name}女士来电",
    "负责人：{name}。",
    "员工{name}被欠薪",
)
UNANNOUNCED: Final = (
    "昨天{name}到现场看过",
    "{name}说下周答复",
    "这件事一直由{name}跟进",
    "上周和{name}谈过两次",
    "把材料交给了{name}",
    "{name}、保安队都在场",
)


def masked_share(templates: tuple[str, ...], *, known: bool = False) -> tuple[int, int]:
    """How many of all combinations no longer show the name; `known` is the contact's own name."""
    texts = [(name, template.format(name=name)) for template in templates for name in NAMES]
    hidden = sum(
        name not in mask(text, contact(name) if known else contact(None)).text
        for name, text in texts
    )
    return hidden, len(texts)


def contact(name: str | None) -> KnownPersons:
    return KnownPersons.of_contact(name, None, None)
