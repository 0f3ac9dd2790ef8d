"""What each rate counts, as versioned data: a figure without its formula's version says nothing."""

from datetime import date
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.dossier.domain.rates.marks import (
    LANES,
    OUTCOMES,
    LaneMark,
    Mark,
    OutcomeMark,
    Quantity,
)

FormulaId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Words: TypeAlias = Annotated[str, Field(min_length=1, max_length=300)]
VERSION: Final = r"^rates-\d{4}\.\d{1,3}$"


class FormulaPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Among(FormulaPart):
    """Appeals that bear every mark of `all` and none of `none`."""

    all: tuple[Mark, ...] = ()
    none: tuple[Mark, ...] = ()

    def holds(self, marks: frozenset[Mark]) -> bool:
        return marks.issuperset(self.all) and marks.isdisjoint(self.none)


class Named(FormulaPart):
    id: FormulaId
    zh: Words
    en: Words
    # Why it is counted so: a published text, or our own choice where there is none.
    source: Words


class Share(Named):
    """How many of `of` are also among `counts`; none of them is no figure, and not zero."""

    of: Among
    counts: Among


class Mean(Named):
    """The mean of one quantity over those of `of` that have it."""

    of: Among
    quantity: Quantity
    unit: Literal["seconds", "hundredths"]


class Parts(Named):
    """Each appeal of `of` is in exactly one part, so the parts add up to the whole."""

    of: Among
    parts: tuple[OutcomeMark | LaneMark, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def check_parts(self) -> Self:
        if set(self.parts) not in (set(OUTCOMES), set(LANES)):
            problem = "parts that are not all outcomes, or all ways, can not add up to the whole"
            raise ValueError(problem)
        return self


class Formulas(FormulaPart):
    version: Annotated[str, StringConstraints(pattern=VERSION)]
    effective_from: date
    shares: tuple[Share, ...]
    means: tuple[Mean, ...]
    parts: tuple[Parts, ...]

    @model_validator(mode="after")
    def check_names(self) -> Self:
        names = [one.id for one in (*self.shares, *self.means, *self.parts)]
        if len(set(names)) < len(names):
            problem = "two formulas have one id"
            raise ValueError(problem)
        return self
