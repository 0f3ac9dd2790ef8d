"""Where one appeal stands between dispatch and close, and how events move it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never

from libs.common.contracts.router import (
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
    RouterEvent,
)
from libs.common.ids import DepartmentCode


@dataclass(frozen=True, slots=True)
class NotDispatched:
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WithDepartment:
    """Some department leads, so every state below knows which."""

    version: int
    lead: DepartmentCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched(WithDepartment): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InProgress(WithDepartment): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderReview(WithDepartment):
    result_submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingCallback(WithDepartment): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(WithDepartment): ...


WithLead: TypeAlias = Dispatched | InProgress | UnderReview | AwaitingCallback | Closed
RouterState: TypeAlias = NotDispatched | WithLead


def evolve(state: RouterState, event: RouterEvent) -> RouterState:
    """History is not judged again: an event that is stored has happened."""
    version = state.version + 1
    if isinstance(event, AppealDispatched):
        return Dispatched(version=version, lead=event.lead)
    if isinstance(state, NotDispatched):
        return replace(state, version=version)
    if isinstance(event, DispatchSigned | ResultSubmitted | ResultApproved | RatedAcceptable):
        return move(version, state.lead, event)
    return replace(state, version=version)


def move(
    version: int,
    lead: DepartmentCode,
    event: DispatchSigned | ResultSubmitted | ResultApproved | RatedAcceptable,
) -> WithLead:
    match event:
        case DispatchSigned():
            return InProgress(version=version, lead=lead)
        case ResultSubmitted():
            return UnderReview(version=version, lead=lead, result_submitted_at=event.submitted_at)
        case ResultApproved():
            return AwaitingCallback(version=version, lead=lead)
        case RatedAcceptable():
            return Closed(version=version, lead=lead)
        case _:
            assert_never(event)
