"""The review queue: what waits for a person, why, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from libs.common.eventstore.store import Pool

# The oldest acceptance first: its limits run out first. Read on from the last row's two.
LIST: Final = """
    SELECT appeal_id::text, version, reason, round, excluded, note, proposed, urgency,
        enterprise_id::text, sub_district, accepted_at, changed_at AS waiting_since, title, text,
        judgement
    FROM readings r
    WHERE state = 'in_review' AND ($1::text IS NULL OR reason = $1)
        AND ($2::text IS NULL OR proposed = $2 OR starts_with(proposed, $2 || '-'))
        AND ($3::uuid IS NULL OR r.enterprise_id = $3)
        AND ($4::timestamptz IS NULL OR changed_at <= $4)
        AND ($8::uuid IS NULL OR r.appeal_id = $8)
        AND ($5::timestamptz IS NULL OR (accepted_at, r.appeal_id) > ($5, $6::uuid))
    ORDER BY accepted_at, r.appeal_id LIMIT $7
"""
COUNT: Final = """
    SELECT reason, count(*) AS waiting, min(changed_at) AS oldest FROM readings
    WHERE state = 'in_review' GROUP BY reason
"""
FIND: Final = "SELECT partition, key FROM readings WHERE appeal_id = $1"


@dataclass(frozen=True, slots=True)
class Place:
    partition: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reviews; all that are given must hold. `item` is an item's or a category's code."""

    appeal_id: UUID | None = None
    reason: str | None = None
    item: str | None = None
    enterprise_id: UUID | None = None
    waiting_before: datetime | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 100


async def find_place(pool: Pool, appeal_id: UUID) -> Place | None:
    """The appeal's partition and key, fixed at its submission."""
    row = await pool.fetchrow(FIND, appeal_id)
    return None if row is None else Place(row["partition"], row["key"])


async def reviews(pool: Pool, wanted: Wanted) -> list[dict[str, Any]]:
    accepted_at, appeal_id = wanted.after or (None, None)
    rows = await pool.fetch(
        LIST,
        wanted.reason,
        wanted.item,
        wanted.enterprise_id,
        wanted.waiting_before,
        accepted_at,
        appeal_id,
        wanted.limit,
        wanted.appeal_id,
    )
    return [view(dict(row)) for row in rows]


def view(row: dict[str, Any]) -> dict[str, Any]:
    stored: str | None = row.pop("judgement")
    judgement = None if stored is None else orjson.loads(stored)
    return {**row, "judgement": judgement}


async def counts(pool: Pool) -> Mapping[str, Mapping[str, Any]]:
    """By reason: how many wait, and since when the first of them does."""
    rows = await pool.fetch(COUNT)
    return {row["reason"]: {"waiting": row["waiting"], "oldest": row["oldest"]} for row in rows}
