"""The days of a virtual city: firms file, people act, clocks run, all in virtual time."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any, Final, get_args

from stdnum.cn import uscc

from cli.keys import PRODUCER as PRODUCER_ID
from cli.publishing import key_of
from cli.simulate.asking import Desk
from cli.simulate.habits import Habits
from cli.simulate.members import Assembly
from cli.simulate.people import People
from libs.common.contracts.inbound import Submission, SubmittedContact, SubmittedEnterprise
from libs.common.contracts.sla import EscalationEvent
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import NewEvent
from services.classifier.adapters.material import shipped_examples
from services.intake.adapters.submissions import PRODUCER

FIRMS: Final = 500
URGENT_PERCENT: Final = 8
# A fictional office of registration: codes of real firms never begin so.
OFFICE: Final = "91990101"
HUNDRED: Final = 100
STEPS: Final = frozenset(get_args(EscalationEvent))
# The last appeals have time to be answered, rated and escalated.
AFTERWARDS: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class City:
    assembly: Assembly
    seed: int
    habits: Habits

    def live(self, appeals: int, days: int, *, afterwards: timedelta = AFTERWARDS) -> None:
        """Files `appeals` over `days`, and goes on until `afterwards` has passed too."""
        world = self.assembly.world
        desk = Desk(world, self.assembly.calendar, self.assembly.catalogue)
        world.listeners.append(People(desk, self.habits, self.seed).hear)
        dice = random.Random(f"{self.seed}/days")  # noqa: S311 - repeatable
        texts = [example.text for example in shipped_examples()]
        weights = list(accumulate(1 / rank for rank in range(1, FIRMS + 1)))
        begin = world.now
        for number in range(appeals):
            when = begin + timedelta(seconds=dice.randrange(days * 86_400))
            firm = dice.choices(range(FIRMS), cum_weights=weights)[0]
            one = self.submission(dice, firm, number, when, dice.choice(texts))
            world.at(when, partial(self.file, one))
        world.run(begin + timedelta(days=days) + afterwards)

    def submission(
        self, dice: random.Random, firm: int, number: int, when: datetime, text: str
    ) -> Submission:
        body = f"{OFFICE}{firm:09d}"
        place = dice.choice(self.assembly.catalogue.subdistricts)
        return Submission(
            channel="hotline",
            source_id=f"sim-{self.seed}-{number:06d}",
            occurred_at=when,
            text=text,
            enterprise=SubmittedEnterprise(
                name=f"测试企业{firm}号", uscc=body + uscc.calc_check_digit(body + "0")
            ),
            contact=SubmittedContact(name="张三", phone=f"1380000{dice.randrange(10_000):04d}"),
            sub_district=place.code,
            urgency="urgent" if dice.randrange(HUNDRED) < URGENT_PERCENT else "normal",
        )

    def file(self, one: Submission) -> None:
        value = one.model_dump_json(exclude_none=True).encode()
        headers = {PRODUCER: PRODUCER_ID.encode()}
        self.assembly.world.arrive(Topic.SUBMISSIONS, key_of(one, PRODUCER_ID), value, headers)


@dataclass(slots=True)
class Tally:
    """What happened, counted while it happens."""

    types: Counter[str] = field(default_factory=Counter[str])
    levels: Counter[str] = field(default_factory=Counter[str])
    refusals: Counter[str] = field(default_factory=Counter[str])

    def hear(self, new: NewEvent[Any]) -> None:
        event: Any = new.event
        self.types[event.TYPE] += 1
        if event.__class__ in STEPS:
            self.levels[f"{event.clock}/{event.level}"] += 1
        if event.TYPE.endswith("action-refused.v1"):
            self.refusals[f"{event.action}: {event.code}"] += 1
