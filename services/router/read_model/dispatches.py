"""Where each appeal stands, for departments' lists and for finding an appeal's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from libs.common.contracts.router import RouterEvent
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.decision import Applied
from services.router.domain.commands import RouterCommand
from services.router.read_model.changes import Change, changes_of
from services.router.read_model.orders import project_orders

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
    "co_handlers",
)
# Arrays of arrays can not be unnested, so lists of co-handlers travel as one text each.
MOVE: Final = """
    UPDATE dispatches d SET
        version = n.version,
        state = coalesce(n.state, d.state),
        lead = CASE WHEN n.has_lead THEN coalesce(n.lead, d.lead) END,
        item = coalesce(n.item, d.item),
        sub_district = coalesce(n.sub_district, d.sub_district),
        urgency = coalesce(n.urgency, d.urgency),
        accepted_at = coalesce(n.accepted_at, d.accepted_at),
        dispatched_at = coalesce(n.dispatched_at, d.dispatched_at),
        changed_at = n.changed_at,
        co_handlers = coalesce(string_to_array(n.co_handlers, ','), d.co_handlers)
                      || string_to_array(n.added, ',')
    FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::text[],
                $8::text[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[],
                $12::text[], $13::text[])
        AS n(appeal_id, version, state, lead, has_lead, item, sub_district, urgency, accepted_at,
             dispatched_at, changed_at, co_handlers, added)
    WHERE d.appeal_id = n.appeal_id
"""
FIND: Final = "SELECT partition, key, state FROM dispatches WHERE appeal_id = $1"
# The planner sees the partial index only where its own words stand.
LIST: Final = """
    SELECT appeal_id::text, item, sub_district, urgency, state, version, accepted_at,
           dispatched_at
    FROM dispatches
    WHERE lead = $1 AND state <> 'closed' AND state NOT IN ('withdrawn', 'merged')
      AND ($2::text IS NULL OR state = $2)
    ORDER BY accepted_at LIMIT $3
"""
HELPED: Final = """
    SELECT appeal_id::text, item, sub_district, urgency, state, version, accepted_at,
           dispatched_at
    FROM dispatches
    WHERE co_handlers @> ARRAY[$1::text] AND state <> 'closed' AND co_handlers <> '{}'
      AND state NOT IN ('withdrawn', 'merged') AND ($2::text IS NULL OR state = $2)
    ORDER BY accepted_at LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Place:
    """`state` is as of the last commit: a hint for whoever asks, never for a decision."""

    partition: int
    key: str
    state: str


async def project(
    connection: Connection, applied: Sequence[Applied[RouterCommand, RouterEvent]], /
) -> None:
    events = [event for one in applied for event in one.events]
    changes = changes_of(events)
    new = [row_of(change) for change in changes if change.is_new]
    if new:
        await connection.copy_records_to_table("dispatches", columns=COLUMNS, records=new)
    moved = [move_of(change) for change in changes if not change.is_new]
    if moved:
        await connection.execute(MOVE, *zip(*moved, strict=True))
    await project_orders(connection, events)


def row_of(change: Change) -> tuple[Any, ...]:
    return (
        change.appeal_id,
        change.partition,
        change.key,
        change.version,
        change.lead,
        change.item,
        change.sub_district,
        change.urgency,
        change.state or "accepted",
        change.accepted_at,
        change.dispatched_at,
        change.changed_at,
        [*(change.co_handlers or ()), *change.added],
    )


def move_of(change: Change) -> tuple[Any, ...]:
    return (
        change.appeal_id,
        change.version,
        change.state,
        change.lead,
        change.has_lead,
        change.item,
        change.sub_district,
        change.urgency,
        change.accepted_at,
        change.dispatched_at,
        change.changed_at,
        None if change.co_handlers is None else ",".join(change.co_handlers),
        ",".join(change.added),
    )


async def find_place(pool: Pool, appeal_id: UUID) -> Place | None:
    """The appeal's partition and key, fixed at its submission."""
    row = await pool.fetchrow(FIND, appeal_id)
    return None if row is None else Place(row["partition"], row["key"], row["state"])


async def open_appeals(
    pool: Pool, lead: str, state: str | None, limit: int
) -> list[dict[str, str | int | datetime | None]]:
    return [dict(row) for row in await pool.fetch(LIST, lead, state, limit)]


async def helped_appeals(
    pool: Pool, department: str, state: str | None, limit: int
) -> list[dict[str, str | int | datetime | None]]:
    return [dict(row) for row in await pool.fetch(HELPED, department, state, limit)]
