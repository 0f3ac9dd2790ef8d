from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from libs.common.contracts.classifier import (
    ClassificationConfirmed,
    ReviewLeft,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)
from libs.common.contracts.envelope import Envelope
from services.sla.domain.commands import (
    CloseAppeal,
    RaiseUrgency,
    SlaCommand,
    StartClocks,
    StopClocks,
)


def on_review_required(told: Envelope[ReviewRequired]) -> Sequence[SlaCommand]:
    event = told.data
    start = StartClocks(
        appeal_id=event.appeal_id,
        clocks=("review",),
        started_at=told.time,
        urgency=event.handover.urgency,
        sub_district=event.handover.sub_district,
    )
    return (start,)


def on_confirmed(told: Envelope[ClassificationConfirmed]) -> Sequence[SlaCommand]:
    """What a person calls urgent is urgent from here, before anybody is dispatched to."""
    event = told.data
    stop = StopClocks(appeal_id=event.appeal_id, clocks=("review",), stopped_at=told.time)
    if event.handover.urgency == "normal":
        return (stop,)
    return stop, RaiseUrgency(appeal_id=event.appeal_id, changed_at=told.time)


def on_review_left(told: Envelope[ReviewLeft]) -> Sequence[SlaCommand]:
    return (StopClocks(appeal_id=told.data.appeal_id, clocks=("review",), stopped_at=told.time),)


def on_withdrawn(told: Envelope[WithdrawnBeforeDispatch]) -> Sequence[SlaCommand]:
    return (CloseAppeal(appeal_id=told.data.appeal_id, closed_at=told.data.withdrawn_at),)


REACT: Final[Mapping[type[Any], Callable[[Envelope[Any]], Sequence[SlaCommand]]]] = {
    ReviewRequired: on_review_required,
    ClassificationConfirmed: on_confirmed,
    ReviewLeft: on_review_left,
    WithdrawnBeforeDispatch: on_withdrawn,
}


def on_classifier_event(envelope: Envelope[Any]) -> Sequence[SlaCommand]:
    return REACT[type(envelope.data)](envelope)
