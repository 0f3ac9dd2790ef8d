"""Whether a text speaks of another city than ours; one cue of several, never a verdict."""

import re
from typing import Final

# Cities from whose firms a hotline elsewhere hears; the own city and Hong Kong are left out.
OTHER_CITIES: Final = (
    "北京 上海 天津 重庆 广州 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 "
    "河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南京 无锡 徐州 常州 苏州 昆山 南通 连云港 "
    "淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 义乌 衢州 舟山 "
    "台州 丽水 合肥 芜湖 蚌埠 阜阳 安庆 滁州 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 "
    "宁德 南昌 景德镇 九江 赣州 吉安 宜春 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 "
    "泰安 威海 日照 临沂 德州 聊城 菏泽 郑州 开封 洛阳 平顶山 安阳 新乡 许昌 南阳 商丘 "
    "信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 荆州 黄冈 孝感 长沙 株洲 湘潭 衡阳 邵阳 "
    "岳阳 常德 郴州 永州 怀化 南宁 柳州 桂林 梧州 北海 玉林 海口 三亚 成都 自贡 泸州 "
    "德阳 绵阳 内江 乐山 南充 宜宾 达州 贵阳 遵义 昆明 曲靖 大理 拉萨 西安 宝鸡 咸阳 "
    "兰州 西宁 银川 乌鲁木齐 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 沧州 廊坊 太原 "
    "大同 临汾 呼和浩特 包头 鄂尔多斯 沈阳 大连 鞍山 抚顺 锦州 长春 吉林 哈尔滨 "
    "齐齐哈尔 大庆"
)
OTHER_CITY: Final = re.compile("|".join(OTHER_CITIES.split()))
HERE: Final = re.compile(
    "本区|贵区|我区|咱区|咱们区|你们区|全区|区里|区内|辖区|本市|我市|街道|迁入|迁到|迁来|"
    "搬到|搬来|落户"
)
FIRM: Final = re.compile("我[司厂店]|公司|企业|工厂|车间|员工|园区|客户|厂房|门店")


def cues(text: str) -> tuple[float, float, float]:
    """Speaks of another city, speaks of this district, speaks as a firm: 1 or 0 each."""
    return (
        float(OTHER_CITY.search(text) is not None),
        float(HERE.search(text) is not None),
        float(FIRM.search(text) is not None),
    )
