"""Deciding in memory: the states of the touched streams, and what each command adds to them."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from libs.common.contracts.envelope import Event
from libs.common.contracts.topics import ServiceName
from libs.common.decider import Decider
from libs.common.errors import RefusedError
from libs.common.eventstore.encoding import NewEvent, ReadEvent
from libs.common.eventstore.store import Connection, StoredBody, StreamKey
from libs.common.ids import event_id_of
from libs.common.subscription import Request

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)
Answer: TypeAlias = Mapping[str, object]


class Applied(NamedTuple, Generic[C, E]):
    """One command and the events it led to; none where it repeats what is known."""

    request: Request[C]
    events: tuple[NewEvent[E], ...]


class Project(Protocol[C, E]):
    """Writes what belongs into the same transaction: timers, read models, the vault."""

    async def __call__(
        self, connection: Connection, applied: Sequence[Applied[C, E]], /
    ) -> None: ...


async def project_nothing(connection: Connection, applied: Sequence[object], /) -> None:
    """For a service that keeps nothing beside its events."""


def answer_with_types(applied: Applied[C, E]) -> Answer:
    return {"subject": applied.request.subject, "events": [e.event.TYPE for e in applied.events]}


@dataclass(slots=True)
class Stream(Generic[S]):
    state: S
    version: int


@dataclass(slots=True)
class KnownStates(Generic[S]):
    """States as they were after a commit, so that a stream's next event need not read it all.

    Only a hint: whoever uses one has compared its version with the database's in the same
    transaction, and only what is committed is kept.
    """

    most: int = 20_000
    streams: OrderedDict[StreamKey, Stream[S]] = field(
        default_factory=OrderedDict[StreamKey, Stream[S]]
    )

    def at(self, key: StreamKey, version: int) -> Stream[S] | None:
        found = self.streams.get(key)
        if found is None or found.version != version:
            return None
        return Stream(found.state, found.version)

    def keep(self, streams: Mapping[StreamKey, Stream[S]]) -> None:
        for key, stream in streams.items():
            self.streams[key] = stream
            self.streams.move_to_end(key)
        while len(self.streams) > self.most:
            self.streams.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[C, S, E]):
    """All that makes one service differ from another, for the shell that runs it.

    `prepare` works on many commands at once before any is decided, for what pays in batches.
    `refusal` turns a refused command into the event that tells of it; without one, a refused
    record is parked. `answer` is what a repeat of the same command will be told again.
    """

    name: ServiceName
    decider: Decider[C, S, E]
    read_event: ReadEvent[E]
    project: Project[C, E]
    prepare: Callable[[Sequence[C]], Sequence[C]] | None = None
    refusal: Callable[[Request[C], RefusedError], E | None] | None = None
    answer: Callable[[Applied[C, E]], Answer] = answer_with_types
    known: KnownStates[S] = field(default_factory=KnownStates[S])


@dataclass(slots=True)
class Decisions(Generic[C, S, E]):
    """Each decision sees the ones before it; a record whose decision fails leaves no trace."""

    service: Service[C, S, E]
    stored: Mapping[StreamKey, list[StoredBody]]
    now: datetime
    streams: dict[StreamKey, Stream[S]] = field(default_factory=dict[StreamKey, Stream[S]])

    def decide(self, requests: Sequence[Request[C]]) -> list[Applied[C, E]]:
        """All commands of one record, or none. Raises whatever the decider raises."""
        before = {
            key: Stream(stream.state, stream.version)
            for key in {(r.partition, r.stream_id) for r in requests}
            if (stream := self.stream(key))
        }
        try:
            return self.apply_all(requests)
        except Exception:
            self.streams.update(before)
            raise

    def apply_all(self, requests: Sequence[Request[C]]) -> list[Applied[C, E]]:
        """Numbered through: commands of one cause must not give two events the same id."""
        applied: list[Applied[C, E]] = []
        for request in requests:
            made = sum(len(one.events) for one in applied)
            applied.append(self.apply(request, self.decided(request), made))
        return applied

    def refuse(self, request: Request[C], error: RefusedError) -> Applied[C, E]:
        """The refusal as an event. Raises the error itself where the service has none for it."""
        event = self.service.refusal(request, error) if self.service.refusal else None
        if event is None:
            raise error
        return self.apply(request, (event,))

    def decided(self, request: Request[C]) -> Sequence[E]:
        state = self.stream((request.partition, request.stream_id)).state
        return self.service.decider.decide(state, request.command)

    def apply(
        self, request: Request[C], events: Sequence[E], first_index: int = 0
    ) -> Applied[C, E]:
        stream = self.stream((request.partition, request.stream_id))
        new: list[NewEvent[E]] = []
        for index, event in enumerate(events, start=first_index):
            stream.state = self.service.decider.evolve(stream.state, event)
            stream.version += 1
            new.append(self.new_event(request, event, stream.version, index))
        return Applied(request, tuple(new))

    def new_event(self, request: Request[C], event: E, version: int, index: int) -> NewEvent[E]:
        return NewEvent(
            event=event,
            event_id=event_id_of(request.causation_id, event.TYPE, f"/{request.stream_id}/{index}"),
            partition=request.partition,
            stream_id=request.stream_id,
            version=version,
            key=request.key,
            subject=request.subject,
            source=f"/appeals/{self.service.name}",
            time=self.now,
            correlation_id=request.correlation_id,
            causation_id=request.causation_id,
            actor=request.actor,
            traceparent=request.traceparent,
        )

    def stream(self, key: StreamKey) -> Stream[S]:
        found = self.streams.get(key)
        if found is None:
            bodies = self.stored.get(key, ())
            state = self.service.decider.replay(
                self.service.read_event(event_type, body).data for event_type, body in bodies
            )
            found = self.streams[key] = Stream(state, len(bodies))
        return found
