"""The router's composition root."""

from collections.abc import Mapping
from dataclasses import replace

from libs.catalogue.load import load_catalogue
from libs.common.contracts.router import ROUTER_EVENTS, ActionRefused, RouterEvent
from libs.common.contracts.topics import Topic
from libs.common.errors import RefusedError
from libs.common.eventstore.encoding import reader
from libs.common.execution.deciding import DecidingWorker
from libs.common.execution.decision import Service
from libs.common.execution.runner import Runner
from libs.common.runtime.credentials import load_gate
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from libs.common.subscription import AnySubscription, Request
from services.router.adapters.actions import Actions
from services.router.adapters.routing import routing_table
from services.router.api import RouterApi
from services.router.domain.commands import FromOutside, RouterCommand
from services.router.domain.decide import router_decider
from services.router.domain.state import RouterState
from services.router.handlers import CLASSIFIER_EVENTS, INTAKE_EVENTS, OWN_EVENTS, SLA_EVENTS
from services.router.read_model import project
from services.router.settings import RouterSettings


async def run(settings: RouterSettings) -> None:
    async with open_process("router", settings) as process:
        await run_process(process, compose(process, settings))


def compose(process: Process, settings: RouterSettings) -> Parts:
    table = routing_table(
        load_catalogue(),
        version=settings.routing_version,
        fallback=settings.fallback_department,
    )
    service: Service[RouterCommand, RouterState, RouterEvent] = Service(
        name="router",
        decider=router_decider(table),
        read_event=reader(ROUTER_EVENTS),
        project=project,
    )
    actions = Actions(settings.fingerprint_key.get_secret_value().encode())
    subscriptions: Mapping[Topic, AnySubscription[RouterCommand]] = {
        Topic.ACTIONS: actions.subscription(),
        Topic.INTAKE_EVENTS: INTAKE_EVENTS,
        Topic.CLASSIFIER_EVENTS: CLASSIFIER_EVENTS,
        Topic.ROUTER_EVENTS: OWN_EVENTS,
        Topic.SLA_EVENTS: SLA_EVENTS,
    }
    # Who asked by HTTP reads the refusal in the answer; who asked by Kafka reads it as an event.
    heard = replace(service, refusal=refusal)
    runner = Runner(process.pool, service, process.clock, process.appended)
    gate = load_gate(settings.credentials_file)
    return Parts(
        subscriptions=subscriptions,
        worker=DecidingWorker(heard, subscriptions, process.clock),
        routes=RouterApi(runner, actions, gate, process.clock).routes(),
    )


def refusal(request: Request[RouterCommand], error: RefusedError) -> RouterEvent | None:
    """An unknown appeal has no stream to tell it on: that record is parked instead."""
    if error.code == "unknown_appeal" or not isinstance(request.command, FromOutside):
        return None
    return ActionRefused(
        appeal_id=request.command.appeal_id,
        command_id=request.command.asked.command_id,
        action=type(request.command).__name__,
        code=error.code,
        message_zh=error.message_zh,
        message_en=error.message_en,
    )
