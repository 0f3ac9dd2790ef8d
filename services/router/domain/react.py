"""Which of our commands another service's event calls for."""

from libs.common.contracts.classifier import Handover
from libs.common.contracts.envelope import Envelope, Part
from libs.common.ids import AppealId, ItemCode
from services.router.domain.commands import Dispatch, RouterCommand


class ItemNamed(Part):
    """What the router reads of AppealClassified and of ClassificationConfirmed alike.

    The judgement is not decoded: the router needs nothing of it, and it is most of the event.
    """

    appeal_id: AppealId
    item: ItemCode
    handover: Handover


def on_classifier_event(envelope: Envelope[ItemNamed]) -> tuple[RouterCommand, ...]:
    named = envelope.data
    return (Dispatch(appeal_id=named.appeal_id, item=named.item, handover=named.handover),)
