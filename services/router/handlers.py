"""Kafka in, commands out. Nothing here decides anything, and nothing here knows offsets or SQL."""

from typing import Final

from pydantic import TypeAdapter

from libs.common.contracts.classifier import AppealClassified, ClassificationConfirmed
from libs.common.contracts.envelope import Envelope
from libs.common.contracts.topics import Topic
from libs.common.subscription import Subscription
from services.router.domain.commands import RouterCommand
from services.router.domain.react import ItemNamed, on_classifier_event

ITEM_NAMED: Final = TypeAdapter(Envelope[ItemNamed])
CLASSIFIER_EVENTS: Final[Subscription[RouterCommand]] = Subscription(
    topic=Topic.CLASSIFIER_EVENTS,
    reads={
        AppealClassified.TYPE: ITEM_NAMED.validate_json,
        ClassificationConfirmed.TYPE: ITEM_NAMED.validate_json,
    },
    react=on_classifier_event,
)
INTAKE_EVENTS: Final[Subscription[RouterCommand]] = Subscription(
    topic=Topic.INTAKE_EVENTS, reads={}, react=lambda _envelope: ()
)
OWN_EVENTS: Final[Subscription[RouterCommand]] = Subscription(
    topic=Topic.ROUTER_EVENTS, reads={}, react=lambda _envelope: ()
)
SLA_EVENTS: Final[Subscription[RouterCommand]] = Subscription(
    topic=Topic.SLA_EVENTS, reads={}, react=lambda _envelope: ()
)
