"""Several streams of the router side by side: each hears what the others have stored."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.contracts.envelope import Actor, Envelope
from libs.common.contracts.router import RouterEvent
from libs.common.ids import AppealId, EventId
from services.router.domain.commands import Dispatch, OwnCommand, RouterCommand
from services.router.domain.react import on_own_event
from services.router.domain.standing import stage_of
from services.router.domain.state import Held, Order
from services.router.handlers import own_events
from tests.support.records import NOON
from tests.unit.router.asking import KEY, act
from tests.unit.router.reference import Asked
from tests.unit.router.rules import ROUTER

READS = own_events(lambda _key: 0).reads


@dataclass
class World:
    events: dict[UUID, list[RouterEvent]] = field(default_factory=dict[UUID, list[RouterEvent]])
    keys: dict[UUID, str] = field(default_factory=dict[UUID, str])
    unheard: deque[tuple[UUID, RouterEvent]] = field(
        default_factory=deque[tuple[UUID, RouterEvent]]
    )
    now: datetime = NOON

    def tell(self, command: RouterCommand, key: str = KEY) -> Sequence[RouterEvent]:
        """Decided on its own stream; a command made of an own event brings its key along."""
        here = self.events.setdefault(command.appeal_id, [])
        self.keys[command.appeal_id] = command.key if isinstance(command, OwnCommand) else key
        new = ROUTER.decide(ROUTER.replay(here), command)
        here.extend(new)
        self.unheard.extend((command.appeal_id, event) for event in new)
        return new

    def settle(self, *, twice: bool = False) -> None:
        """Until nobody has anything to say; `twice` delivers everything again."""
        heard = list[tuple[UUID, RouterEvent]]()
        while self.unheard:
            where, event = self.unheard.popleft()
            heard.append((where, event))
            self.hear(where, event)
        if twice:
            for where, event in heard:
                self.hear(where, event)
            assert not self.unheard

    def hear(self, where: UUID, event: RouterEvent) -> None:
        if event.TYPE in READS:
            for command in on_own_event(self.envelope(where, event)):
                self.tell(command)

    def envelope(self, where: UUID, event: RouterEvent) -> Envelope[Any]:
        return Envelope(
            id=EventId(UUID(int=1)),
            type=event.TYPE,
            source="/appeals/router",
            subject=str(where),
            time=self.now,
            partitionkey=self.keys[where],
            correlationid=EventId(where),
            causationid=None,
            streamversion=1,
            dataschema="",
            actor=Actor(kind="system", id="router", unit="router"),
            data=event,
        )

    def ask(self, appeal_id: AppealId, asked: Asked, key: str = KEY) -> Sequence[RouterEvent]:
        state = self.state(appeal_id)
        return self.tell(act(asked, state.version, appeal_id, key), key)

    def state(self, stream: UUID) -> Held | Order:
        return ROUTER.replay(self.events.get(stream, []))

    def stage(self, appeal_id: AppealId) -> str:
        state = self.state(appeal_id)
        assert isinstance(state, Held)
        return stage_of(state.at)

    def dispatch(self, command: Dispatch, key: str = KEY) -> None:
        self.tell(command, key)

    def names(self, stream: UUID) -> list[str]:
        return [type(event).__name__ for event in self.events[stream]]
