"""The enterprise register as a table, and the officers of all firms at hand for submissions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final, TypeAlias
from uuid import UUID

from libs.common.contracts.intake_register import (
    EnterpriseRegistered,
    EnterpriseUpdated,
    OfficerAssigned,
    OfficerRelieved,
    RegisterEvent,
)
from libs.common.contracts.intake_words import OfficerId
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.decision import Applied
from libs.common.ids import EnterpriseId
from services.intake.domain.register import RegisterCommand

INSERT: Final = """
    INSERT INTO enterprises (enterprise_id, uscc, name, sub_district, version, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
UPDATE: Final = """
    UPDATE enterprises SET name = $2, sub_district = $3, version = $4, changed_at = $5
    WHERE enterprise_id = $1
"""
ASSIGN: Final = """
    UPDATE enterprises SET officer_id = $2, officer_unit = $3, version = $4, changed_at = $5
    WHERE enterprise_id = $1
"""
STAMP: Final = "UPDATE register_stamp SET revision = revision + 1"
REVISION: Final = "SELECT revision FROM register_stamp"
OFFICERS: Final = "SELECT enterprise_id, officer_id FROM enterprises WHERE officer_id IS NOT NULL"
FIND: Final = """
    SELECT enterprise_id::text, uscc, name, sub_district, officer_id, officer_unit, version,
           changed_at
    FROM enterprises WHERE enterprise_id = $1
"""
FOLLOWED: Final = """
    SELECT enterprise_id::text, uscc, name, sub_district, officer_id, officer_unit, version,
           changed_at
    FROM enterprises WHERE officer_id = $1 ORDER BY uscc LIMIT $2
"""
LOOK_EVERY_S: Final = 1.0
Asked: TypeAlias = "Pool | Connection"


async def project(
    connection: Connection, applied: Sequence[Applied[RegisterCommand, RegisterEvent]], /
) -> None:
    """Rare, so one statement an event. The stamp's row is held until the commit."""
    events = [new for one in applied for new in one.events]
    for new in events:
        await write(connection, new)
    if any(isinstance(new.event, OfficerAssigned | OfficerRelieved) for new in events):
        await connection.execute(STAMP)


async def write(connection: Connection, new: NewEvent[RegisterEvent]) -> None:
    event, version, time = new.event, new.version, new.time
    enterprise_id, place = event.enterprise_id, (version, time)
    match event:
        case EnterpriseRegistered():
            facts = (event.uscc, event.enterprise_name, event.sub_district)
            await connection.execute(INSERT, enterprise_id, *facts, *place)
        case EnterpriseUpdated():
            facts_now = (event.enterprise_name, event.sub_district)
            await connection.execute(UPDATE, enterprise_id, *facts_now, *place)
        case OfficerAssigned():
            officer = (event.officer_id, event.officer_unit)
            await connection.execute(ASSIGN, enterprise_id, *officer, *place)
        case OfficerRelieved():
            await connection.execute(ASSIGN, enterprise_id, None, None, *place)


@dataclass(slots=True)
class Officers:
    """Which officer follows which firm, at most a second old.

    Looked up in memory, because a query a submission would cost more than the submission's own;
    read anew only when the stamp has moved.
    """

    revision: int = -1
    looked_at: float = float("-inf")
    by_enterprise: dict[UUID, OfficerId] = field(default_factory=dict[UUID, OfficerId])

    async def look(self, database: Asked) -> None:
        now = monotonic()
        if now - self.looked_at < LOOK_EVERY_S:
            return
        revision: int = await database.fetchval(REVISION)
        if revision != self.revision:
            rows = await database.fetch(OFFICERS)
            self.by_enterprise = {row["enterprise_id"]: row["officer_id"] for row in rows}
            self.revision = revision
        self.looked_at = now

    def of(self, enterprise_id: EnterpriseId) -> OfficerId | None:
        return self.by_enterprise.get(enterprise_id)

    def forget(self) -> None:
        """After a change of our own the next look is at once."""
        self.looked_at = float("-inf")


async def find_enterprise(pool: Pool, enterprise_id: UUID) -> dict[str, Any] | None:
    row = await pool.fetchrow(FIND, enterprise_id)
    return None if row is None else dict(row)


async def followed_by(pool: Pool, officer_id: str, limit: int) -> list[dict[str, Any]]:
    return [dict(row) for row in await pool.fetch(FOLLOWED, officer_id, limit)]
