"""Every calendar that deadlines were reckoned by: the one that ships, and those of the log."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from libs.calendar.data_model import decode_calendar
from libs.calendar.load import SHIPPED_VERSION, working_calendar
from libs.calendar.notice import Notice, with_notice
from libs.calendar.working_calendar import WorkingCalendar
from libs.common.contracts.sla_system import CalendarVersionApplied
from libs.common.ids import SYSTEM_KEY
from services.dossier.read_model.finding import Reader
from services.dossier.read_model.lives import OF_CHAINS, readable

DATA: Final = files("libs.calendar") / "data"


@lru_cache(maxsize=1)
def shipped_calendar() -> WorkingCalendar:
    """Raises CalendarDataError."""
    return working_calendar(decode_calendar(shipped_bytes()))


def shipped_bytes() -> bytes:
    return (DATA / f"{SHIPPED_VERSION}.json").read_bytes()


class Calendars:
    """By version; `newest` is the one that is in force."""

    def __init__(self, known: Mapping[str, WorkingCalendar], newest: WorkingCalendar) -> None:
        self.known = known
        self.newest = newest

    def __call__(self, version: str) -> WorkingCalendar | None:
        return self.known.get(version)


async def calendars_of_log(connection: Reader) -> Calendars:
    """Each notice of the log laid over the calendar before it. Raises CalendarDataError."""
    newest, data = shipped_calendar(), decode_calendar(shipped_bytes())
    known = {newest.version: newest}
    rows = await connection.fetch(OF_CHAINS, [SYSTEM_KEY])
    for one in sorted(readable(rows), key=lambda one: one.time):
        event = one.event
        if isinstance(event, CalendarVersionApplied) and event.notice is not None:
            days = {marked.day: marked.mark for marked in event.notice.days}
            notice = Notice(year=event.notice.year, source=event.notice.source, days=days)
            data = with_notice(data, notice, event.version)
            newest = newest.continued_by(working_calendar(data), event.changes_on)
            known[newest.version] = newest
    return Calendars(known, newest)
