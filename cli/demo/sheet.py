"""The shipped hotline file, read as of the day it was written and moved to these days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from cli.publishing import enterprise_of
from libs.calendar.days import SHANGHAI
from libs.catalogue.load import load_catalogue
from libs.common.contracts.inbound import Submission
from services.intake.adapters.importer.plan import ImportPlan, plan
from services.intake.adapters.importer.rows import FIELDS, ImportRun, Row
from services.intake.domain.problems import Problem
from services.intake.domain.submission import sub_districts_by_word

SHIPPED: Final = Path(__file__).parent.parent / "demo_data" / "hotline-workorders.csv"
# The day after its newest row. What was in the future then is refused for ever.
WRITTEN: Final = datetime(2026, 11, 21, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """`columns` are names of the sheet's own header; nothing of the row's content."""

    number: int
    columns: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`days` is how far the times were moved; 0 leaves them as they stand in the file."""

    submissions: tuple[Submission, ...]
    refused: tuple[RefusedRow, ...]
    days: int

    @property
    def rows(self) -> int:
        return len(self.submissions) + len(self.refused)


def read_sheet(path: Path, now: datetime, *, rows: int | None, redate: bool) -> Sheet:
    """Raises FileRefusedError."""
    planned = plan(path)
    places = ((place.code, place.name_zh) for place in load_catalogue().subdistricts)
    run = ImportRun(planned, WRITTEN if redate else now, sub_districts_by_word(places))
    taken: list[Row] = list(islice(run, rows))
    submissions = [row.outcome for row in taken if isinstance(row.outcome, Submission)]
    days = days_to(now, submissions) if redate else 0
    return Sheet(
        submissions=tuple(moved(one, days) for one in submissions),
        refused=tuple(
            refused(planned, row.number, row.outcome)
            for row in taken
            if isinstance(row.outcome, tuple)
        ),
        days=days,
    )


def days_to(now: datetime, submissions: Sequence[Submission]) -> int:
    """Whole days, so that every row keeps its hour; the newest then falls into the last 24 h."""
    newest = max((one.occurred_at for one in submissions), default=now)
    last_full_hour = now.replace(minute=0, second=0, microsecond=0)
    return (last_full_hour - newest) // timedelta(days=1)


def moved(submission: Submission, days: int) -> Submission:
    occurred_at = submission.occurred_at + timedelta(days=days)
    return submission.model_copy(update={"occurred_at": occurred_at})


def refused(planned: ImportPlan, number: int, problems: tuple[Problem, ...]) -> RefusedRow:
    columns = (planned.column_of(FIELDS.get(one.field, one.field)) for one in problems)
    return RefusedRow(number, tuple(columns), problems)


def firms_by_appeals(submissions: Sequence[Submission]) -> list[UUID]:
    """The enterprise with fewest appeals first: its file is the easiest to read."""
    counts = Counter(firm for one in submissions if (firm := enterprise_of(one)) is not None)
    return [firm for firm, _ in reversed(counts.most_common())]
