"""Raw texts and contact data, and nothing of it anywhere else."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.intake import IntakeEvent
from libs.common.eventstore.store import Connection
from libs.common.execution.decision import Applied
from services.intake.domain.commands import IntakeCommand

COLUMNS: Final = ("appeal_id", "raw", "salt")


async def keep(
    connection: Connection, applied: Sequence[Applied[IntakeCommand, IntakeEvent]]
) -> None:
    """In the transaction of the event that commits to it, so neither is without the other."""
    rows = [
        (one.request.command.appeal_id, one.request.command.raw, one.request.command.salt)
        for one in applied
        if one.events
    ]
    if rows:
        await connection.copy_records_to_table("vault", columns=COLUMNS, records=rows)
