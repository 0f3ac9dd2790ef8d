"""Where each appeal stands, for departments' lists and for finding an appeal's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from libs.common.contracts.router import (
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
    RouterEvent,
)
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.decision import Applied
from services.router.domain.commands import RouterCommand

STATES: Final = {
    DispatchSigned.TYPE: "in_progress",
    ResultSubmitted.TYPE: "result_submitted",
    ResultApproved.TYPE: "callback_pending",
    RatedAcceptable.TYPE: "closed",
}
COLUMNS: Final = (
    "appeal_id",
    "partition",
    "key",
    "version",
    "lead",
    "item",
    "sub_district",
    "urgency",
    "state",
    "accepted_at",
    "dispatched_at",
    "changed_at",
)
MOVE: Final = """
    UPDATE dispatches SET state = coalesce($2, state), version = $3, changed_at = $4
    WHERE appeal_id = $1
"""
FIND: Final = "SELECT partition, key FROM dispatches WHERE appeal_id = $1"
LIST: Final = """
    SELECT appeal_id::text, item, sub_district, urgency, state, version, accepted_at,
           dispatched_at
    FROM dispatches WHERE lead = $1 AND state <> 'closed' AND ($2::text IS NULL OR state = $2)
    ORDER BY accepted_at LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Place:
    partition: int
    key: str


async def project(
    connection: Connection, applied: Sequence[Applied[RouterCommand, RouterEvent]], /
) -> None:
    events = [event for one in applied for event in one.events]
    new = [row_of(e, e.event) for e in events if isinstance(e.event, AppealDispatched)]
    if new:
        await connection.copy_records_to_table("dispatches", columns=COLUMNS, records=new)
    moves = [
        (UUID(e.subject), STATES.get(e.event.TYPE), e.version, e.time)
        for e in events
        if not isinstance(e.event, AppealDispatched)
    ]
    if moves:
        await connection.executemany(MOVE, moves)


def row_of(new: NewEvent[RouterEvent], event: AppealDispatched) -> tuple[Any, ...]:
    return (
        event.appeal_id,
        new.partition,
        new.key,
        new.version,
        event.lead,
        event.item,
        event.sub_district,
        event.urgency,
        "dispatched",
        event.accepted_at,
        new.time,
        new.time,
    )


async def find_place(pool: Pool, appeal_id: UUID) -> Place | None:
    """The appeal's partition and key, fixed at its submission."""
    row = await pool.fetchrow(FIND, appeal_id)
    return None if row is None else Place(row["partition"], row["key"])


async def open_appeals(
    pool: Pool, lead: str, state: str | None, limit: int
) -> list[dict[str, str | int | datetime | None]]:
    return [dict(row) for row in await pool.fetch(LIST, lead, state, limit)]
