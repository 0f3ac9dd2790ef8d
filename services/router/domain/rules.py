"""What the router decides by: the protocol's numbers, the routing table and the calendar."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from libs.calendar.counting import Count, due_time
from libs.calendar.limits import Limit
from libs.calendar.working_calendar import WorkingCalendar
from libs.common.contracts.values import Urgency
from services.router.domain.routing_table import RoutingTable


class ReturnWindow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    normal: Limit
    urgent: Limit


class Protocol(BaseModel):
    """One version of the numbers; `sources` says where each is from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1, max_length=100)
    return_window: ReturnWindow
    lowest_acceptable: int = Field(ge=1, le=10)
    info_rounds: int = Field(ge=0, le=9)
    extensions: int = Field(ge=0, le=9)
    reopen_days: int = Field(ge=0, le=3_650)
    longest_report_gap_days: int = Field(ge=1, le=366)
    sources: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rulebook:
    protocol: Protocol
    routing: RoutingTable
    calendar: WorkingCalendar

    def window_end(self, urgency: Urgency, dispatched_at: datetime) -> datetime:
        """Until when a dispatch can be returned. Raises OutsideCalendarError."""
        window = self.protocol.return_window
        limit = window.urgent if urgency == "urgent" else window.normal
        return due_time(self.calendar, Count(limit, dispatched_at))
