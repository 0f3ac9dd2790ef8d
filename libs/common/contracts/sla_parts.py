"""What sla's events are made of."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Part
from libs.common.contracts.values import ClockName, Version

StepKind: TypeAlias = Literal["warning", "urge", "breach", "supervise", "raise", "notify"]
# Which of a clock's rules applies: an appeal's urgency, or a kind that some rules set apart.
RuleGrade: TypeAlias = Literal["normal", "urgent", "complex", "consult", "utility"]
LimitUnit: TypeAlias = Literal[
    "working_days",
    "calendar_days",
    "working_hours",
    "working_minutes",
    "elapsed_hours",
    "elapsed_minutes",
]
# Why a due time moved; a merge gives the master the earliest due time of its children.
DeadlineReason: TypeAlias = Literal[
    "pause", "resume", "extension", "urgency", "calendar", "policy", "merge", "unmerge"
]
StopReason: TypeAlias = Literal["done", "replaced", "merged", "closed"]
# While a result is reviewed, or while the appeal stands on the ledger (挂账).
SilenceReason: TypeAlias = Literal["review", "ledger"]


class Step(Part):
    """One rung of a clock's ladder (预警, 催办, 逾期, 督办, 提级, 通报)."""

    level: int = Field(ge=0, le=9)
    kind: StepKind
    at: AwareDatetime
    # The outward notice waits for working hours unless the policy says round the clock.
    notify_at: AwareDatetime
    addressee: str = Field(max_length=50)


class Rest(Part):
    """A pause as it is taken out of the limit: never longer than the policy's cap."""

    paused_at: AwareDatetime
    resumed_at: AwareDatetime


class ClockStart(Part):
    """One clock with its deadline and the data that the deadline was reckoned from.

    `unit` and `amount` are the limit with its extensions; with `started_at`, `rests`, the calendar
    and `not_after` (a merge's earlier due time) they give `due` again. `promised_due` is a date
    that was given in the place of a limit (挂账).
    """

    clock: ClockName
    started_at: AwareDatetime
    due: AwareDatetime
    deadline_version: int = Field(ge=1, le=1_000)
    limit: str = Field(max_length=50)
    policy_version: Version
    calendar_version: Version
    provisional: bool
    steps: tuple[Step, ...] = Field(max_length=10)
    grade: RuleGrade | None = None
    unit: LimitUnit | None = None
    amount: int | None = Field(default=None, ge=1, le=50_000)
    source: str | None = Field(default=None, max_length=300)
    target_due: AwareDatetime | None = None
    rests: tuple[Rest, ...] = Field(default=(), max_length=20)
    extensions: int = Field(default=0, ge=0, le=20)
    not_after: AwareDatetime | None = None
    promised_due: AwareDatetime | None = None


class NextStep(Part):
    clock: ClockName
    deadline_version: int = Field(ge=1, le=1_000)
    level: int = Field(ge=0, le=9)
    at: AwareDatetime
