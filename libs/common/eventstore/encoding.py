"""The one place where an event's bytes are made: stored, published and hashed as they are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from libs.common.contracts.envelope import Actor, Envelope, Event
from libs.common.errors import PoisonError

E = TypeVar("E", bound=Event)
E_co = TypeVar("E_co", bound=Event, covariant=True)

# Kafka's own limit is 1 MB a record; an event is a fact, not an attachment.
MAX_EVENT_BYTES: Final = 256 * 1024


class ReadEvent(Protocol[E_co]):
    """Decodes one stored event by its written type."""

    def __call__(self, event_type: str, body: bytes, /) -> Envelope[E_co]: ...


class NewEvent(NamedTuple, Generic[E_co]):
    """One fact and everything around it, before it has a sequence number."""

    event: E_co
    event_id: UUID
    partition: int
    stream_id: str
    version: int
    key: str
    subject: str
    source: str
    time: datetime
    correlation_id: UUID
    causation_id: UUID
    actor: Actor
    traceparent: str | None = None


def encode(new: NewEvent[Event]) -> bytes:
    """CloudEvents 1.0 structured JSON. Raises PoisonError above 256 KB."""
    event_type = new.event.TYPE
    body = orjson.dumps(
        {
            "specversion": "1.0",
            "id": new.event_id,
            "type": event_type,
            "source": new.source,
            "subject": new.subject,
            "time": new.time,
            "partitionkey": new.key,
            "correlationid": new.correlation_id,
            "causationid": new.causation_id,
            "streamversion": new.version,
            "dataschema": f"/schemas/{event_type}",
            "traceparent": new.traceparent,
            "actor": {"kind": new.actor.kind, "id": new.actor.id, "unit": new.actor.unit},
            "data": orjson.Fragment(new.event.model_dump_json().encode()),
        }
    )
    if len(body) > MAX_EVENT_BYTES:
        raise PoisonError("event_too_large", f"an event of {len(body)} bytes; 262144 are allowed")
    return body


def reader(events: Sequence[type[E]]) -> ReadEvent[E]:
    """Decodes stored events of the given classes by their written type."""
    decoders = reads(events)

    def read(event_type: str, body: bytes) -> Envelope[E]:
        return decoders[event_type](body)

    return read


def reads(events: Sequence[type[E]]) -> Mapping[str, Callable[[bytes], Envelope[E]]]:
    """The decoders that a subscription wants, one for each event class."""
    return {event.TYPE: adapter(event).validate_json for event in events}


def adapter(event: type[E]) -> TypeAdapter[Envelope[E]]:
    # The class is known only at run time, so the parameter can not be written as a type.
    generic: Any = Envelope
    return TypeAdapter[Envelope[E]](generic[event])
