"""What a draft would move: leads, open appeals; and what rulings have asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
import orjson
from rich.console import Console
from rich.table import Table

from cli.reach import Reach
from libs.catalogue.changes import lead_of
from libs.catalogue.drafting import Draft
from libs.common.contracts.router import CatalogueChangeProposed

OPEN: Final = """
    SELECT item, count(*) FROM router.dispatches
    WHERE item = ANY($1::text[]) AND state NOT IN ('closed', 'withdrawn', 'merged') GROUP BY item
"""
PROPOSED: Final = """
    SELECT body FROM router.events WHERE type = $1 ORDER BY partition, sequence
"""
CONNECTION: Final = {"application_name": "appeals-catalogue"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One ruling's wish; the same wish may come from many rulings."""

    item: str
    sub_district: str | None
    lead_before: str
    lead_ruled: str
    reason: str
    proposed_at: datetime


def moved_leads(draft: Draft) -> list[dict[str, Any]]:
    """One row a change, with the leads before and after."""
    return [
        {
            "item": change.item,
            "kind": change.kind,
            "successors": ", ".join(change.successors),
            "lead_before": lead_of(draft.base, change.item),
            "lead_after": ", ".join(
                sorted({lead_of(draft.listed, code) or "?" for code in change.successors})
            ),
            "reason": change.reason,
        }
        for change in draft.changes.changes
    ]


async def open_appeals(reach: Reach, draft: Draft) -> list[tuple[str, int]]:
    """How many appeals that are not closed yet each changed item has. They keep their lead."""
    items = [change.item for change in draft.changes.changes]
    connection = await asyncpg.connect(reach.dsn, server_settings=CONNECTION, timeout=10)
    try:
        return [tuple(row) for row in await connection.fetch(OPEN, items)]
    finally:
        await connection.close()


async def proposals(reach: Reach) -> list[Proposal]:
    connection = await asyncpg.connect(reach.dsn, server_settings=CONNECTION, timeout=10)
    try:
        rows = await connection.fetch(PROPOSED, CatalogueChangeProposed.TYPE)
    finally:
        await connection.close()
    return [proposal_of(row["body"]) for row in rows]


def proposal_of(body: bytes) -> Proposal:
    envelope: dict[str, Any] = orjson.loads(body)
    event = CatalogueChangeProposed.model_validate(envelope["data"])
    return Proposal(
        event.item,
        event.sub_district,
        event.lead_before,
        event.lead_ruled,
        event.reason,
        datetime.fromisoformat(envelope["time"]),
    )


def show_proposals(console: Console, found: Sequence[Proposal]) -> None:
    if not found:
        console.print("没有裁定提出过目录修订。No ruling has proposed a change.")
        return
    table = Table("事项 item", "街道 place", "主办 lead", "理由 reason", box=None)
    for one in found:
        leads = f"{one.lead_before} → {one.lead_ruled}"
        table.add_row(one.item, one.sub_district or "–", leads, one.reason)
    console.print(table)
