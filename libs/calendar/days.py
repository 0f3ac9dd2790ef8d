from dataclasses import dataclass
from datetime import date, timedelta, timezone
from enum import StrEnum
from typing import Final

# A fixed offset on purpose: China has kept no summer time since 1991 and no calendar here is
# older than 2004, so the answer can not depend on the machine's time zone files.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

FESTIVALS: Final = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "抗战胜利纪念日": "Anti-Fascist 70th Day",
}


class DayKind(StrEnum):
    WORKDAY = "workday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Day:
    """One date of the calendar; `festival` is the Chinese name, empty on an ordinary day."""

    date: date
    kind: DayKind
    festival: str
    is_provisional: bool

    @property
    def is_working(self) -> bool:
        return self.kind in {DayKind.WORKDAY, DayKind.MAKE_UP}

    @property
    def reason(self) -> str:
        match self.kind:
            case DayKind.WORKDAY:
                return "工作日"
            case DayKind.MAKE_UP:
                return "调休上班"
            case DayKind.WEEKEND:
                return "周末"
            case DayKind.HOLIDAY:
                return self.festival

    @property
    def reason_en(self) -> str:
        festival = FESTIVALS.get(self.festival, self.festival)
        match self.kind:
            case DayKind.WORKDAY:
                return "working day"
            case DayKind.MAKE_UP:
                return f"make-up working day ({festival})"
            case DayKind.WEEKEND:
                return "weekend"
            case DayKind.HOLIDAY:
                return festival
