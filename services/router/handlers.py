"""Kafka in, commands out. Nothing here decides anything, and nothing here knows offsets or SQL."""

from typing import Final

from libs.common.contracts.classifier import AppealClassified, ClassificationConfirmed
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import reads
from libs.common.subscription import Subscription
from services.router.domain.commands import RouterCommand
from services.router.domain.react import on_classifier_event

CLASSIFIER_EVENTS: Final[Subscription[RouterCommand]] = Subscription(
    topic=Topic.CLASSIFIER_EVENTS,
    reads=reads([AppealClassified, ClassificationConfirmed]),
    react=on_classifier_event,
)
