"""Kafka in, commands out. Nothing here decides anything, and nothing here knows offsets or SQL."""

from typing import Final

from libs.common.contracts.intake import AppealAccepted, WithdrawalForwarded
from libs.common.contracts.intake_screening import EmergencyTransferred
from libs.common.contracts.router import AppealMerged, OwnerNotFound, ReturnApproved, RulingIssued
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import reads
from libs.common.subscription import Subscription
from services.classifier.domain.commands import ClassifierCommand
from services.classifier.domain.react import on_intake_event, on_router_event

INTAKE_EVENTS: Final[Subscription[ClassifierCommand]] = Subscription(
    topic=Topic.INTAKE_EVENTS,
    reads=reads([AppealAccepted, WithdrawalForwarded, EmergencyTransferred]),
    react=on_intake_event,
)
ROUTER_EVENTS: Final[Subscription[ClassifierCommand]] = Subscription(
    topic=Topic.ROUTER_EVENTS,
    reads=reads([OwnerNotFound, ReturnApproved, RulingIssued, AppealMerged]),
    react=on_router_event,
)
