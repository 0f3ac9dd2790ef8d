"""Suggested repeats, for the dispatcher who may merge them."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from libs.common.contracts.classifier import ClassifierEvent, DuplicateSuspected
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection, Pool

New: TypeAlias = NewEvent[ClassifierEvent]
KEEP: Final = """
    INSERT INTO suspicions (appeal_id, other, similarity, ground, suspected_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
LIST: Final = """
    SELECT s.appeal_id::text, s.other::text, s.similarity, s.ground, s.suspected_at,
        a.title, a.text, a.state, a.accepted_at, b.title AS other_title, b.text AS other_text,
        b.state AS other_state, b.accepted_at AS other_accepted_at,
        coalesce(a.item, a.proposed) AS item, coalesce(b.item, b.proposed) AS other_item
    FROM suspicions s JOIN readings a ON a.appeal_id = s.appeal_id
    JOIN readings b ON b.appeal_id = s.other
    WHERE s.similarity >= $1 AND a.state NOT IN ('left', 'withdrawn')
        AND b.state NOT IN ('left', 'withdrawn')
    ORDER BY s.suspected_at DESC, s.appeal_id, s.similarity DESC LIMIT $2
"""


async def keep_suspicions(connection: Connection, events: Sequence[New]) -> None:
    rows = [
        (new.event.appeal_id, like.appeal_id, like.similarity, like.ground, new.time)
        for new in events
        if isinstance(new.event, DuplicateSuspected)
        for like in new.event.likenesses
    ]
    if rows:
        await connection.executemany(KEEP, rows)


async def suspicions(pool: Pool, least: int, limit: int) -> list[dict[str, Any]]:
    """The newest first; `least` is a likeness in basis points."""
    return [dict(row) for row in await pool.fetch(LIST, least, limit)]
