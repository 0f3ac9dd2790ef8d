"""When a clock runs and when it rests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from libs.calendar.working_calendar import midnight, shanghai


@dataclass(frozen=True, slots=True)
class Pause:
    """A rest that is over; a clock that rests still has no due time."""

    paused_at: datetime
    resumed_at: datetime


def touches(pause: Pause, day: date) -> bool:
    start = midnight(day)
    begins = max(start, shanghai(pause.paused_at))
    return begins < min(start + timedelta(days=1), shanghai(pause.resumed_at))


def running_spans(
    started_at: datetime, pauses: Sequence[Pause]
) -> Iterator[tuple[datetime, datetime | None]]:
    """The times between the pauses, in order; the last one has no end. Pauses may overlap."""
    begins = started_at
    for pause in sorted(pauses, key=lambda pause: pause.paused_at):
        if pause.paused_at > begins:
            yield begins, pause.paused_at
        begins = max(begins, pause.resumed_at)
    yield begins, None
