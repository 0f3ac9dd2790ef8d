"""What a district promises: a limit and a ladder of steps for every clock, as data."""

from datetime import date
from typing import Annotated, Final, Literal, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.calendar.limits import Limit, Unit
from libs.catalogue.org import Addressee
from libs.common.contracts.sla_parts import StepKind
from libs.common.contracts.values import ClockName

# normal and urgent are an appeal's urgency; the others are kinds that some rules set apart:
# a complex item, a question (咨询), a failure of water, power, gas or heating.
Grade: TypeAlias = Literal["normal", "urgent", "complex", "consult", "utility"]
CLOCKS: Final[tuple[ClockName, ...]] = get_args(ClockName)
GRADES: Final[tuple[Grade, ...]] = get_args(Grade)
OFFSET_UNITS: Final = frozenset({Unit.WORKING_DAYS, Unit.ELAPSED_HOURS, Unit.ELAPSED_MINUTES})
Source: TypeAlias = Annotated[str, Field(min_length=3, max_length=300)]


class PolicyPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AtPercent(PolicyPart):
    at: Literal["percent"]
    percent: int = Field(ge=1, le=99)


class AtTarget(PolicyPart):
    at: Literal["target"]


class AtDue(PolicyPart):
    at: Literal["due"]


class AwayFromDue(PolicyPart):
    """Working days keep the time of day of the due time."""

    at: Literal["before_due", "after_due"]
    by: Limit

    @model_validator(mode="after")
    def check_unit(self) -> Self:
        if self.by.unit not in OFFSET_UNITS:
            problem = f"a step can not stand {self.by.text_en} away from the due time"
            raise ValueError(problem)
        return self


Anchor: TypeAlias = Annotated[AtPercent | AtTarget | AtDue | AwayFromDue, Field(discriminator="at")]


class LadderStep(PolicyPart):
    level: int = Field(ge=0, le=9)
    kind: StepKind
    anchor: Anchor
    to: Addressee
    notice: Literal["working_hours", "any_hour"]
    source: Source


class Extension(PolicyPart):
    by: Limit
    at_most: int = Field(ge=1, le=5)


class ClockRule(PolicyPart):
    """The target is what is promised, the limit what is enforced."""

    limit: Limit
    target: Limit | None = None
    extension: Extension | None = None
    ladder: str
    source: Source

    @model_validator(mode="after")
    def check_extension(self) -> Self:
        if self.extension and self.extension.by.unit is not self.limit.unit:
            problem = "an extension must be in the unit of the limit it extends"
            raise ValueError(problem)
        return self


class ClockRules(PolicyPart):
    normal: ClockRule
    urgent: ClockRule
    complex: ClockRule | None = None
    consult: ClockRule | None = None
    utility: ClockRule | None = None

    def for_grade(self, grade: Grade) -> ClockRule:
        """A kind without a rule of its own follows the normal one; complex may extend it once."""
        match grade:
            case "normal":
                return self.normal
            case "urgent":
                return self.urgent
            case "complex":
                return self.complex or extended_once(self.normal)
            case "consult":
                return self.consult or self.normal
            case "utility":
                return self.utility or self.normal


def extended_once(rule: ClockRule) -> ClockRule:
    if rule.extension:
        return rule
    return rule.model_copy(update={"extension": Extension(by=rule.limit, at_most=1)})


class PauseRule(PolicyPart):
    cap: Limit
    rounds: int = Field(ge=0, le=9)
    source: Source

    @model_validator(mode="after")
    def check_cap(self) -> Self:
        if self.cap.unit is not Unit.WORKING_DAYS:
            problem = "the longest pause is written in working days"
            raise ValueError(problem)
        return self


class Policy(PolicyPart):
    name: str = Field(pattern=r"^[a-z][a-z-]{1,39}$")
    version: str = Field(pattern=r"^\d{4}\.\d{1,3}$")
    effective_from: date
    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=60)
    pause: PauseRule
    clocks: dict[ClockName, ClockRules]
    ladders: dict[str, tuple[LadderStep, ...]]

    @property
    def version_id(self) -> str:
        """What an event names: the policy and its version."""
        return f"{self.name}-{self.version}"

    def rule(self, clock: ClockName, grade: Grade) -> ClockRule:
        return self.clocks[clock].for_grade(grade)

    def ladder(self, rule: ClockRule) -> tuple[LadderStep, ...]:
        return self.ladders[rule.ladder]

    @model_validator(mode="after")
    def check_clocks(self) -> Self:
        missing = [clock for clock in CLOCKS if clock not in self.clocks]
        if missing:
            problem = f"no rule for the clocks {', '.join(missing)}"
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def check_ladders(self) -> Self:
        for name, steps in self.ladders.items():
            if [step.level for step in steps] != list(range(len(steps))):
                problem = f"the levels of the ladder {name} must be 0, 1, 2 and so on"
                raise ValueError(problem)
            breaches = [step.anchor.at for step in steps if step.kind == "breach"]
            if breaches != ["due"]:
                problem = f"the ladder {name} needs one breach, and that at the due time"
                raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def check_rules(self) -> Self:
        for clock, rules in self.clocks.items():
            for grade in GRADES:
                self.check_rule(f"{clock}/{grade}", rules.for_grade(grade))
        return self

    def check_rule(self, where: str, rule: ClockRule) -> None:
        if rule.ladder not in self.ladders:
            problem = f"{where} names the ladder {rule.ladder}, which is not there"
            raise ValueError(problem)
        if rule.target is None and any(step.anchor.at == "target" for step in self.ladder(rule)):
            problem = f"{where} has a step at its target but no target"
            raise ValueError(problem)
