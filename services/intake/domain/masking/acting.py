"""Names that nothing announces: a surname and a likely given name, where a person would stand.

Both sides must fit, because surnames and the signs of given names are words of their own.
"""

import re
from collections.abc import Iterator
from typing import Final

from services.intake.domain.masking.name_words import (
    COMPOUND_SURNAMES,
    NOT_NAMES,
    SURNAMES,
    words,
)
from services.intake.domain.masking.spans import Kind, Span, scan

# Signs that given names of our days are made of; a word is seldom made of two of them.
GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建国志玲红玉兰春梅海波鹏飞婷雪琴云峰斌浩宇"
    "欣怡子涵梓轩晨曦嘉俊凯文博雅倩颖思远振东晓燕立新永康德胜小大满禾鹿澜宝阿辉龙林亮鑫莉萍淑珍凤"
    "荣贵福祥瑞昌盛良才俊彦辰泽睿铭妍琪瑶璐璇莹珊珠琳瑜瑾菲蓉蕾薇菊莲荷香芬芝苗苹茜茹莎艺梦洁清"
    "源溪江河湖洪润泉淼森松柏楠桐榕枫栋梁树根生旺昊昕旭晖晴星月阳光耀炜炎焕灿熙煜燃烨煌铁钢锋锐钧"
    "钰锦银金鸿鹤雁鸣鹰翔羽翰翼腾骏驰骁毅恒忠孝义信诚仁礼智勤俭廉洁谦和顺安宁泰康健寿喜庆吉利兴旺"
    "发达富财宏伦伯仲叔季孟元亨利贞乾坤天土水火木山川石玖六冬夏秋宗祖继承绍光"
    "耀庭世代传学书诗礼乐琴棋画艺美秋妹姝妮娇婉娴媛婧嫣娥姣姗婕嬅彬彪虎豹麒麟骥驹狮"
    "逸翊晗皓骞沛昀楷淇霖澄滢潇璟璋琛玮琦琰瑄瑛珏珂玥烁烽煊奕弈弘毓岚岳峥嵘崇峻嵩巍帆航舟迪逊遥邦韬韵颂颢馨馥魁鼎俐"
    "楚筠箐箫素紫红绪维纯纲纬经绣缘芸芷芮若苒茵荟莺萌萱葵蒙蔓蕊薪藤虹蝶裕诺语谦贤赞越跃轶辛迎连逢道邱酉采钊钦锐铎镇"
    "镕闯闽陶隽霄霆青靖静韦顶顺须颐飒首香骅骋高魏鲲鸣鸾麦黎黛"
)
# Words that only look like a surname and a given name.
LOOK_ALIKES: Final = words(
    "万元 万美 万平 万立 卫健 方发 秋天 秋季 秋冬 夏日 夏秋 方国 云信 云海 云龙 "
    "云浮 文义 文艺 文旅 文玉 乔木 管子 钱和 陶艺 向三 向一 向二 石英 石河 石家 "
    "金银 金红 金光 金山 金水 金星 银河 江河 江湖 江海 江山 江阳 龙江 龙城 龙岭 "
    "龙泉 龙凤 龙腾 龙兴 龙飞 马鞍 高大 高明 高安 高达 高清 高远 高洁 白日 白云 "
    "白河 白木 白石 白银 方家 周家 李家 张家 王家 林家 白家 关子 关山 关门 田家 "
    "田地 田子 叶子 孙家 房山 房子 常清 常新 常德 常山 常宁 常安 程家 于家 马家 "
    "梅子 林子 林海 林地 林火 林木 温水 温泉 温江 温和 温火 温良 雷火 雷天 黄河 "
    "黄山 黄海 黄石 黄龙 黄冬 黄土 黄水 黄油 黄木 黄豆 杨木 杨树 柏树 柳树 梅花 "
    "梅树 杜鹃 石柱 石山 石水 石火 石门 石狮 石龙 江大 江天 江水 江南 江北 安水 "
    "安火 安全 平安 康乐 康宁 康泰 康桥 康达 康华 华大 华信 华立 华丰 华达 华宁 "
    "华天 华阳 华泰 华兴 华康 华富 华强 华安 连江 连山 连天 连日 连州 古龙 古田 "
    "古树 武大 武清 武林 武山 武义 武宁 武康 卫星 卫浴 魏家 任家 万家 万和 万达 "
    "万科 万华 万福 万泰 万兴 万利 万安 万宁 万年 万里 万水 麦冬"
)
SINGLE: Final = "".join(sorted(SURNAMES))
COMPOUND: Final = "|".join(sorted(COMPOUND_SURNAMES))
AFTER: Final = (
    r"(?=[，。、；：！？,.;:!?\s(（)）〔〕]|$|[说称讲问找带催签把将已未拒也曾又都在到来去拿收打开本当没不给跟和与经做拖欠赔的等]"
    "|表示|答复|承诺|答应|负责|处理|接待|联系|告知|告诉|通知|要求|多次|一直|个人|谈|支付|受伤|报警|投诉|反映|介绍|道歉|核对"
    "|合伙|[两三几][人位]|家[里的]?|夫妇|父子|一家|名下|乱收|威胁|口头)"
)
FULL: Final = re.compile(f"(?:[{SINGLE}][{GIVEN}]{{2}}|(?:{COMPOUND})[{GIVEN}]{{1,2}})")
SHORT: Final = re.compile(f"[{SINGLE}][{GIVEN}]{AFTER}")
NEXT: Final = re.compile(AFTER)
# Just before it: no word at all, or one after which a person comes.
BEFORE: Final = re.compile(
    "(?:^|[^㐀-鿿0-9A-Za-z]|[由和与跟找给是让被向对请等托问的于据经]|[昨今明前后当][天晚日时]|[上本这][周月次午]"
    "|下午|早上|晚上|后来|给了|一位|一个|联系|通知|要求|投诉|举报|起诉|转到|打到|老乡|邻居|同学|朋友|同伙|亲戚|表哥|表弟|堂哥|堂弟|姐夫|妹夫|舅舅|叔叔)$"
)
LOOK_BACK: Final = 2
SHORTEST: Final = 2
# What begins like a name may be the name of a firm or of a place.
FIRM: Final = re.compile(
    "[㐀-鿿]{0,10}?(?:公司|集团|工厂|商行|中心|事务所|工作室|街道|社区|花园|大厦|大道|路|村|园|城)"
)


def find_acting(text: str) -> Iterator[Span]:
    """A full name needs one side that fits, a short one both."""
    yield from scan(FULL, text, read_full)
    yield from scan(SHORT, text, read_short)


def read_full(match: re.Match[str]) -> Span | None:
    if NEXT.match(match.string, match.end()):
        return name_of(match)
    if is_begun(match) and not FIRM.match(match.string, match.end()):
        return name_of(match)
    return None


def read_short(match: re.Match[str]) -> Span | None:
    return name_of(match) if is_begun(match) else None


def is_begun(match: re.Match[str]) -> bool:
    start = match.start()
    return BEFORE.search(match.string[max(0, start - LOOK_BACK) : start]) is not None


def name_of(match: re.Match[str]) -> Span | None:
    name = match[0]
    if name in LOOK_ALIKES or name[:SHORTEST] in NOT_NAMES:
        return None
    return Span(match.start(), match.end(), Kind.NAME, name)
