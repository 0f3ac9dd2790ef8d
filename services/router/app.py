"""The router's composition root."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from libs.calendar.load import load_calendar
from libs.catalogue.load import load_catalogue
from libs.common.contracts.router import ROUTER_EVENTS, ActionRefused, RouterEvent
from libs.common.contracts.topics import Topic
from libs.common.errors import RefusedError
from libs.common.eventstore.encoding import reader
from libs.common.execution.deciding import DecidingWorker
from libs.common.execution.decision import Service
from libs.common.execution.runner import Runner
from libs.common.messaging.partitioning import partition_of
from libs.common.runtime.credentials import load_gate
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from libs.common.subscription import AnySubscription, Request
from services.router.adapters.actions import Actions
from services.router.adapters.protocol_files import load_protocol
from services.router.adapters.routing import routing_table
from services.router.api.routes import RouterApi
from services.router.domain.commands import Act, RouterCommand
from services.router.domain.decide import router_decider
from services.router.domain.rules import Rulebook
from services.router.domain.state import RouterState
from services.router.handlers import INTAKE_EVENTS, SLA_EVENTS, classifier_events, own_events
from services.router.read_model.dispatches import project
from services.router.settings import RouterSettings


async def run(settings: RouterSettings) -> None:
    async with open_process("router", settings) as process:
        await run_process(process, compose(process, settings))


def compose(process: Process, settings: RouterSettings) -> Parts:
    service: Service[RouterCommand, RouterState, RouterEvent] = Service(
        name="router",
        decider=router_decider(rulebook(settings)),
        read_event=reader(ROUTER_EVENTS),
        project=project,
    )
    actions = Actions(settings.fingerprint_key.get_secret_value().encode())
    place = partial(partition_of, partitions=settings.kafka.partitions)
    subscriptions: Mapping[Topic, AnySubscription[RouterCommand]] = {
        Topic.ACTIONS: actions.subscription(),
        Topic.INTAKE_EVENTS: INTAKE_EVENTS,
        Topic.CLASSIFIER_EVENTS: classifier_events(process.clock),
        Topic.ROUTER_EVENTS: own_events(place),
        Topic.SLA_EVENTS: SLA_EVENTS,
    }
    # Who asked by HTTP reads the refusal in the answer; who asked by Kafka reads it as an event.
    heard = replace(service, refusal=refusal)
    runner = Runner(process.pool, service, process.clock, process.appended)
    gate = load_gate(settings.credentials_file)
    return Parts(
        subscriptions=subscriptions,
        worker=DecidingWorker(heard, subscriptions, process.clock),
        routes=RouterApi(runner, actions, gate, process.clock, place).routes(),
    )


def rulebook(settings: RouterSettings) -> Rulebook:
    """Raises FileNotFoundError and CalendarDataError for settings that name nothing."""
    routing = routing_table(
        load_catalogue(),
        version=settings.routing_version,
        fallback=settings.fallback_department,
    )
    return Rulebook(load_protocol(settings.protocol), routing, load_calendar(settings.calendar))


def refusal(request: Request[RouterCommand], error: RefusedError) -> RouterEvent | None:
    """An unknown appeal, or an order, has no stream to tell it on: that record is parked."""
    if error.code in {"unknown_appeal", "order_exists"} or not isinstance(request.command, Act):
        return None
    return ActionRefused(
        appeal_id=request.command.appeal_id,
        command_id=request.command.action.command_id,
        action=request.command.action.action,
        code=error.code,
        message_zh=error.message_zh,
        message_en=error.message_en,
    )
