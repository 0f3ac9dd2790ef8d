"""Which of our commands another stream's event calls for."""

from datetime import datetime
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from libs.common.contracts.classifier import Handover
from libs.common.contracts.envelope import Envelope, Part
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
    StreamAddress,
)
from libs.common.contracts.router.dispatching import TakenFrom
from libs.common.contracts.sla import LimitPassed
from libs.common.contracts.values import ClockName
from libs.common.ids import AppealId, ItemCode
from services.router.domain.commands import (
    ComeBack,
    ContinueMatter,
    CountSettled,
    Dispatch,
    FollowMaster,
    JoinMaster,
    LeaveMaster,
    NoteTransfer,
    PassLimit,
    PlaceUnderOrder,
    RouterCommand,
    TakeBack,
    TakeInfo,
    TakeOver,
)

# Whose passing the router decides about; the other limits escalate and nothing more.
OUR_LIMITS: Final = frozenset[ClockName]({"sign", "supplement", "callback", "resolve"})


class ItemNamed(Part):
    """What the router reads of AppealClassified and of ClassificationConfirmed alike.

    The judgement is not decoded: the router needs nothing of it, and it is most of the event.
    """

    appeal_id: AppealId
    item: ItemCode
    handover: Handover


IntakeFact: TypeAlias = (
    AnsweredAtIntake
    | ResolvedOnSite
    | EmergencyTransferred
    | WithdrawalForwarded
    | SupplementForwarded
)
OwnFact: TypeAlias = (
    AppealMerged
    | AppealUnmerged
    | MergeDeclined
    | ChildrenReleased
    | AppealWithdrawn
    | OrderIssued
    | OrderItemSettled
)


def on_classifier_event(envelope: Envelope[ItemNamed], now: datetime) -> tuple[RouterCommand, ...]:
    """`now` is when the dispatch is decided: a department's time can not run before."""
    named = envelope.data
    return (Dispatch(appeal_id=named.appeal_id, item=named.item, handover=named.handover, now=now),)


def on_intake_event(envelope: Envelope[IntakeFact]) -> tuple[RouterCommand, ...]:
    match event := envelope.data:
        case AnsweredAtIntake():
            return (taken(event, "answered_at_intake", event.answered_at),)
        case ResolvedOnSite():
            return (taken(event, "resolved_on_site", event.resolved_at),)
        case EmergencyTransferred():
            at = event.acknowledged_at
            return (NoteTransfer(appeal_id=event.appeal_id, transferred_at=at),)
        case WithdrawalForwarded():
            return (
                TakeBack(
                    appeal_id=event.appeal_id,
                    reason=event.reason,
                    withdrawn_at=event.requested_at,
                    key=envelope.partitionkey,
                ),
            )
        case SupplementForwarded():
            at = event.supplied_at
            return (TakeInfo(appeal_id=event.appeal_id, supplied=event.text, supplied_at=at),)
        case _:
            assert_never(event)


def taken(
    event: AnsweredAtIntake | ResolvedOnSite, taken_from: TakenFrom, taken_at: datetime
) -> TakeOver:
    return TakeOver(
        appeal_id=event.appeal_id,
        taken_from=taken_from,
        taken_at=taken_at,
        handover=event.handover,
    )


def on_sla_event(envelope: Envelope[LimitPassed]) -> tuple[RouterCommand, ...]:
    event = envelope.data
    if event.clock not in OUR_LIMITS:
        return ()
    return (
        PassLimit(
            appeal_id=event.appeal_id,
            clock=event.clock,
            deadline_version=event.deadline_version,
            passed_at=event.step_at,
        ),
    )


def on_own_event(envelope: Envelope[OwnFact]) -> tuple[RouterCommand, ...]:
    """What the stream of another appeal, or of an order, has to hear (rule 20)."""
    here = StreamAddress(appeal_id=AppealId(UUID(envelope.subject)), key=envelope.partitionkey)
    match event := envelope.data:
        case AppealMerged():
            return (joining(event, here),)
        case AppealUnmerged() | MergeDeclined():
            return (parted(event, envelope.time, here),)
        case ChildrenReleased():
            return followed(event, here)
        case AppealWithdrawn():
            return on_withdrawn(event, envelope)
        case OrderIssued():
            return placed(event)
        case OrderItemSettled():
            return (counted(event),)
        case _:
            assert_never(event)


def joining(event: AppealMerged, child: StreamAddress) -> JoinMaster:
    return JoinMaster(
        appeal_id=event.master.appeal_id,
        key=event.master.key,
        child=child,
        accepted_at=event.accepted_at,
        urgency=event.urgency,
        resolve_due=event.resolve_due,
    )


def parted(
    event: AppealUnmerged | MergeDeclined, at: datetime, here: StreamAddress
) -> LeaveMaster | ComeBack:
    if isinstance(event, AppealUnmerged):
        master = event.master
        return LeaveMaster(appeal_id=master.appeal_id, key=master.key, child=here)
    child = event.child
    return ComeBack(
        appeal_id=child.appeal_id, key=child.key, master=event.appeal_id, declined_at=at
    )


def followed(event: ChildrenReleased, master: StreamAddress) -> tuple[RouterCommand, ...]:
    return tuple(
        FollowMaster(
            appeal_id=child.appeal_id,
            key=child.key,
            master=master,
            because=event.because,
            lead=event.lead,
            ended_at=event.ended_at,
        )
        for child in event.children
    )


def placed(event: OrderIssued) -> tuple[RouterCommand, ...]:
    return tuple(
        PlaceUnderOrder(
            appeal_id=one.appeal_id,
            key=one.key,
            order_id=event.order_id,
            number=event.number,
            placed_at=event.issued_at,
        )
        for one in event.appeals
    )


def counted(event: OrderItemSettled) -> CountSettled:
    return CountSettled(
        order_id=event.order_id,
        key=str(event.order_id),
        settled_appeal=event.appeal_id,
        ended=event.ended,
    )


def on_withdrawn(event: AppealWithdrawn, envelope: Envelope[OwnFact]) -> tuple[RouterCommand, ...]:
    if event.continues_as is None or event.item is None or event.handover is None:
        return ()
    return (
        ContinueMatter(
            appeal_id=event.continues_as,
            key=envelope.partitionkey,
            continues=event.appeal_id,
            item=event.item,
            handover=event.handover,
            now=envelope.time,
        ),
    )
