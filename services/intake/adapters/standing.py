"""Where intake's own decisions leave an appeal, and where its stream is to be found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from libs.common.contracts.intake import (
    AnsweredAtIntake,
    AppealAccepted,
    AppealEvent,
    AppealWithdrawn,
    ResolvedOnSite,
)
from libs.common.contracts.intake_screening import (
    AppealRejected,
    EmergencyTransferred,
    InfoRequested,
    InfoSupplied,
    InfoTimedOut,
    RejectionOverturned,
)
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.decision import Applied
from services.intake.domain.commands import FromOutside, IntakeCommand, SubmitAppeal

# The owner's own word is the truth of its part, so unlike others' it may also take a stage back.
OWN_STAGES: Final[Mapping[str, str]] = {
    AppealAccepted.TYPE: "accepted",
    InfoRequested.TYPE: "info_pending",
    InfoSupplied.TYPE: "submitted",
    InfoTimedOut.TYPE: "closed",
    AppealRejected.TYPE: "not_accepted",
    RejectionOverturned.TYPE: "submitted",
    EmergencyTransferred.TYPE: "transferred_out",
    AppealWithdrawn.TYPE: "withdrawn",
    AnsweredAtIntake.TYPE: "callback_pending",
    ResolvedOnSite.TYPE: "result_submitted",
}
MOVE: Final = """
    UPDATE progress p SET stage = n.stage, changed_at = n.changed_at,
        accepted_at = CASE WHEN n.stage = 'accepted' THEN n.changed_at ELSE p.accepted_at END
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS n(appeal_id, stage, changed_at)
    WHERE p.appeal_id = n.appeal_id
"""
# One probe of the index a partition: the key, and with it the partition, is not in the id.
PLACES: Final = """
    SELECT a.appeal_id, e.partition, e.key
    FROM unnest($1::uuid[]) AS a(appeal_id) CROSS JOIN partition_heads h
    CROSS JOIN LATERAL (
        SELECT partition, key FROM events
        WHERE partition = h.partition AND stream_id = 'intake-' || a.appeal_id AND version = 1
    ) AS e
"""
CHANGES: Final = """
    SELECT version, type, recorded_at FROM events
    WHERE partition = $1 AND stream_id = $2 AND version > $3 ORDER BY version LIMIT 100
"""
DESK: Final = """
    SELECT appeal_id::text, producer_id, source_id, stage, accepted_at AS submitted_at, changed_at
    FROM progress WHERE stage = ANY($1::text[]) ORDER BY changed_at LIMIT $2
"""


Asked: TypeAlias = "Pool | Connection"


@dataclass(frozen=True, slots=True)
class Place:
    partition: int
    key: str


async def project(
    connection: Connection, applied: Sequence[Applied[IntakeCommand, AppealEvent]]
) -> None:
    """Submissions have rows of their own already; of every other command the last stage counts."""
    moves: dict[UUID, tuple[str, datetime]] = {}
    for one in applied:
        if isinstance(one.request.command, SubmitAppeal):
            continue
        for new in one.events:
            stage = OWN_STAGES.get(new.event.TYPE)
            if stage is not None:
                moves[one.request.command.appeal_id] = (stage, new.time)
    if moves:
        ids = sorted(moves)
        stages, times = [moves[one][0] for one in ids], [moves[one][1] for one in ids]
        await connection.execute(MOVE, ids, stages, times)


async def find_places(pool: Asked, appeal_ids: Collection[UUID]) -> dict[UUID, Place]:
    """Partition and key of each appeal, fixed at its submission; unknown ones are left out."""
    rows = await pool.fetch(PLACES, list(appeal_ids))
    return {row["appeal_id"]: Place(row["partition"], row["key"].decode()) for row in rows}


async def changes_since(pool: Pool, place: Place, command: FromOutside) -> list[dict[str, Any]]:
    """What the sender of a stale command has not seen."""
    expected = command.asked.expected_version
    stream_id = f"intake-{command.appeal_id}"
    rows = await pool.fetch(CHANGES, place.partition, stream_id, expected or 0)
    return [dict(row) for row in rows]


async def waiting(pool: Pool, stages: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """What a seat has before it, the longest unmoved first."""
    return [dict(row) for row in await pool.fetch(DESK, stages, limit)]
