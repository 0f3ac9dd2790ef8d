"""The classifier's composition root."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from libs.catalogue.catalogue import Catalogue
from libs.catalogue.load import load_catalogue, release_before
from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassificationCorrected,
    ClassifierEvent,
    DuplicateSuspected,
    ReturnNoted,
    ReviewActionRefused,
    ReviewLeft,
    ReviewRequired,
    RulingNoted,
    WithdrawnBeforeDispatch,
)
from libs.common.contracts.governance import (
    CatalogueVersionApplied,
    GovernanceEvent,
    ModelActivated,
    ModelProposed,
)
from libs.common.contracts.topics import Topic
from libs.common.errors import RefusedError
from libs.common.eventstore.encoding import reader
from libs.common.execution.commands import Failed, Group
from libs.common.execution.deciding import DecidingWorker
from libs.common.execution.decision import KnownStates, Service, project_nothing
from libs.common.execution.runner import Runner
from libs.common.ids import SYSTEM_KEY
from libs.common.messaging.partitioning import partition_of
from libs.common.runtime.credentials import load_gate
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from libs.common.subscription import AnySubscription, Request
from services.classifier.adapters.actions import Actions
from services.classifier.adapters.catalogue_step import applied_request
from services.classifier.adapters.judging import Judge, ModelInUse
from services.classifier.adapters.model_store import ModelStore
from services.classifier.adapters.model_watch import ModelWatch, built_in_model
from services.classifier.api.models import ModelApi
from services.classifier.api.reviews import ReviewApi
from services.classifier.domain.commands import (
    ClassifierCommand,
    ConfirmClassification,
    CorrectClassification,
)
from services.classifier.domain.decide import classification
from services.classifier.domain.governing import GOVERNANCE, Governance, GovernanceCommand
from services.classifier.domain.reviewing import Items
from services.classifier.domain.state import ClassifierState
from services.classifier.domain.succession import Succession
from services.classifier.handlers import INTAKE_EVENTS, ROUTER_EVENTS
from services.classifier.jobs import LikenessSearch
from services.classifier.read_model.readings import project
from services.classifier.settings import ClassifierSettings
from services.classifier.timers import Watching, review_metrics

EVENTS: Final[Sequence[type[ClassifierEvent]]] = (
    AppealClassified,
    ReviewRequired,
    ClassificationConfirmed,
    ClassificationCorrected,
    ReviewLeft,
    WithdrawnBeforeDispatch,
    ReturnNoted,
    RulingNoted,
    DuplicateSuspected,
    ReviewActionRefused,
)
GOVERNANCE_EVENTS: Final[Sequence[type[GovernanceEvent]]] = (
    ModelProposed,
    ModelActivated,
    CatalogueVersionApplied,
)
# Most appeals have one event of ours, so a state is seldom needed twice.
KNOWN_STATES: Final = 1_000


async def run(settings: ClassifierSettings) -> None:
    """Raises ModelFileError before anything is read, when there is no usable model."""
    built_in = built_in_model(settings.model_dir)
    async with open_process("classifier", settings) as process:
        watch = model_watch(process, settings, built_in)
        # Before the first record: a copy that starts must not judge by a model put aside.
        await watch.follow()
        await announce_catalogue(process, watch.store.partition)
        await run_process(process, compose(process, settings, watch))


def model_watch(process: Process, settings: ClassifierSettings, built_in: ModelInUse) -> ModelWatch:
    partition = partition_of(SYSTEM_KEY, settings.kafka.partitions)
    store = ModelStore(process.pool, partition, reader(GOVERNANCE_EVENTS))
    return ModelWatch(store, replace(built_in), built_in)


async def announce_catalogue(process: Process, partition: int) -> None:
    """The first copy that starts under a new version says so; the relay sends it once it runs."""
    catalogue = load_catalogue()
    request = applied_request(catalogue, release_before(catalogue.version), partition)
    runner = Runner(process.pool, governance(), process.clock, process.appended)
    for result in await runner.run([Group([request])]):
        if isinstance(result, Failed):
            raise result.error


def compose(process: Process, settings: ClassifierSettings, watch: ModelWatch) -> Parts:
    service = appeal_service(watch.in_use)
    key = settings.fingerprint_key.get_secret_value().encode()
    actions = Actions(key)
    subscriptions: Mapping[Topic, AnySubscription[ClassifierCommand]] = {
        Topic.ACTIONS: actions.subscription(),
        Topic.INTAKE_EVENTS: INTAKE_EVENTS,
        Topic.ROUTER_EVENTS: ROUTER_EVENTS,
    }
    # Who asked by HTTP reads the refusal in the answer; who asked by Kafka reads it as an event.
    heard = replace(service, refusal=refusal)
    gate = load_gate(settings.credentials_file)
    runner = Runner(process.pool, service, process.clock, process.appended)
    reviews = ReviewApi(runner, actions, gate, process.clock)
    governing = Runner(process.pool, governance(), process.clock, process.appended)
    models = ModelApi(governing, watch.store, watch.in_use, watch.built_in, gate, key)
    watching = Watching(process.pool, process.clock, review_metrics(process.metrics))
    return Parts(
        subscriptions=subscriptions,
        worker=DecidingWorker(heard, subscriptions, process.clock),
        routes=[*reviews.routes(), *models.routes()],
        background=(watch.run, LikenessSearch(runner, watch.in_use).run, watching.run),
    )


def appeal_service(
    in_use: ModelInUse,
) -> Service[ClassifierCommand, ClassifierState, ClassifierEvent]:
    return Service(
        name="classifier",
        decider=classification(items_in_force()),
        read_event=reader(EVENTS),
        project=project,
        prepare=Judge(in_use, succession(load_catalogue())),
        known=KnownStates(KNOWN_STATES),
    )


def governance() -> Service[GovernanceCommand, Governance, GovernanceEvent]:
    return Service(
        name="classifier",
        decider=GOVERNANCE,
        read_event=reader(GOVERNANCE_EVENTS),
        project=project_nothing,
    )


def refusal(request: Request[ClassifierCommand], error: RefusedError) -> ClassifierEvent | None:
    """An unknown appeal has no stream to tell it on: that record is parked instead."""
    command = request.command
    if error.code == "unknown_appeal":
        return None
    if not isinstance(command, ConfirmClassification | CorrectClassification):
        return None
    return ReviewActionRefused(
        appeal_id=command.appeal_id,
        command_id=command.asked.command_id,
        action=type(command).__name__,
        code=error.code,
        message_zh=error.message_zh,
        message_en=error.message_en,
    )


def items_in_force() -> Items:
    catalogue = load_catalogue()
    categories = {item.code: item.category for item in catalogue.items}
    return Items(catalogue.version, categories)


def succession(catalogue: Catalogue) -> Succession:
    """What a model learned under older codes is said in those of the catalogue in force."""
    categories = {str(item.code): item.category for item in catalogue.items}
    successors = {str(old): codes for old, codes in catalogue.successors.items()}
    return Succession(catalogue.version, successors, categories)
