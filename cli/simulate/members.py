"""The deciding services as the processes compose them, without processes, topics or tables."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from cli.simulate.timers import Timers
from cli.simulate.world import PARTITIONS, Member, World
from libs.calendar.load import load_calendar
from libs.calendar.working_calendar import WorkingCalendar
from libs.catalogue.catalogue import Catalogue
from libs.catalogue.load import load_catalogue
from libs.common.clock import Clock
from libs.common.contracts.topics import Topic
from libs.common.execution.decision import Service, project_nothing
from libs.common.messaging.partitioning import partition_of
from libs.common.subscription import AnySubscription
from services.classifier.adapters.actions import Actions as ReviewActions
from services.classifier.adapters.judging import Judge
from services.classifier.adapters.model_watch import built_in_model
from services.classifier.app import items_in_force
from services.classifier.app import refusal as review_refusal
from services.classifier.domain.decide import classification
from services.classifier.handlers import INTAKE_EVENTS as INTAKE_FOR_CLASSIFIER
from services.classifier.handlers import ROUTER_EVENTS as ROUTER_FOR_CLASSIFIER
from services.intake import handlers as intake_handlers
from services.intake.app import appeal_service, make_tools
from services.intake.app import refusal as intake_refusal
from services.intake.settings import IntakeSettings
from services.router import handlers as router_handlers
from services.router.adapters.actions import Actions
from services.router.app import refusal, rulebook
from services.router.domain.decide import router_decider
from services.router.settings import RouterSettings
from services.sla import handlers as clocks
from services.sla.adapters.books import load_book
from services.sla.app import sla_service
from services.sla.domain.rulebook import Rulebook

# Of a world that ends with its process: it keeps nothing that a key could open.
FINGERPRINT_KEY: Final = SecretStr("virtual")
KEY: Final = FINGERPRINT_KEY.get_secret_value().encode()
SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """What a world is made with; the same plan makes the same events."""

    seed: int
    policy: str
    starts_at: datetime
    model: Path
    screening: Path | None = None


@dataclass(frozen=True, slots=True)
class Assembly:
    """A world, and the data by which its people act."""

    world: World
    timers: Timers
    calendar: WorkingCalendar
    catalogue: Catalogue


def assemble(plan: Plan) -> Assembly:
    """Raises ModelFileError without a usable model and UnknownPolicyError for no policy."""
    sla = clock_member(load_book(plan.policy))
    members = [intake(plan), classifier(plan.model), sla]
    world = World(members, plan.starts_at)
    members.insert(2, router(lambda: world.now))
    timers = Timers(world, sla)
    world.after["sla"] = timers.applied
    return Assembly(world, timers, load_calendar(), load_catalogue())


def intake(plan: Plan) -> Member:
    """Salts come from the seed: the same plan makes the same bytes."""
    salts = random.Random(f"{plan.seed}/salt")  # noqa: S311 - repeatable, and hides nothing
    settings = IntakeSettings(fingerprint_key=FINGERPRINT_KEY, screening_file=plan.screening)
    tools, new_salt = make_tools(settings), partial(salts.randbytes, SALT_BYTES)
    service = replace(appeal_service(settings), project=project_nothing, refusal=intake_refusal)
    subscriptions: Mapping[Topic, AnySubscription[Any]] = {
        Topic.SUBMISSIONS: replace(tools.submissions, new_salt=new_salt).subscription(),
        Topic.ACTIONS: replace(tools.actions, new_salt=new_salt).subscription(),
        Topic.ROUTER_EVENTS: intake_handlers.ROUTER_EVENTS,
        Topic.SLA_EVENTS: intake_handlers.SLA_EVENTS,
    }
    return Member(service, subscriptions)


def classifier(model: Path) -> Member:
    service = Service(
        name="classifier",
        decider=classification(items_in_force()),
        read_event=unread,
        project=project_nothing,
        prepare=Judge(built_in_model(model)),
        refusal=review_refusal,
    )
    subscriptions: Mapping[Topic, AnySubscription[Any]] = {
        Topic.ACTIONS: ReviewActions(KEY).subscription(),
        Topic.INTAKE_EVENTS: INTAKE_FOR_CLASSIFIER,
        Topic.ROUTER_EVENTS: ROUTER_FOR_CLASSIFIER,
    }
    return Member(service, subscriptions)


def router(clock: Clock) -> Member:
    settings = RouterSettings(fingerprint_key=FINGERPRINT_KEY)
    service = Service(
        name="router",
        decider=router_decider(rulebook(settings)),
        read_event=unread,
        project=project_nothing,
        refusal=refusal,
    )
    place = partial(partition_of, partitions=PARTITIONS)
    subscriptions: Mapping[Topic, AnySubscription[Any]] = {
        Topic.ACTIONS: Actions(KEY).subscription(),
        Topic.INTAKE_EVENTS: router_handlers.INTAKE_EVENTS,
        Topic.CLASSIFIER_EVENTS: router_handlers.classifier_events(clock),
        Topic.ROUTER_EVENTS: router_handlers.own_events(place),
        Topic.SLA_EVENTS: router_handlers.SLA_EVENTS,
    }
    return Member(service, subscriptions)


def clock_member(book: Rulebook) -> Member:
    service = replace(sla_service(book), project=project_nothing)
    subscriptions: Mapping[Topic, AnySubscription[Any]] = {
        Topic.INTAKE_EVENTS: clocks.INTAKE_EVENTS,
        Topic.CLASSIFIER_EVENTS: clocks.CLASSIFIER_EVENTS,
        Topic.ROUTER_EVENTS: clocks.ROUTER_EVENTS,
    }
    return Member(service, subscriptions)


def unread(event_type: str, body: bytes) -> Any:  # noqa: ANN401 - never called
    """Every state is kept in memory, so nothing is ever read back."""
    raise NotImplementedError(f"{event_type}, {len(body)} bytes")
