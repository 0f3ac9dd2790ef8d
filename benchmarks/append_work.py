"""The same events for every way of appending, made before the clock starts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

from benchmarks.classified import classified_events
from libs.common.contracts.classifier import AppealClassified
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import NewEvent, encode
from libs.common.eventstore.store import row_of
from libs.common.messaging.sender import headers_of
from libs.common.subscription import Record

PARTITIONS: Final = 12
T = TypeVar("T")
Batch = Sequence[NewEvent[AppealClassified]]


@dataclass(frozen=True, slots=True)
class Work:
    """Batches of the same size: events to append, rows to copy, records to chain."""

    of_one_partition: Sequence[Batch]
    of_all_partitions: Sequence[Batch]
    rows: Sequence[Sequence[tuple[Any, ...]]]
    records: Sequence[Sequence[Record]]


def prepared_work(number: int, count: int, size: int) -> Work:
    """Round `number`, whose streams and sequences follow those of the rounds before."""
    events = list(classified_events(number * count, count, PARTITIONS))
    batches = list(map(one_partition, batches_of(events, size), repeat_partitions()))
    first = number * count + 1
    numbered = [
        list(zip(range(first + index * size, first + (index + 1) * size), batch, strict=False))
        for index, batch in enumerate(batches)
    ]
    return Work(
        of_one_partition=batches,
        of_all_partitions=list(batches_of(events, size)),
        rows=[[row_of(one, encode(one), n) for n, one in batch] for batch in numbered],
        records=[[record_of(one, n) for n, one in batch] for batch in numbered],
    )


def batches_of(items: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while several := list(islice(rest, size)):
        yield several


def repeat_partitions() -> Iterator[int]:
    while True:
        yield from range(PARTITIONS)


def one_partition(batch: Batch, partition: int) -> Batch:
    """As a slice brings them: a batch is of one partition, the next batch of another."""
    return [event._replace(partition=partition) for event in batch]


def record_of(event: NewEvent[AppealClassified], sequence: int) -> Record:
    """What the dossier's consumer would hold of this event."""
    row = {
        "sequence": sequence,
        "type": event.event.TYPE,
        "event_id": event.event_id,
        "subject": event.subject,
        "correlation_id": event.correlation_id,
        "traceparent": None,
    }
    return Record(
        topic=Topic.CLASSIFIER_EVENTS,
        partition=event.partition,
        offset=sequence - 1,
        key=event.key.encode(),
        value=encode(event),
        headers=dict(headers_of(row, str(UUID(int=0)).encode())),
    )
