"""Recall, read, decide, project, append: the one place where these meet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import asyncpg

from libs.common.contracts.envelope import Event
from libs.common.errors import PoisonError, RefusedError, RetryableError, StreamConflictError
from libs.common.eventstore.store import Connection, append, lock_heads, read_streams, read_versions
from libs.common.execution.answers import (
    FirstAnswer,
    content_differs,
    count_repeats,
    recall,
    remember,
)
from libs.common.execution.decision import Answer, Applied, Decisions, Service
from libs.common.subscription import Request

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Repeated:
    """The command was answered before; this is what it was told."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """The command can not be decided; nothing of it was written."""

    error: Exception


Result: TypeAlias = list[Applied[C, E]] | Repeated | Failed


@dataclass(frozen=True, slots=True)
class Executed(Generic[C, E]):
    """A result for each group; `committed` is to be called once the transaction is."""

    results: list[Result[C, E]]
    committed: Callable[[], None]


class Group(NamedTuple, Generic[C]):
    """The requests of one record, all or nothing.

    When one group of a lane fails, every later one of that lane waits behind it.
    """

    requests: Sequence[Request[C]]
    lane: object | None = None


@dataclass(slots=True)
class Batch(Generic[C, S, E]):
    """Groups of requests, decided in order and written together."""

    service: Service[C, S, E]
    now: datetime
    blocked: set[object] = field(default_factory=set[object])
    known: dict[str, FirstAnswer] = field(default_factory=dict[str, FirstAnswer])
    repeats: list[str] = field(default_factory=list[str])
    answers: list[tuple[str, Mapping[str, str], Answer]] = field(
        default_factory=list[tuple[str, Mapping[str, str], Answer]]
    )

    def result(self, decisions: Decisions[C, S, E], group: Group[C]) -> Result[C, E]:
        if group.lane in self.blocked:
            return Failed(PoisonError("behind_parked_key", "an earlier record of this key waits"))
        try:
            return self.decide(decisions, group.requests)
        except RetryableError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a rule raises names this record
            if group.lane is not None:
                self.blocked.add(group.lane)
            return Failed(error)

    def decide(self, decisions: Decisions[C, S, E], requests: Sequence[Request[C]]) -> Result[C, E]:
        """The first request answers for its group: others are what follows on other streams."""
        if not requests or requests[0].command_id is None:
            return decisions.decide(requests)
        request, command_id = requests[0], requests[0].command_id
        if first := self.known.get(command_id):
            if differing := first.differing(request.fingerprints):
                raise content_differs(differing)
            self.repeats.append(command_id)
            return Repeated(first.answer)
        applied = self.decide_or_refuse(decisions, requests)
        answer = self.service.answer(applied[0])
        self.answers.append((command_id, request.fingerprints, answer))
        self.known[command_id] = FirstAnswer(request.fingerprints, answer)
        return applied

    def decide_or_refuse(
        self, decisions: Decisions[C, S, E], requests: Sequence[Request[C]]
    ) -> list[Applied[C, E]]:
        try:
            return decisions.decide(requests)
        except RefusedError as error:
            return [decisions.refuse(requests[0], error)]


async def execute(
    connection: Connection,
    service: Service[C, S, E],
    groups: Sequence[Group[C]],
    now: datetime,
    *,
    heads_first: bool = False,
) -> Executed[C, E]:
    """Decides every group and writes what came of it; the caller owns the transaction.

    Raises StreamConflictError when another writer was faster: roll back and call again, with
    `heads_first` after the second time.
    """
    batch = Batch(service, now)
    groups = prepared(service, groups)
    requests = [request for group in groups for request in group.requests]
    batch.known = await recall(connection, [r.command_id for r in requests if r.command_id])
    if heads_first:
        await lock_heads(connection, (r.partition for r in requests))
    decisions = await load(connection, service, requests, now)
    results = [batch.result(decisions, group) for group in groups]
    applied = [a for result in results if isinstance(result, list) for a in result]
    await write(connection, batch, applied)
    return Executed(results, partial(service.known.keep, decisions.streams))


async def load(
    connection: Connection,
    service: Service[C, S, E],
    requests: Sequence[Request[C]],
    now: datetime,
) -> Decisions[C, S, E]:
    """The states of the touched streams: remembered ones where the version still is the same."""
    keys = {(r.partition, r.stream_id) for r in requests}
    versions = await read_versions(connection, keys)
    states = {
        key: stream
        for key, version in versions.items()
        if (stream := service.known.at(key, version)) is not None
    }
    stored = await read_streams(connection, versions.keys() - states.keys())
    return Decisions(service, stored, now, states)


def prepared(service: Service[C, S, E], groups: Sequence[Group[C]]) -> Sequence[Group[C]]:
    if service.prepare is None:
        return groups
    commands = iter(service.prepare([r.command for group in groups for r in group.requests]))
    return [
        group._replace(requests=[r._replace(command=next(commands)) for r in group.requests])
        for group in groups
    ]


async def write(
    connection: Connection, batch: Batch[C, S, E], applied: Sequence[Applied[C, E]]
) -> None:
    # First of all: who brings the same command at the same moment waits here, and is then decided
    # again as a repeat. A key of the projection would meet that race as a fault of the record.
    try:
        await remember(connection, batch.answers)
    except asyncpg.UniqueViolationError as error:
        raise StreamConflictError from error
    # After the rows are there: a repeat may stand in the same slice as what it repeats.
    await count_repeats(connection, batch.repeats)
    await batch.service.project(connection, applied)
    events = [event for one in applied for event in one.events]
    if events:
        await append(connection, events)
