"""Cues of what can not wait: danger to people, work at a stand, money on its way to a thief."""

import re
from typing import Final

PEOPLE: Final = re.compile(
    "受伤|流血|被困|救命|晕倒|中毒|伤亡|砸伤|跌入|喘不上|疏散|撤离|撤出|逃生|被打|推倒|"
    "打砸|送医|昏迷|病人|卡住|人没了|焊死"
)
DANGER: Final = re.compile(
    "着火|冒烟|起火|爆炸|泄漏|漏气|漏电|冒火|倒灌|倒塌|坍塌|塌了|淹|滑坡|煤气味|臭鸡蛋味|"
    "燃气味|报警器|断股|坠|冲断|往外喷|险情|洪水|掉下来"
)
STANDSTILL: Final = re.compile(
    "停产|停工|停机|停摆|全停|停着|断供|断料|没电|停电|断电|停水|断水|跳闸|堵死|堵门|"
    "堵住|封门|动不了|开不了工|进不来"
)
THEFT: Final = re.compile("被骗|诈骗|骗走|止付|刚转|转出去|转走|勒索|盗刷|卷款")
NOW: Final = re.compile(
    "快派|派人|赶紧|马上|快来|立即|立刻|抢修|抢险|救援|紧急|火速|刚刚|正在|此刻|咋办|"
    "快点|现场|！！|只够|只剩|撑不|顶不|告急"
)
GROUPS: Final = (PEOPLE, DANGER, STANDSTILL, THEFT, NOW)


def alarms(text: str) -> tuple[float, ...]:
    """1 or 0: each group has a cue; any danger and a call for now; a standstill and now."""
    found = [float(group.search(text) is not None) for group in GROUPS]
    return (*found, found[-1] * max(found[:-1]), found[-1] * found[2])
