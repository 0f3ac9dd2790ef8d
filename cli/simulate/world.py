"""The four deciding services in one process, in virtual time: their real deciders, no servers.

Records carry the very bytes and headers that Kafka would, so contracts are exercised too.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any, Final, TypeAlias

import orjson

from libs.common.contracts.topics import ServiceName, Topic, topic_of
from libs.common.eventstore.encoding import NewEvent, encode
from libs.common.execution.commands import Batch, Failed, Group, prepared
from libs.common.execution.deciding import lane_of, requests_of
from libs.common.execution.decision import Applied, Decisions, Service, Stream
from libs.common.execution.screening import EVENT_ID, SEQUENCE, SUBJECT, TYPE
from libs.common.failures import describe
from libs.common.messaging.partitioning import partition_of
from libs.common.subscription import AnySubscription, InboundSubscription, Record

PARTITIONS: Final = 12
Deed: TypeAlias = Callable[[], None]
Listener: TypeAlias = Callable[[NewEvent[Any]], None]


@dataclass(slots=True)
class Member:
    """One service: what it reads, how far it has read it, and its streams' states."""

    service: Service[Any, Any, Any]
    subscriptions: Mapping[Topic, AnySubscription[Any]]
    streams: dict[tuple[int, str], Stream[Any]] = field(
        default_factory=dict[tuple[int, str], Stream[Any]]
    )
    read: dict[Topic, int] = field(default_factory=dict[Topic, int])

    def groups(self, record: Record, now: datetime) -> list[Group[Any]]:
        """The commands of one record; none where its header names nothing that is read."""
        subscription = self.subscriptions[record.topic]
        if isinstance(subscription, InboundSubscription):
            return [Group(subscription.admit(record, now))]
        if (record.text(TYPE) or "") not in subscription.reads:
            return []
        return [Group(requests_of(self.service.name, subscription, record), lane_of(record))]


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that a service could not work on: in the world nothing but a fault makes one."""

    service: str
    type: str
    reason: str
    detail: str


@dataclass(slots=True)
class World:
    """`now` only ever rises; what happens at the same moment happens in the order of its asking."""

    members: Sequence[Member]
    now: datetime
    listeners: list[Listener] = field(default_factory=list[Listener])
    after: dict[ServiceName, Callable[[Sequence[Applied[Any, Any]]], None]] = field(
        default_factory=dict[ServiceName, Callable[[Sequence[Applied[Any, Any]]], None]]
    )
    topics: dict[Topic, list[Record]] = field(default_factory=dict[Topic, list[Record]])
    agenda: list[tuple[datetime, int, Deed]] = field(
        default_factory=list[tuple[datetime, int, Deed]]
    )
    parked: list[Parked] = field(default_factory=list[Parked])
    numbers: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    order: Any = field(default_factory=count)
    log: Any = field(default_factory=sha256)
    events: int = 0

    def at(self, when: datetime, deed: Deed) -> None:
        """Not before now: who asks for the past gets the present."""
        heapq.heappush(self.agenda, (max(when, self.now), next(self.order), deed))

    def ask(self, action: Mapping[str, object], key: str) -> None:
        """An action as it comes by Kafka."""
        self.arrive(Topic.ACTIONS, key, orjson.dumps(action), {})

    def arrive(self, topic: Topic, key: str, value: bytes, headers: Mapping[str, bytes]) -> None:
        records = self.topics.setdefault(topic, [])
        partition = partition_of(key, PARTITIONS)
        records.append(Record(topic, partition, len(records), key.encode(), value, dict(headers)))

    def run(self, until: datetime) -> None:
        """Everything on the agenda up to `until`, each moment to its last consequence."""
        while self.agenda and self.agenda[0][0] <= until:
            self.now, _, deed = heapq.heappop(self.agenda)
            deed()
            self.settle()
        self.now = max(self.now, until)

    def settle(self) -> None:
        """Until nobody has anything left to read. Inbound topics first, as in the consumer."""
        heard = True
        while heard:
            heard = False
            for member in self.members:
                heard |= self.listen(member)

    def listen(self, member: Member) -> bool:
        heard = False
        for topic in sorted(member.subscriptions, key=lambda topic: (not topic.is_inbound, topic)):
            records = self.topics.get(topic, [])
            start = member.read.get(topic, 0)
            member.read[topic] = len(records)
            for record in records[start:]:
                heard = True
                self.hear(member, record)
        return heard

    def hear(self, member: Member, record: Record) -> None:
        try:
            groups = member.groups(record, self.now)
        except Exception as error:  # noqa: BLE001 - what the consumer would park
            self.park(member, record.text(TYPE) or str(record.topic), error)
            return
        self.execute(member, groups)

    def execute(self, member: Member, groups: Sequence[Group[Any]]) -> None:
        batch = Batch(member.service, self.now)
        decisions = Decisions(member.service, {}, self.now, member.streams)
        for group in prepared(member.service, [group for group in groups if group.requests]):
            result = batch.result(decisions, group)
            if isinstance(result, Failed):
                self.park(member, type(group.requests[0].command).__name__, result.error)
            elif isinstance(result, list):
                self.publish(member, result)

    def publish(self, member: Member, applied: Sequence[Applied[Any, Any]]) -> None:
        topic = topic_of(member.service.name)
        for new in (event for one in applied for event in one.events):
            body = encode(new)
            self.log.update(body)
            self.events += 1
            self.append(topic, new, body)
            for listener in self.listeners:
                listener(new)
        if after := self.after.get(member.service.name):
            after(applied)

    def append(self, topic: Topic, new: NewEvent[Any], body: bytes) -> None:
        records = self.topics.setdefault(topic, [])
        where = (str(topic), new.partition)
        number = self.numbers[where] = self.numbers.get(where, 0) + 1
        headers: dict[str, bytes | None] = {
            SEQUENCE: str(number).encode(),
            TYPE: new.event.TYPE.encode(),
            EVENT_ID: str(new.event_id).encode(),
            SUBJECT: new.subject.encode(),
        }
        offset = len(records)
        records.append(Record(topic, new.partition, offset, new.key.encode(), body, headers))

    def park(self, member: Member, what: str, error: Exception) -> None:
        reason, detail = describe(error)
        self.parked.append(Parked(member.service.name, what, reason, detail))

    def state_of(self, service: ServiceName, key: str, appeal_id: object) -> Stream[Any] | None:
        """What a service knows of one appeal, for whoever plays its people."""
        stream = (partition_of(key, PARTITIONS), f"{service}-{appeal_id}")
        found = next(m.streams.get(stream) for m in self.members if m.service.name == service)
        return None if found is None else Stream(found.state, found.version)
