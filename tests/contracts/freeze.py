"""Writes the golden file of a new event version: `python -m tests.contracts.freeze TYPE DATA`."""

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from cli.documents.owned import ALL_EVENTS
from libs.common.contracts.envelope import Actor, Envelope, Event
from libs.common.eventstore.encoding import NewEvent, adapter, encode
from libs.common.ids import appeal_id_of, enterprise_id_of, event_id_of, named_id

GOLDEN: Final = Path(__file__).parent / "golden"
SHANGHAI: Final = timezone(timedelta(hours=8))
BY_TYPE: Final = {event.TYPE: event for event in ALL_EVENTS}
APPEAL: Final = appeal_id_of("hotline", "hotline", "GD20260302000117")
ENTERPRISE: Final = enterprise_id_of("91440306MA5DEMX00H")


def as_sent(event: Event) -> bytes:
    """The event in an envelope of fixed values, as the relay would send it."""
    service = event.TYPE.partition(".")[0]
    cause = named_id(f"golden/{service}")
    return encode(
        NewEvent(
            event=event,
            event_id=event_id_of(cause, event.TYPE, "0"),
            partition=0,
            stream_id=f"{service}-{APPEAL}",
            version=1,
            key=str(ENTERPRISE),
            subject=str(APPEAL),
            source=f"/appeals/{service}",
            time=datetime(2026, 3, 2, 9, 15, tzinfo=SHANGHAI),
            correlation_id=APPEAL,
            causation_id=cause,
            actor=Actor(kind="system", id=service, unit=service),
        )
    )


def encoded_again(envelope: Envelope[Event], event: Event) -> bytes:
    if envelope.causationid is None:
        raise ValueError
    return encode(
        NewEvent(
            event=event,
            event_id=envelope.id,
            partition=0,
            stream_id="",
            version=envelope.streamversion,
            key=envelope.partitionkey,
            subject=envelope.subject,
            source=envelope.source,
            time=envelope.time,
            correlation_id=envelope.correlationid,
            causation_id=envelope.causationid,
            actor=envelope.actor,
            traceparent=envelope.traceparent,
        )
    )


def decoded(body: bytes) -> Envelope[Any]:
    event_type = Envelope[dict[str, Any]].model_validate_json(body).type
    return adapter(BY_TYPE[event_type]).validate_json(body)


def freeze(event_type: str, data: bytes) -> Path:
    """Raises FileExistsError: what is released is never edited."""
    path = GOLDEN / f"{event_type}.json"
    body = as_sent(BY_TYPE[event_type].model_validate_json(data))
    with path.open("xb") as file:
        file.write(body + b"\n")
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{freeze(sys.argv[1], Path(sys.argv[2]).read_bytes()).name}\n")
