"""Kafka in, commands out. Nothing here decides anything, and nothing here knows offsets or SQL."""

from collections.abc import Callable
from typing import Final

from pydantic import TypeAdapter

from libs.common.clock import Clock
from libs.common.contracts.classifier import AppealClassified, ClassificationConfirmed
from libs.common.contracts.envelope import Envelope
from libs.common.contracts.intake import AnsweredAtIntake, ResolvedOnSite, WithdrawalForwarded
from libs.common.contracts.intake_screening import EmergencyTransferred, SupplementForwarded
from libs.common.contracts.router import (
    AppealMerged,
    AppealUnmerged,
    AppealWithdrawn,
    ChildrenReleased,
    MergeDeclined,
    OrderIssued,
    OrderItemSettled,
)
from libs.common.contracts.sla import LimitPassed
from libs.common.contracts.topics import Topic
from libs.common.errors import PoisonError
from libs.common.eventstore.encoding import reads
from libs.common.subscription import Subscription
from services.router.domain.commands import OwnCommand, RouterCommand
from services.router.domain.react import (
    ItemNamed,
    on_classifier_event,
    on_intake_event,
    on_own_event,
    on_sla_event,
)

ITEM_NAMED: Final = TypeAdapter(Envelope[ItemNamed])
INTAKE_EVENTS: Final[Subscription[RouterCommand]] = Subscription(
    topic=Topic.INTAKE_EVENTS,
    reads=reads(
        [
            AnsweredAtIntake,
            ResolvedOnSite,
            EmergencyTransferred,
            WithdrawalForwarded,
            SupplementForwarded,
        ]
    ),
    react=on_intake_event,
)
SLA_EVENTS: Final[Subscription[RouterCommand]] = Subscription(
    topic=Topic.SLA_EVENTS, reads=reads([LimitPassed]), react=on_sla_event
)


def classifier_events(clock: Clock) -> Subscription[RouterCommand]:
    """A dispatch says when it was made, which the fact that calls for it can not know."""
    return Subscription(
        topic=Topic.CLASSIFIER_EVENTS,
        reads={
            AppealClassified.TYPE: ITEM_NAMED.validate_json,
            ClassificationConfirmed.TYPE: ITEM_NAMED.validate_json,
        },
        react=lambda envelope: on_classifier_event(envelope, clock()),
    )


def own_events(partition_of: Callable[[str], int]) -> Subscription[RouterCommand]:
    """Merged appeals, and orders, stand under keys of their own: each command says which."""

    def elsewhere(command: RouterCommand) -> tuple[int, str]:
        if not isinstance(command, OwnCommand):
            raise PoisonError("no_key", f"{type(command).__name__} names no key")
        return partition_of(command.key), command.key

    return Subscription(
        topic=Topic.ROUTER_EVENTS,
        reads=reads(
            [
                AppealMerged,
                AppealUnmerged,
                MergeDeclined,
                ChildrenReleased,
                AppealWithdrawn,
                OrderIssued,
                OrderItemSettled,
            ]
        ),
        react=on_own_event,
        elsewhere=elsewhere,
    )
