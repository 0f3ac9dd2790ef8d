"""What was judged in a span of time, counted for the drift metrics."""

from datetime import datetime
from typing import Final

from libs.common.eventstore.store import Pool
from services.classifier.domain.drift import Traffic

ITEMS: Final = """
    SELECT proposed, count(*) FROM readings
    WHERE judged_at >= $1 AND judged_at < $2 AND proposed IS NOT NULL GROUP BY proposed
"""
CONFIDENCES: Final = """
    SELECT (least(confidence, 9999) / 1000)::text, count(*) FROM readings
    WHERE judged_at >= $1 AND judged_at < $2 AND proposed IS NOT NULL GROUP BY 1
"""
RETURNS: Final = "SELECT count(*) FROM returns WHERE noted_at >= $1 AND noted_at < $2"
WAITING: Final = """
    SELECT reason, count(*), min(changed_at) FROM readings WHERE state = 'in_review' GROUP BY reason
"""


async def traffic(pool: Pool, start: datetime, end: datetime) -> Traffic:
    items = {row[0]: row[1] for row in await pool.fetch(ITEMS, start, end)}
    confidences = {row[0]: row[1] for row in await pool.fetch(CONFIDENCES, start, end)}
    returns: int = await pool.fetchval(RETURNS, start, end)
    return Traffic(items, confidences, sum(items.values()), returns)


async def waiting(pool: Pool) -> list[tuple[str, int, datetime]]:
    """For each reason how many wait, and since when the first of them does."""
    return [tuple(row) for row in await pool.fetch(WAITING)]
