"""Everything that the summary says, gathered once the last event has come to rest."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import asyncpg

from cli.demo.actions import Done
from cli.demo.equation import Account, take_account
from cli.demo.sheet import Sheet
from libs.common.contracts.topics import SERVICES
from services.dossier.adapters.names import catalogue_names
from services.dossier.adapters.verification import Verdict, verify
from services.dossier.read_model.finding import Found
from services.dossier.read_model.overview import overview
from services.dossier.read_model.timelines import TimelineEntry, heading, timeline

SESSION: Final = {"search_path": "dossier", "application_name": "appeals-demo"}
DEADLINES: Final = """
    SELECT count(*) FILTER (WHERE resolve_due <= now()) AS overdue,
           count(*) FILTER (WHERE resolve_due > now()
                            AND resolve_due <= now() + interval '24 hours') AS within_a_day,
           count(*) FILTER (WHERE resolve_due > now() + interval '24 hours') AS later,
           count(*) FILTER (WHERE provisional) AS provisional
    FROM appeals WHERE resolve_stopped_at IS NULL AND state <> 'CLOSED'
"""
NEXT_DUE: Final = """
    SELECT source_id, title, category, lead, urgency, resolve_due FROM appeals
    WHERE resolve_due > now() AND resolve_stopped_at IS NULL AND state <> 'CLOSED'
    ORDER BY resolve_due, appeal_id LIMIT $1
"""
# The whole life of one appeal, out of its enterprise's file.
EXAMPLE: Final = """
    SELECT appeal_id::text AS appeal, enterprise_id::text AS enterprise, chain_key FROM appeals
    WHERE enterprise_id IS NOT NULL
    ORDER BY (state = 'CLOSED') DESC, events DESC, appeal_id LIMIT 1
"""
DEAD: Final = """
    SELECT '{schema}' AS service, reason, count(*) AS records,
           string_agg(DISTINCT detail, '; ') AS details
    FROM {schema}.dead_letters WHERE state = 'parked' GROUP BY reason
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    sheet: Sheet
    account: Account
    overview: dict[str, Any]
    deadlines: dict[str, int]
    next_due: Sequence[dict[str, Any]]
    dead_letters: Sequence[dict[str, Any]]
    done: Done
    about: dict[str, Any]
    timeline: Sequence[TimelineEntry]
    verdict: Verdict
    late_steps_missing: int
    first_event_s: float

    @property
    def is_good(self) -> bool:
        return (
            self.account.holds
            and self.verdict.is_whole
            and self.late_steps_missing == 0
            and self.overview["escalations_fired_twice"] == 0
            and not self.done.refused
        )

    def as_json(self) -> dict[str, Any]:
        refused = [
            {"row": row.number, "columns": row.columns, "codes": [p.code for p in row.problems]}
            for row in self.sheet.refused
        ]
        return {
            "good": self.is_good,
            "days_moved": self.sheet.days,
            "account": {**asdict(self.account), "holds": self.account.holds},
            "overview": self.overview,
            "deadlines": self.deadlines,
            "refused_rows": refused,
            "dead_letters": self.dead_letters,
            "actions": asdict(self.done),
            "verified": self.verdict.as_json(),
            "late_steps_missing": self.late_steps_missing,
            "first_event_seconds": round(self.first_event_s, 1),
        }


async def gather(dsn: str, *, sheet: Sheet, done: Done, late: int, first_s: float) -> Figures:
    connection = await asyncpg.connect(dsn, server_settings=SESSION)
    try:
        deadlines: Any = await connection.fetchrow(DEADLINES)
        dead = " UNION ALL ".join(DEAD.format(schema=service) for service in SERVICES)
        about, entries = await example(connection)
        return Figures(
            sheet=sheet,
            account=await take_account(connection, sent=sheet.rows, refused=len(sheet.refused)),
            overview=await overview(connection),
            deadlines=dict(deadlines),
            next_due=[dict(row) for row in await connection.fetch(NEXT_DUE, 5)],
            dead_letters=[dict(row) for row in await connection.fetch(dead)],
            done=done,
            about=about,
            timeline=entries,
            verdict=await verify(connection),
            late_steps_missing=late,
            first_event_s=first_s,
        )
    finally:
        await connection.close()


async def example(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> tuple[dict[str, Any], Sequence[TimelineEntry]]:
    """An enterprise, and what its file says of one appeal; nothing where there is none."""
    row: Any = await connection.fetchrow(EXAMPLE)
    if row is None:
        return {}, ()
    about = await heading(connection, Found("enterprise", row["enterprise"], row["chain_key"]))
    appeal = Found("appeal", row["appeal"], row["chain_key"])
    return about, await timeline(connection, appeal, catalogue_names())
