"""Invented third persons and homes, in sentences as people write them; none belongs to anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

SEED: Final = 20261125
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏"
    "吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾韦夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺"
)
GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建国志玲红玉兰春梅海波鹏飞婷雪琴云峰斌浩宇"
    "欣怡子涵梓轩晨曦嘉俊凯文博雅倩颖思远振东晓燕立新永康德胜"
)
# One given name in fifty has a sign that no list of ours holds.
RARE: Final = "騄芃翀赟劼甯"
ANNOUNCED: Final = (
    "请找{name}经理核实。",
    "负责人：{name}。",
    "员工{name}被欠薪两个月。",
    "房东{name}不给开票。",
    "{name}女士答应月底退押金。",
    "法定代表人{name}已离职。",
    "联系人{name}，晚上打。",
)
UNANNOUNCED: Final = (
    "昨天{name}到现场看过。",
    "这件事一直由{name}跟进。",
    "上周和{name}谈过两次。",
    "材料交给了{name}，没有下文。",
    "后来{name}带人把门锁换了。",
    "{name}当时在值班，可以作证。",
    "实际控制人是{name}，要求退款。",
    "钱转到{name}名下了。",
    "{name}多次打电话威胁停水。",
)
HOMES: Final = (
    "家住西乡街道固戍一路{home}。",
    "住址：怀德花园{home}，上门前请电话。",
    "我住在松岗{home}，夜里噪声很大。",
    "快递寄到万丰村{home}。",
)


@dataclass(frozen=True, slots=True)
class Stranger:
    name: str
    home: str
    text: str


def strangers(count: int) -> Iterator[Stranger]:
    """Half of the names are announced by a label or a title, half by nothing."""
    random = Random(SEED)  # noqa: S311 - invented, the same each time
    for number in range(count):
        name, home = name_of(random), home_of(random)
        sentence = random.choice(ANNOUNCED if number % 2 else UNANNOUNCED).format(name=name)
        yield Stranger(name, home, sentence + random.choice(HOMES).format(home=home))


def name_of(random: Random) -> str:
    signs = random.choices(GIVEN, k=random.choice((1, 2, 2, 2)))
    if random.random() < 1 / 50:
        signs[-1] = random.choice(RARE)
    return random.choice(SURNAMES) + "".join(signs)


def home_of(random: Random) -> str:
    room = f"{random.randint(1, 29)}0{random.randint(1, 9)}"
    shapes = (
        f"{random.randint(1, 30)}栋{random.randint(1, 4)}单元{room}室",
        f"{random.randint(1, 30)}号楼{room}",
        f"{random.randint(1, 99)}巷{random.randint(1, 40)}号{room}房",
        f"{random.choice('ABCDE')}座{room}房",
    )
    return random.choice(shapes)
