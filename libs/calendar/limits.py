from datetime import timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

# Bounds of any limit: a lawful one is far below, and a slip of the pen is above.
LONGEST: Final = 5000


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_HOURS = "working_hours"
    WORKING_MINUTES = "working_minutes"
    ELAPSED_HOURS = "elapsed_hours"
    ELAPSED_MINUTES = "elapsed_minutes"

    @property
    def is_days(self) -> bool:
        return self in {Unit.WORKING_DAYS, Unit.CALENDAR_DAYS}

    @property
    def is_working_time(self) -> bool:
        return self in {Unit.WORKING_HOURS, Unit.WORKING_MINUTES}


UNIT_ZH: Final = {
    Unit.WORKING_DAYS: "个工作日",
    Unit.CALENDAR_DAYS: "天",
    Unit.WORKING_HOURS: "个工作小时",
    Unit.WORKING_MINUTES: "个工作分钟",
    Unit.ELAPSED_HOURS: "小时",
    Unit.ELAPSED_MINUTES: "分钟",
}


class Limit(BaseModel):
    """How long something may take, in the unit in which the rule is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Unit
    amount: int = Field(ge=1, le=LONGEST)

    @property
    def duration(self) -> timedelta:
        """Of a limit in hours or minutes, whether of working or of elapsed time."""
        if self.unit in {Unit.WORKING_HOURS, Unit.ELAPSED_HOURS}:
            return timedelta(hours=self.amount)
        return timedelta(minutes=self.amount)

    @property
    def text_zh(self) -> str:
        return f"{self.amount} {UNIT_ZH[self.unit]}"

    @property
    def text_en(self) -> str:
        return f"{self.amount} {self.unit.replace('_', ' ')}"
