"""The classifier's composition root."""

from collections.abc import Mapping, Sequence
from typing import Final

from libs.catalogue.load import load_catalogue
from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassificationCorrected,
    ClassifierEvent,
    DuplicateSuspected,
    ReviewActionRefused,
    ReviewLeft,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import reader
from libs.common.execution.deciding import DecidingWorker
from libs.common.execution.decision import Service, project_nothing
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from libs.common.subscription import AnySubscription
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.judging import Judge
from services.classifier.adapters.model_file import load_model
from services.classifier.domain.commands import ClassifierCommand
from services.classifier.domain.decide import classification
from services.classifier.domain.reviewing import Items
from services.classifier.domain.state import ClassifierState
from services.classifier.handlers import ACTIONS, INTAKE_EVENTS, ROUTER_EVENTS
from services.classifier.settings import ClassifierSettings

EVENTS: Final[Sequence[type[ClassifierEvent]]] = (
    AppealClassified,
    ReviewRequired,
    ClassificationConfirmed,
    ClassificationCorrected,
    ReviewLeft,
    WithdrawnBeforeDispatch,
    DuplicateSuspected,
    ReviewActionRefused,
)


async def run(settings: ClassifierSettings) -> None:
    """Raises ModelFileError before anything is read, when there is no usable model."""
    async with open_process("classifier", settings) as process:
        await run_process(process, compose(process, settings))


def compose(process: Process, settings: ClassifierSettings) -> Parts:
    model = load_model(settings.model_dir)
    classifier = Classifier(model)
    # What it unpacks at its first text it unpacks now, before anything waits for it.
    classifier.classify(["warm up"])
    judge = Judge(classifier, model.version, model.catalogue_version, model.thresholds.confidence)
    service: Service[ClassifierCommand, ClassifierState, ClassifierEvent] = Service(
        name="classifier",
        decider=classification(items_in_force()),
        read_event=reader(EVENTS),
        project=project_nothing,
        prepare=judge,
    )
    subscriptions: Mapping[Topic, AnySubscription[ClassifierCommand]] = {
        Topic.ACTIONS: ACTIONS,
        Topic.INTAKE_EVENTS: INTAKE_EVENTS,
        Topic.ROUTER_EVENTS: ROUTER_EVENTS,
    }
    return Parts(
        subscriptions=subscriptions,
        worker=DecidingWorker(service, subscriptions, process.clock),
    )


def items_in_force() -> Items:
    catalogue = load_catalogue()
    categories = {item.code: item.category for item in catalogue.items}
    return Items(catalogue.version, categories)
