"""How far each appeal has come, for the producer that sent it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ReviewRequired,
)
from libs.common.contracts.intake import AppealAccepted, AppealEvent
from libs.common.contracts.router import (
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
)
from libs.common.contracts.sla import (
    ClocksStarted,
    DeadlineSet,
    EscalationRevoked,
    LevelRaised,
    LimitPassed,
    Notified,
    Supervised,
    Urged,
    WarningRaised,
)
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.decision import Applied
from libs.common.execution.parking import Parked
from libs.common.execution.screening import TYPE
from libs.common.failures import describe
from libs.common.subscription import Record
from services.intake.domain.commands import IntakeCommand, SubmitAppeal

# Order matters: a stage that is told late does not take an appeal back.
STAGES: Final = (
    "accepted",
    "in_review",
    "classified",
    "dispatched",
    "in_progress",
    "result_submitted",
    "callback_pending",
    "closed",
)
# Before any stage that others can tell of: only intake itself moves an appeal on from here.
SUBMITTED: Final = "submitted"
STAGE_OF: Final[Mapping[str, str]] = {
    ReviewRequired.TYPE: "in_review",
    AppealClassified.TYPE: "classified",
    ClassificationConfirmed.TYPE: "classified",
    AppealDispatched.TYPE: "dispatched",
    DispatchSigned.TYPE: "in_progress",
    ResultSubmitted.TYPE: "result_submitted",
    ResultApproved.TYPE: "callback_pending",
    RatedAcceptable.TYPE: "closed",
}
# Every step, since a revocation does not say of which kind the step was.
ESCALATIONS: Final = frozenset(
    {
        WarningRaised.TYPE,
        Urged.TYPE,
        LimitPassed.TYPE,
        Supervised.TYPE,
        LevelRaised.TYPE,
        Notified.TYPE,
    }
)
# What a dispatch says of the item it repeats, so the classification itself is not read.
DEADLINES: Final = frozenset({ClocksStarted.TYPE, DeadlineSet.TYPE, EscalationRevoked.TYPE})
READ: Final = (STAGE_OF.keys() | ESCALATIONS | DEADLINES) - {AppealClassified.TYPE}
COLUMNS: Final = ("appeal_id", "producer_id", "source_id", "stage", "accepted_at", "changed_at")
MOVE: Final = """
    UPDATE progress p SET
        stage = CASE WHEN array_position($8::text[], n.stage) > array_position($8::text[], p.stage)
                THEN n.stage ELSE p.stage END,
        item = coalesce(n.item, p.item),
        category = coalesce(n.category, p.category),
        lead = coalesce(n.lead, p.lead),
        resolve_due = coalesce(n.resolve_due::timestamptz, p.resolve_due),
        escalations = p.escalations + n.escalations,
        changed_at = now()
    FROM (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
                               $6::text[], $7::int[])
          AS u(appeal_id, stage, item, category, lead, resolve_due, escalations)
          ORDER BY appeal_id) AS n
    WHERE p.appeal_id = n.appeal_id
"""
FIND: Final = """
    SELECT appeal_id::text, producer_id, source_id, stage, accepted_at, item, category, lead,
           resolve_due, escalations, changed_at
    FROM progress WHERE appeal_id = $1
"""


@dataclass(slots=True)
class Move:
    """What a slice's events say of one appeal, put together."""

    stage: str | None = None
    item: str | None = None
    category: str | None = None
    lead: str | None = None
    resolve_due: str | None = None
    escalations: int = 0

    def add(self, event_type: str, data: Mapping[str, Any]) -> None:
        stage = STAGE_OF.get(event_type)
        if stage is not None and (
            self.stage is None or STAGES.index(stage) > STAGES.index(self.stage)
        ):
            self.stage = stage
        self.item = data.get("item") or self.item
        self.category = data.get("category") or self.category
        if event_type == AppealDispatched.TYPE:
            self.lead = data["lead"]
        if event_type == ClocksStarted.TYPE:
            dues = {clock["clock"]: clock["due"] for clock in data["clocks"]}
            self.resolve_due = dues.get("resolve", self.resolve_due)
        if event_type == DeadlineSet.TYPE and data["clock"]["clock"] == "resolve":
            self.resolve_due = data["clock"]["due"]
        self.escalations += (event_type in ESCALATIONS) - (event_type == EscalationRevoked.TYPE)


async def project(
    connection: Connection, applied: Sequence[Applied[IntakeCommand, AppealEvent]], /
) -> None:
    """A row for each new appeal."""
    rows = [
        (c.appeal_id, c.producer_id, c.source_id, first_stage(e), c.prepared.occurred_at, e[0].time)
        for c, e in ((one.request.command, one.events) for one in applied)
        if e and isinstance(c, SubmitAppeal)
    ]
    if rows:
        await connection.copy_records_to_table("progress", columns=COLUMNS, records=rows)


def first_stage(events: Sequence[NewEvent[AppealEvent]]) -> str:
    """Accepted by rule in the same decision, or to be looked at by a seat."""
    return STAGES[0] if isinstance(events[-1].event, AppealAccepted) else SUBMITTED


async def follow(connection: Connection, records: Sequence[Record]) -> list[Parked]:
    """Takes other services' facts into the rows; one that can not be read parks its key here."""
    moves: dict[UUID, Move] = {}
    parked: list[Parked] = []
    for record in records:
        event_type = record.text(TYPE) or ""
        if event_type not in READ:
            continue
        try:
            envelope = orjson.loads(record.value or b"")
            moves.setdefault(UUID(envelope["subject"]), Move()).add(event_type, envelope["data"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            parked.append(Parked(record, "undecodable", describe(error)[1], parks_key=True))
    if moves:
        await write(connection, sorted(moves.items()))
    return parked


async def write(connection: Connection, moves: Sequence[tuple[UUID, Move]]) -> None:
    await connection.execute(
        MOVE,
        [appeal_id for appeal_id, _ in moves],
        [move.stage for _, move in moves],
        [move.item for _, move in moves],
        [move.category for _, move in moves],
        [move.lead for _, move in moves],
        [move.resolve_due for _, move in moves],
        [move.escalations for _, move in moves],
        STAGES,
    )


async def find_progress(pool: Pool, appeal_id: UUID) -> dict[str, Any] | None:
    row = await pool.fetchrow(FIND, appeal_id)
    return None if row is None else dict(row)
