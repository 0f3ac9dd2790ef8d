"""Which records of a slice are new, which are not ours, and where the partition must stop."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from libs.common.contracts.topics import Topic
from libs.common.subscription import AnySubscription, InboundSubscription, Record, name_of

StopReason: TypeAlias = Literal["hole", "unknown_version", "other_topic"]
SEQUENCE: Final = "sequence"
TOPIC_ID: Final = "topic_id"
TYPE: Final = "ce_type"
LONGEST_NUMBER: Final = 18  # digits that surely fit into a bigint
EVENT_ID: Final = "ce_id"
SUBJECT: Final = "ce_subject"
CORRELATION_ID: Final = "correlation_id"
TRACEPARENT: Final = "traceparent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Records of one partition in one poll, in order; at least one, at most a whole batch."""

    topic: Topic
    partition: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Position:
    """How far a service has read a partition, as its own database says."""

    topic_id: UUID
    next_offset: int
    last_sequence: int


@dataclass(frozen=True, slots=True)
class Stop:
    """The partition waits at `offset` for a person; the others go on."""

    reason: StopReason
    offset: int
    detail: str


@dataclass(slots=True)
class Screened:
    """A slice after the fence: what is to be worked on, and where the next one starts."""

    topic: Topic
    partition: int
    topic_id: UUID
    next_offset: int
    last_sequence: int
    taken: list[Record] = field(default_factory=list[Record])
    foreign: list[Record] = field(default_factory=list[Record])
    stop: Stop | None = None
    redelivered: int = 0
    repeated: int = 0
    skipped: int = 0
    gaps: int = 0


def screen(slice_: Slice, at: Position, subscription: AnySubscription[Any] | None) -> Screened:
    """`subscription` is None for a reader that takes every event of a service topic."""
    result = Screened(slice_.topic, slice_.partition, at.topic_id, at.next_offset, at.last_sequence)
    for record in slice_.records:
        if record.offset < at.next_offset:
            result.redelivered += 1
            continue
        if slice_.topic.is_inbound:
            result.gaps += record.offset != result.next_offset
            result.taken.append(record)
        elif not take_numbered(result, record, subscription):
            break
        result.next_offset = record.offset + 1
    return result


def take_numbered(
    result: Screened, record: Record, subscription: AnySubscription[Any] | None
) -> bool:
    """False where the partition must stop before this record."""
    sequence = sequence_of(record)
    event_type = record.text(TYPE)
    if sequence is None or event_type is None or record.text(EVENT_ID) is None:
        result.foreign.append(record)
        return True
    if record.text(TOPIC_ID) != str(result.topic_id):
        result.stop = Stop("other_topic", record.offset, f"topic_id of sequence {sequence}")
        return False
    if sequence <= result.last_sequence:
        result.repeated += 1
        return True
    if sequence > result.last_sequence + 1:
        detail = f"sequence {sequence} after {result.last_sequence}"
        result.stop = Stop("hole", record.offset, detail)
        return False
    return take_known(result, record, event_type, subscription)


def take_known(
    result: Screened, record: Record, event_type: str, subscription: AnySubscription[Any] | None
) -> bool:
    if (
        subscription is None
        or isinstance(subscription, InboundSubscription)
        or event_type in subscription.reads
    ):
        result.taken.append(record)
    elif name_of(event_type) in subscription.names:
        result.stop = Stop("unknown_version", record.offset, event_type)
        return False
    else:
        result.skipped += 1
    result.last_sequence += 1
    return True


def sequence_of(record: Record) -> int | None:
    text = record.text(SEQUENCE)
    return (
        int(text) if text is not None and text.isdigit() and len(text) <= LONGEST_NUMBER else None
    )
