"""撤诉, limits that passed, and what intake hands over or takes away."""

from collections.abc import Sequence
from datetime import datetime

from libs.common.contracts.actions import WithdrawAction
from libs.common.contracts.classifier import Handover
from libs.common.contracts.router import (
    AppealTakenOver,
    AppealUnmerged,
    AppealWithdrawn,
    CallbackExhausted,
    DispatchAutoSigned,
    InfoTimedOut,
    LimitPassedNoted,
    RouterEvent,
    TransferNoted,
)
from libs.common.ids import AppealId, ItemCode, named_id
from services.router.domain.case import Case, handover_of, settled
from services.router.domain.commands import NoteTransfer, PassLimit, TakeBack, TakeOver
from services.router.domain.refusals import refused
from services.router.domain.standing import (
    ENDED,
    AwaitingCallback,
    Dispatched,
    InfoPending,
    Merged,
    Nowhere,
    ReviewPending,
    stage_of,
)


def withdraw(case: Case, action: WithdrawAction) -> Sequence[RouterEvent]:
    if isinstance(case.state.at, ENDED):
        raise refused("illegal_in_state", state=stage_of(case.state.at), action=action.action)
    continues_as: AppealId | None = None
    item: ItemCode | None = None
    handover: Handover | None = None
    if action.is_safety_matter and case.state.item is not None:
        continues_as = AppealId(named_id(f"continues:{action.appeal_id}"))
        item, handover = case.state.item, handover_of(case.state)
    withdrawn = AppealWithdrawn(
        appeal_id=action.appeal_id,
        reason=action.reason,
        withdrawn_at=case.now,
        continues_as=continues_as,
        item=item,
        handover=handover,
    )
    return taken_back(case, withdrawn, case.key)


def on_withdrawal(case: Case, command: TakeBack) -> Sequence[RouterEvent]:
    """Also before any dispatch: what is then classified is not dispatched any more."""
    if isinstance(case.state.at, ENDED):
        return ()
    withdrawn = AppealWithdrawn(
        appeal_id=command.appeal_id,
        reason=command.reason,
        withdrawn_at=command.withdrawn_at,
        continues_as=None,
    )
    return taken_back(case, withdrawn, command.key)


def taken_back(case: Case, withdrawn: AppealWithdrawn, key: str) -> Sequence[RouterEvent]:
    """Who had joined a master leaves it first."""
    at, when = case.state.at, withdrawn.withdrawn_at
    after = settled(case.state, withdrawn.appeal_id, "withdrawn", when)
    if not isinstance(at, Merged):
        return withdrawn, *after
    left = AppealUnmerged(
        appeal_id=withdrawn.appeal_id,
        key=key,
        master=at.master,
        because="withdrawn",
        reason=None,
        unmerged_at=when,
        resumes=stage_of(at.came_from),
    )
    return left, withdrawn, *after


def on_taken_over(case: Case, command: TakeOver) -> tuple[RouterEvent, ...]:
    if not isinstance(case.state.at, Nowhere):
        return ()
    return (
        AppealTakenOver(
            appeal_id=command.appeal_id,
            taken_from=command.taken_from,
            taken_at=command.taken_at,
            handover=command.handover,
        ),
    )


def on_transfer(case: Case, command: NoteTransfer) -> tuple[RouterEvent, ...]:
    """Only what no department has: a dispatched appeal stays with its lead."""
    if not isinstance(case.state.at, (Nowhere, ReviewPending)):
        return ()
    return (TransferNoted(appeal_id=command.appeal_id, transferred_at=command.transferred_at),)


def on_limit(case: Case, command: PassLimit) -> Sequence[RouterEvent]:
    """A limit that passed before the present step began belongs to an earlier one: nothing."""
    at, when = case.state.at, command.passed_at
    match command.clock, at:
        case "sign", Dispatched() if is_since(case.state.dispatched_at, when):
            return signed_by_itself(case, command)
        case "supplement", InfoPending(since=since) if is_since(since, when):
            timed_out = InfoTimedOut(appeal_id=command.appeal_id, passed_at=when)
            return timed_out, *settled(case.state, command.appeal_id, "info_timed_out", when)
        case "callback", AwaitingCallback(since=since, tries=tries) if is_since(since, when):
            exhausted = CallbackExhausted(appeal_id=command.appeal_id, tries=tries, passed_at=when)
            return exhausted, *settled(case.state, command.appeal_id, "closed", when)
        case "resolve", _:
            return overdue(case, command)
        case _:
            return ()


def is_since(began: datetime | None, passed_at: datetime) -> bool:
    return began is None or passed_at > began


def signed_by_itself(case: Case, command: PassLimit) -> tuple[RouterEvent, ...]:
    return (
        DispatchAutoSigned(
            appeal_id=command.appeal_id,
            department=case.lead,
            because="limit_passed",
            signed_at=command.passed_at,
        ),
    )


def overdue(case: Case, command: PassLimit) -> tuple[RouterEvent, ...]:
    """Noted once, for the one who asks for more time."""
    if case.state.is_overdue or isinstance(case.state.at, (*ENDED, Nowhere)):
        return ()
    if not is_since(case.state.dispatched_at if case.state.reworks else None, command.passed_at):
        return ()
    return (
        LimitPassedNoted(
            appeal_id=command.appeal_id,
            clock=command.clock,
            deadline_version=command.deadline_version,
            due=command.passed_at,
        ),
    )
