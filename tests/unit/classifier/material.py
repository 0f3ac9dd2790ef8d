"""A small world of four items that a model learns in a moment."""

from services.classifier.adapters.corpus import Example
from services.classifier.adapters.topics import Topic, Topics

SUBJECTS = {
    "FIN-01": ("银行贷款", "流动资金", "信用贷", "利率"),
    "TAL-01": ("招聘工人", "缺工", "普工", "招聘会"),
    "PUB-02": ("突然停电", "跳闸", "电压不稳", "限电"),
    "PUB-10": ("路灯不亮", "井盖缺失", "护栏", "人行道"),
}
FRAMES = (
    "我们公司想问{}的事",
    "请帮忙解决{}，谢谢",
    "厂里遇到{}，找谁",
    "关于{}的申请要多久",
    "昨天反映过{}，没人理",
    "老板让我来问{}怎么办",
)
IDLE = ("新年快乐各位领导", "测试一下请忽略", "加微信领红包", "楼上邻居太吵", "今天天气真好")
LOUD = ("停产了，很急", "有人受伤，快来")

TOPICS = Topics(
    version="2026.1",
    topics=tuple(Topic(item, item[:3], words) for item, words in SUBJECTS.items()),
)


def examples() -> list[Example]:
    spoken = [
        Example(frame.format(word), item, is_urgent=False)
        for item, words in SUBJECTS.items()
        for word in words
        for frame in FRAMES
    ]
    loud = [
        Example(f"{word}，{cry}", item, is_urgent=True)
        for item, words in SUBJECTS.items()
        for word in words
        for cry in LOUD
    ]
    idle = [Example(text + ending, "NONE") for text in IDLE for ending in ("", "啊", "，好吗")]
    return spoken + loud + idle
