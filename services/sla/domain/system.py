"""Which calendar and which policies hold: facts of no appeal, each told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias

from libs.common.contracts.sla import SystemEvent
from libs.common.contracts.sla_system import (
    CalendarVersionApplied,
    HolidayNotice,
    PolicyVersionApplied,
)
from libs.common.decider import Decider
from libs.common.errors import RefusedError

CALENDAR_STREAM: Final = "sla-system-calendar"
POLICY_STREAM: Final = "sla-system-policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyCalendar:
    version: str
    sha256: str
    changes_on: date
    confirmed_until: date | None
    notice: HolidayNotice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPolicy:
    policy: str
    version: str
    sha256: str
    effective_from: date


SystemCommand: TypeAlias = ApplyCalendar | ApplyPolicy


@dataclass(frozen=True, slots=True)
class SystemState:
    """Digests by version of calendars, and of policies."""

    calendars: Mapping[str, str] = field(default_factory=dict[str, str])
    policies: Mapping[str, str] = field(default_factory=dict[str, str])


def decide(state: SystemState, command: SystemCommand) -> Sequence[SystemEvent]:
    """A version that is applied already says nothing; its name for other days is refused."""
    match command:
        case ApplyCalendar():
            known = state.calendars.get(command.version)
            if known is not None and known != command.sha256:
                raise other_content(command.version)
            return () if known else (calendar_applied(command),)
        case ApplyPolicy():
            known = state.policies.get(command.version)
            return () if known == command.sha256 else (policy_applied(command),)


def other_content(version: str) -> RefusedError:
    return RefusedError(
        "version_taken",
        f"版本 {version} 已启用且内容不同。请换一个版本号",
        f"version {version} is applied already with other days: choose another version",
    )


def calendar_applied(command: ApplyCalendar) -> CalendarVersionApplied:
    return CalendarVersionApplied(
        version=command.version,
        sha256=command.sha256,
        changes_on=command.changes_on,
        confirmed_until=command.confirmed_until,
        notice=command.notice,
    )


def policy_applied(command: ApplyPolicy) -> PolicyVersionApplied:
    return PolicyVersionApplied(
        policy=command.policy,
        version=command.version,
        sha256=command.sha256,
        effective_from=command.effective_from,
    )


def evolve(state: SystemState, event: SystemEvent) -> SystemState:
    match event:
        case CalendarVersionApplied():
            return replace(state, calendars={**state.calendars, event.version: event.sha256})
        case PolicyVersionApplied():
            return replace(state, policies={**state.policies, event.version: event.sha256})


def system_decider() -> Decider[SystemCommand, SystemState, SystemEvent]:
    return Decider(initial=SystemState(), decide=decide, evolve=evolve)
