"""The dossier's own events: it decides nothing, so each is simply the next one of its stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from libs.common.contracts.dossier import CheckpointSigned, DossierEvent, LeavesOrdered
from libs.common.contracts.envelope import Actor
from libs.common.eventstore.encoding import NewEvent
from libs.common.eventstore.store import Connection, append, read_versions
from libs.common.ids import SYSTEM_KEY, event_id_of, named_id
from libs.common.subscription import name_of

DOSSIER: Final = Actor(kind="system", id="dossier", unit="dossier")
# They say what the tree is made of: as leaves of it they would never come to an end.
NO_LEAVES: Final = frozenset(map(name_of, (LeavesOrdered.TYPE, CheckpointSigned.TYPE)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEvent:
    """One fact and the stream that it goes to; `subject` and `key` as in the envelope.

    `cause` makes its id: the same cause, type and place give the same id again.
    """

    event: DossierEvent
    stream_id: str
    partition: int
    cause: UUID
    key: str = SYSTEM_KEY
    subject: str = SYSTEM_KEY
    actor: Actor = DOSSIER


async def append_own(connection: Connection, facts: Sequence[OwnEvent], now: datetime) -> None:
    """Last thing before the commit; at the ends of their streams, in the order given.

    Raises StreamConflictError when another writer was faster: roll back and do it all again.
    """
    versions = dict(
        await read_versions(connection, {(one.partition, one.stream_id) for one in facts})
    )
    new: list[NewEvent[DossierEvent]] = []
    for one in facts:
        stream = (one.partition, one.stream_id)
        versions[stream] = versions.get(stream, 0) + 1
        new.append(new_event(one, versions[stream], now))
    await append(connection, new)


def new_event(one: OwnEvent, version: int, now: datetime) -> NewEvent[DossierEvent]:
    return NewEvent(
        event=one.event,
        event_id=event_id_of(one.cause, one.event.TYPE, f"/{one.stream_id}/{version}"),
        partition=one.partition,
        stream_id=one.stream_id,
        version=version,
        key=one.key,
        subject=one.subject,
        source="/appeals/dossier",
        time=now,
        correlation_id=named_id(one.stream_id) if one.subject == SYSTEM_KEY else UUID(one.subject),
        causation_id=one.cause,
        actor=one.actor,
    )
