"""交办单 as people ask for them: each with its appeals and what became of them."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from libs.common.contracts.router import OrderIssued, OrderProgressed, RouterEvent
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection, Pool

ISSUE: Final = """
    INSERT INTO orders (order_id, partition, key, version, number, title, report_by, issued_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
SETTLE: Final = """
    WITH moved AS (UPDATE orders SET version = $2 WHERE order_id = $1)
    UPDATE order_items SET ended = $4 WHERE order_id = $1 AND appeal_id = $3
"""
ORDER: Final = """
    SELECT order_id::text, number, title, report_by, issued_at, version FROM orders
    WHERE order_id = $1
"""
ITEMS: Final = """
    SELECT i.appeal_id::text, i.ended, d.state, d.lead, d.item
    FROM order_items i LEFT JOIN dispatches d USING (appeal_id)
    WHERE i.order_id = $1 ORDER BY i.appeal_id
"""


async def project_orders(connection: Connection, events: Sequence[NewEvent[RouterEvent]]) -> None:
    """Orders are few beside appeals, so each event is a statement of its own."""
    for new in events:
        event = new.event
        if isinstance(event, OrderIssued):
            await issue(connection, new, event)
        elif isinstance(event, OrderProgressed):
            await connection.execute(
                SETTLE, event.order_id, new.version, event.settled_appeal, event.ended
            )


async def issue(connection: Connection, new: NewEvent[RouterEvent], event: OrderIssued) -> None:
    await connection.execute(
        ISSUE,
        event.order_id,
        new.partition,
        new.key,
        new.version,
        event.number,
        event.title,
        event.report_by,
        event.issued_at,
    )
    rows = [(event.order_id, one.appeal_id) for one in event.appeals]
    await connection.copy_records_to_table(
        "order_items", columns=("order_id", "appeal_id"), records=rows
    )


async def find_order(pool: Pool, order_id: UUID) -> dict[str, Any] | None:
    row = await pool.fetchrow(ORDER, order_id)
    if row is None:
        return None
    items = [dict(item) for item in await pool.fetch(ITEMS, order_id)]
    settled = sum(item["ended"] is not None for item in items)
    return {**dict(row), "settled": settled, "total": len(items), "appeals": items}
