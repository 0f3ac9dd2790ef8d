"""Records as Kafka would give them, with everything that a test does not care about filled in."""

from datetime import UTC, datetime
from uuid import UUID

from libs.common.contracts.classifier import (
    AppealClassified,
    Candidate,
    Ground,
    Handover,
    Judgement,
)
from libs.common.contracts.envelope import Actor, Event
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import NewEvent, encode
from libs.common.ids import AppealId, ItemCode
from libs.common.subscription import Record
from tests.support.databases import TOPIC_ID

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
KEY = "00000000-0000-0000-0000-0000000000e1"


def appeal(number: int) -> AppealId:
    return AppealId(UUID(int=0xA000 + number))


def handover() -> Handover:
    return Handover(
        enterprise_id=None,
        accepted_at=NOON,
        channel="hotline",
        kind="request",
        urgency="normal",
        sub_district="XX",
    )


def judgement(item: str = "PUB-01") -> Judgement:
    return Judgement(
        candidates=(Candidate(item=ItemCode(item), confidence=9_000),),
        confidence=9_000,
        margin=8_000,
        none_of_these=100,
        urgency=100,
        reasons=(Ground(words="停电", share=5_000),),
        threshold=7_000,
        model_version="test",
        catalogue_version="2026.1",
    )


def classified(number: int, item: str = "PUB-01") -> AppealClassified:
    return AppealClassified(
        appeal_id=appeal(number),
        item=ItemCode(item),
        category=item[:3],
        judgement=judgement(item),
        handover=handover(),
    )


def fact(
    event: Event,
    *,
    offset: int,
    sequence: int | None = None,
    subject: AppealId | None = None,
    key: str = KEY,
    partition: int = 0,
) -> Record:
    """A classifier's event at an offset; its sequence is offset + 1 unless said otherwise."""
    number = offset + 1 if sequence is None else sequence
    about = subject or AppealId(UUID(int=0xA000))
    new = NewEvent(
        event=event,
        event_id=UUID(int=0xE000 + number),
        partition=partition,
        stream_id=f"test-{about}",
        version=1,
        key=key,
        subject=str(about),
        source="/test",
        time=NOON,
        correlation_id=about,
        causation_id=about,
        actor=Actor(kind="system", id="test", unit="test"),
    )
    headers: dict[str, bytes | None] = {
        "sequence": str(number).encode(),
        "topic_id": str(TOPIC_ID).encode(),
        "ce_type": event.TYPE.encode(),
        "ce_id": str(new.event_id).encode(),
        "ce_subject": str(about).encode(),
    }
    return Record(Topic.CLASSIFIER_EVENTS, partition, offset, key.encode(), encode(new), headers)


def dispatchable(number: int, *, offset: int, key: str = KEY, partition: int = 0) -> Record:
    """A classified appeal that the router will dispatch."""
    return fact(
        classified(number), offset=offset, subject=appeal(number), key=key, partition=partition
    )


def spoilt(record: Record, value: bytes = b"not json") -> Record:
    return record._replace(value=value)


def with_header(record: Record, name: str, value: bytes | None) -> Record:
    return record._replace(headers={**record.headers, name: value})
