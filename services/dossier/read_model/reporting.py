"""All appeals, or one file's, taken through once: for rates, scorecards and tables."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from libs.calendar.errors import OutsideCalendarError
from services.dossier.domain.ledger.scorecards import Scorecards
from services.dossier.domain.life.life import Identity, Life, identity_of
from services.dossier.domain.rates.marking import marked
from services.dossier.domain.rates.marks import Marked
from services.dossier.domain.sheets.row import Row
from services.dossier.read_model.calendars import calendars_of_log
from services.dossier.read_model.finding import Found, Reader
from services.dossier.read_model.lives import Asked, all_lives, lives_of
from services.dossier.read_model.telling import account_for


@dataclass(frozen=True, slots=True)
class Period:
    """Appeals that were submitted from `since` on and before `until`; None is no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, who: Identity) -> bool:
        began = who.submitted_at or who.accepted_at
        if began is None:
            return self.since is None and self.until is None
        early = self.since is not None and began < self.since
        return not early and (self.until is None or began < self.until)


@dataclass(slots=True)
class Report:
    """`unmeasured` are appeals whose times lie outside the calendar: named, and never guessed."""

    asked: Asked
    period: Period
    marked: list[Marked] = field(default_factory=list[Marked])
    scorecards: Scorecards = field(default_factory=Scorecards)
    unmeasured: list[str] = field(default_factory=list[str])

    def take(self, row: Row) -> None:
        self.marked.append(row.marked)
        self.scorecards.take(row.life, row.who, row.account)


async def rows_of(connection: Reader, found: Found | None, report: Report) -> AsyncIterator[Row]:
    """One file's appeals, or all; what can not be measured is noted in the report."""
    calendars = await calendars_of_log(connection)
    lives = (
        all_lives(connection, report.asked)
        if found is None
        else listed(await lives_of(connection, found, report.asked))
    )
    async for life in lives:
        who = identity_of(life)
        if not report.period.holds(who):
            continue
        try:
            account = account_for(life, calendars)
            row = Row(life, who, account, marked(life, who, calendars.newest))
        except OutsideCalendarError:
            report.unmeasured.append(str(life.appeal_id))
            continue
        yield row


async def listed(lives: list[Life]) -> AsyncIterator[Life]:
    for life in lives:
        yield life


async def report_of(
    connection: Reader, found: Found | None, asked: Asked, period: Period
) -> Report:
    report = Report(asked, period)
    async for row in rows_of(connection, found, report):
        report.take(row)
    return report
