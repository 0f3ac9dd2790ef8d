"""One calendar after the other: each new one holds from its own day on, what was used stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from libs.calendar.data_model import CalendarData
from libs.calendar.errors import CalendarDataError
from libs.calendar.load import load_calendar_data, working_calendar
from libs.calendar.notice import Notice, with_notice
from libs.calendar.working_calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Link:
    """Without a notice it is a version that ships."""

    version: str
    sha256: str
    changes_on: date
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """`data` is the newest version as a file would hold it, `calendar` what is reckoned with."""

    data: CalendarData
    calendar: WorkingCalendar

    def with_link(self, link: Link) -> "Chain":
        """Raises CalendarDataError where the days are not those that were applied."""
        data = (
            load_calendar_data(link.version)
            if link.notice is None
            else with_notice(self.data, link.notice, link.version)
        )
        newer = working_calendar(data)
        if newer.sha256 != link.sha256:
            problem = f"{link.version} does not hold the days that were applied under its name"
            raise CalendarDataError(problem)
        changes_on = max(link.changes_on, self.calendar.first)
        return Chain(data, self.calendar.continued_by(newer, changes_on))


def chain_from(shipped: str, links: Iterable[Link]) -> Chain:
    """Begins with the version that ships. Raises CalendarDataError."""
    data = load_calendar_data(shipped)
    chain = Chain(data, working_calendar(data))
    for link in links:
        if link.version != chain.data.version:
            chain = chain.with_link(link)
    return chain
