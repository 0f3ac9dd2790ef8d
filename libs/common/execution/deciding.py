"""The worker of every service that decides: records in, commands, events out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from libs.common.clock import Clock
from libs.common.contracts.envelope import Actor, Envelope, Event
from libs.common.contracts.topics import ServiceName, Topic
from libs.common.eventstore.store import Connection
from libs.common.execution.apply import Worked
from libs.common.execution.commands import Executed, Failed, Group, Result, execute
from libs.common.execution.decision import Service
from libs.common.execution.parking import Parked, parked_keys
from libs.common.execution.screening import TYPE
from libs.common.failures import describe
from libs.common.subscription import (
    AnySubscription,
    Command,
    InboundSubscription,
    Record,
    Request,
    Subscription,
)

C = TypeVar("C", bound=Command)
S = TypeVar("S")
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class DecidingWorker(Generic[C, S, E]):
    service: Service[C, S, E]
    subscriptions: Mapping[Topic, AnySubscription[Any]]
    clock: Clock

    async def __call__(
        self, connection: Connection, records: Sequence[Record], /, *, heads_first: bool
    ) -> Worked:
        now = self.clock()
        waiting = await parked_keys(connection, records)
        parked: list[Parked] = []
        heard: list[tuple[Record, Sequence[Request[C]]]] = []
        for record in records:
            if (str(record.topic), record.key) in waiting:
                parked.append(behind(record))
                continue
            try:
                heard.append((record, self.requests_of(record, now)))
            except Exception as error:  # noqa: BLE001 - whatever it raises names this record
                parked.append(parked_for(record, error))
                if (lane := lane_of(record)) is not None:
                    waiting.add(lane)
        executed = await self.decide(connection, heard, now, heads_first=heads_first)
        for (record, _), result in zip(heard, executed.results, strict=True):
            if isinstance(result, Failed):
                parked.append(parked_for(record, result.error))
        return Worked(parked, appended_partitions(executed.results), executed.committed)

    async def decide(
        self,
        connection: Connection,
        heard: Sequence[tuple[Record, Sequence[Request[C]]]],
        now: datetime,
        *,
        heads_first: bool,
    ) -> Executed[C, E]:
        groups = [Group(requests, lane_of(record)) for record, requests in heard]
        return await execute(connection, self.service, groups, now, heads_first=heads_first)

    def requests_of(self, record: Record, now: datetime) -> Sequence[Request[C]]:
        subscription = self.subscriptions[record.topic]
        if isinstance(subscription, InboundSubscription):
            return subscription.admit(record, now)
        return requests_of(self.service.name, subscription, record)


@cache
def system_actor(service: ServiceName) -> Actor:
    return Actor(kind="system", id=service, unit=service)


def requests_of(
    service: ServiceName, subscription: Subscription[C], record: Record
) -> Sequence[Request[C]]:
    """The commands that another service's fact calls for, on our streams of the same partition."""
    envelope = subscription.reads[record.text(TYPE) or ""](record.value or b"")
    if subscription.elsewhere is not None:
        return requests_elsewhere(service, subscription, envelope, subscription.elsewhere)
    return [
        Request(
            command=command,
            stream_id=f"{service}-{command.appeal_id}",
            partition=record.partition,
            key=envelope.partitionkey,
            subject=envelope.subject,
            causation_id=envelope.id,
            correlation_id=envelope.correlationid,
            actor=system_actor(service),
            traceparent=envelope.traceparent,
        )
        for command in subscription.react(envelope)
    ]


def requests_elsewhere(
    service: ServiceName,
    subscription: Subscription[C],
    envelope: Envelope[Any],
    elsewhere: Callable[[C], tuple[int, str]],
) -> Sequence[Request[C]]:
    """The commands that a fact calls for on streams which stand under keys of their own."""
    requests: list[Request[C]] = []
    for command in subscription.react(envelope):
        partition, key = elsewhere(command)
        requests.append(
            Request(
                command=command,
                stream_id=f"{service}-{command.appeal_id}",
                partition=partition,
                key=key,
                subject=str(command.appeal_id),
                causation_id=envelope.id,
                correlation_id=envelope.correlationid,
                actor=system_actor(service),
                traceparent=envelope.traceparent,
            )
        )
    return requests


def appended_partitions(results: Sequence[Result[C, E]]) -> frozenset[int]:
    return frozenset(
        applied.request.partition
        for result in results
        if isinstance(result, list)
        for applied in result
        if applied.events
    )


def behind(record: Record) -> Parked:
    return Parked(
        record, "behind_parked_key", "an earlier record of this key waits", parks_key=True
    )


def parked_for(record: Record, error: Exception) -> Parked:
    reason, detail = describe(error)
    return Parked(record, reason, detail, parks_key=not record.topic.is_inbound)


def lane_of(record: Record) -> tuple[str, bytes | None] | None:
    """What waits together: a key of a service topic; outsiders' keys promise no order."""
    return None if record.topic.is_inbound else (str(record.topic), record.key)
