"""Kafka in, commands out. Nothing here decides anything, and nothing here knows offsets or SQL."""

from typing import Final

from libs.common.contracts.router import AppealAcceptedAnew, ConfidentialitySet
from libs.common.contracts.sla import LimitPassed
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import reads
from libs.common.subscription import Subscription
from services.intake.domain.commands import IntakeCommand
from services.intake.domain.react import on_router_event, on_sla_event

ROUTER_EVENTS: Final[Subscription[IntakeCommand]] = Subscription(
    topic=Topic.ROUTER_EVENTS,
    reads=reads([AppealAcceptedAnew, ConfidentialitySet]),
    react=on_router_event,
)
SLA_EVENTS: Final[Subscription[IntakeCommand]] = Subscription(
    topic=Topic.SLA_EVENTS, reads=reads([LimitPassed]), react=on_sla_event
)
