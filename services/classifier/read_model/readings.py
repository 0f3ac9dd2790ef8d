"""What the model read and said of each appeal, and what people said after it."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassifierEvent,
    Handover,
    Judgement,
    ReviewLeft,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection
from libs.common.execution.decision import Applied
from services.classifier.domain.commands import ClassifierCommand, RecordJudgement
from services.classifier.read_model.labels import keep_labels
from services.classifier.read_model.suspicions import keep_suspicions

Decided: TypeAlias = Applied[ClassifierCommand, ClassifierEvent]
New: TypeAlias = NewEvent[ClassifierEvent]
COLUMNS: Final = (
    "appeal_id",
    "partition",
    "key",
    "version",
    "state",
    "reason",
    "round",
    "excluded",
    "note",
    "proposed",
    "item",
    "confidence",
    "urgency",
    "enterprise_id",
    "sub_district",
    "accepted_at",
    "judged_at",
    "changed_at",
    "model_version",
    "title",
    "text",
    "judgement",
)
# Never judged before: there is no text, and the row is made by the review itself.
ASK: Final = """
    INSERT INTO readings AS r (appeal_id, partition, key, version, state, reason, round, excluded,
        note, proposed, item, confidence, urgency, enterprise_id, sub_district, accepted_at,
        judged_at, changed_at, model_version, title, text, judgement)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20, $21, $22)
    ON CONFLICT (appeal_id) DO UPDATE SET version = EXCLUDED.version, state = EXCLUDED.state,
        reason = EXCLUDED.reason, round = EXCLUDED.round, excluded = EXCLUDED.excluded,
        note = EXCLUDED.note, judgement = EXCLUDED.judgement, changed_at = EXCLUDED.changed_at
"""
MOVE: Final = """
    UPDATE readings SET version = $2, state = coalesce($3, state), item = coalesce($4, item),
        changed_at = $5
    WHERE appeal_id = $1
"""


async def project(connection: Connection, applied: Sequence[Decided], /) -> None:
    """In the transaction of the events themselves; the common path is one COPY."""
    first = [row for one in applied if (row := judged(one)) is not None]
    if first:
        await connection.copy_records_to_table("readings", columns=COLUMNS, records=first)
    later = [
        event
        for one in applied
        if not isinstance(one.request.command, RecordJudgement)
        for event in one.events
    ]
    if later:
        await follow(connection, later)


async def follow(connection: Connection, events: Sequence[New]) -> None:
    """In the order of the events: an appeal may be asked for and answered in one slice."""
    for new in events:
        if isinstance(new.event, ReviewRequired):
            await connection.execute(ASK, *review_row(new, new.event, "", ""))
        else:
            state, item = change_of(new.event)
            appeal_id = new.event.appeal_id
            await connection.execute(MOVE, appeal_id, new.version, state, item, new.time)
    await keep_labels(connection, events)
    await keep_suspicions(connection, events)


def change_of(event: ClassifierEvent) -> tuple[str | None, str | None]:
    match event:
        case ClassificationConfirmed():
            return "classified", event.item
        case ReviewLeft():
            return "left", None
        case WithdrawnBeforeDispatch():
            return "withdrawn", None
        case _:
            return None, None


def judged(one: Decided) -> tuple[Any, ...] | None:
    command = one.request.command
    if not isinstance(command, RecordJudgement) or not one.events:
        return None
    new = one.events[0]
    match event := new.event:
        case AppealClassified():
            return (
                *head(new, "classified", None, 0),
                [],
                None,
                *said(event.judgement, event.item, event.handover),
                *times(new, event.handover, event.judgement),
                command.title,
                command.text,
                None,
            )
        case ReviewRequired():
            return review_row(new, event, command.title, command.text)
        case _:
            return None


def review_row(new: New, event: ReviewRequired, title: str, text: str) -> tuple[Any, ...]:
    judgement = event.judgement
    return (
        *head(new, "in_review", event.reason, event.round),
        list(event.excluded),
        event.note,
        *said(judgement, None, event.handover),
        *times(new, event.handover, judgement),
        title,
        text,
        None if judgement is None else judgement.model_dump_json(),
    )


def head(new: New, state: str, reason: str | None, round_: int) -> tuple[Any, ...]:
    return (new.event.appeal_id, new.partition, new.key, new.version, state, reason, round_)


def said(judgement: Judgement | None, item: str | None, handover: Handover) -> tuple[Any, ...]:
    first = judgement.candidates[0] if judgement else None
    return (
        first.item if first else None,
        item,
        judgement.confidence if judgement else 0,
        handover.urgency,
        handover.enterprise_id,
        handover.sub_district,
    )


def times(new: New, handover: Handover, judgement: Judgement | None) -> tuple[Any, ...]:
    version = judgement.model_version if judgement else None
    return (handover.accepted_at, new.time, new.time, version)
