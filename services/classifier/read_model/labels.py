"""What people said the item is, for the next model; and returns, for the rate of them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg

from libs.common.contracts.classifier import (
    ClassificationConfirmed,
    ClassificationCorrected,
    ClassifierEvent,
    ReturnNoted,
    RulingNoted,
)
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection

New: TypeAlias = NewEvent[ClassifierEvent]
KEEP: Final = """
    INSERT INTO labels (event_id, appeal_id, item, proposed, source, by_unit, reason,
        model_version, decided_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT model_version FROM readings WHERE appeal_id = $2),
        $8)
"""
KEEP_RETURN: Final = """
    INSERT INTO returns (event_id, appeal_id, department, noted_at) VALUES ($1, $2, $3, $4)
"""
# The latest of an appeal; one without its text is of no use to a trainer.
READ: Final = """
    SELECT DISTINCT ON (l.appeal_id) l.appeal_id, l.item, l.proposed, l.source, l.by_unit,
        l.model_version, l.decided_at, r.title, r.text, r.urgency
    FROM labels l JOIN readings r USING (appeal_id)
    WHERE r.text <> '' AND ($1::text IS NULL OR l.source = $1)
    ORDER BY l.appeal_id, l.decided_at DESC, l.event_id
"""


class LabelSource(StrEnum):
    """`ruled`: the arbitration body named the item."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    RULED = "ruled"


@dataclass(frozen=True, slots=True)
class Label:
    """One appeal's item as a person named it; `text` is masked."""

    appeal_id: UUID
    item: str
    proposed: str | None
    source: str
    by_unit: str
    model_version: str | None
    decided_at: datetime
    title: str
    text: str
    urgency: str


async def keep_labels(connection: Connection, events: Sequence[New]) -> None:
    """A correction and its confirmation stand in one decision and make one label."""
    reasons = {
        new.event.appeal_id: new.event.reason
        for new in events
        if isinstance(new.event, ClassificationCorrected)
    }
    rows = [row for new in events if (row := label_row(new, reasons)) is not None]
    if rows:
        await connection.executemany(KEEP, rows)
    returns = [
        (new.event_id, new.event.appeal_id, new.event.department, new.time)
        for new in events
        if isinstance(new.event, ReturnNoted)
    ]
    if returns:
        await connection.executemany(KEEP_RETURN, returns)


def label_row(new: New, reasons: dict[Any, str]) -> tuple[Any, ...] | None:
    event = new.event
    unit = new.actor.unit
    match event:
        case ClassificationConfirmed():
            reason = reasons.get(event.appeal_id)
            source = "confirmed" if event.item == event.proposed else "corrected"
            proposed: str | None = event.proposed
        case RulingNoted():
            reason, source, proposed = None, "ruled", None
        case _:
            return None
    appeal_id, item = event.appeal_id, event.item
    return (new.event_id, appeal_id, item, proposed, source, unit, reason, new.time)


async def read_labels(
    connection: "asyncpg.Connection[asyncpg.Record]", source: LabelSource | None = None
) -> AsyncIterator[Label]:
    """Needs a transaction: the rows come through a cursor."""
    async for row in connection.cursor(READ, source):
        yield Label(**dict(row))
