"""Kafka in, commands out. Nothing here decides anything, and nothing here knows offsets or SQL."""

from typing import Final

from libs.common.contracts.intake import AppealAccepted
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import reads
from libs.common.subscription import InboundSubscription, Subscription
from services.classifier.domain.commands import ClassifierCommand
from services.classifier.domain.react import on_intake_event

INTAKE_EVENTS: Final[Subscription[ClassifierCommand]] = Subscription(
    topic=Topic.INTAKE_EVENTS, reads=reads([AppealAccepted]), react=on_intake_event
)
# No action and no event of the router is the classifier's own yet: each is passed over.
ACTIONS: Final[InboundSubscription[ClassifierCommand]] = InboundSubscription(
    topic=Topic.ACTIONS, admit=lambda _record, _now: ()
)
ROUTER_EVENTS: Final[Subscription[ClassifierCommand]] = Subscription(
    topic=Topic.ROUTER_EVENTS, reads={}, react=lambda _envelope: ()
)
