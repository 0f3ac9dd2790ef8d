"""Formulas applied to appeals. Whole numbers only: a share is in basis points, rounded half up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from services.dossier.domain.rates.formulas import Formulas, Mean, Parts, Share
from services.dossier.domain.rates.marks import LaneMark, Mark, Marked, OutcomeMark

WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFigure:
    """`basis_points` is None where there is nothing to count. `excluded` were left out of `of`
    by an approved exclusion alone.
    """

    id: str
    zh: str
    en: str
    formula_version: str
    counts: int
    of: int
    excluded: int
    basis_points: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanFigure:
    id: str
    zh: str
    en: str
    formula_version: str
    unit: str
    of: int
    mean: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsFigure:
    id: str
    zh: str
    en: str
    formula_version: str
    whole: int
    parts: dict[OutcomeMark | LaneMark, int]


Figure: TypeAlias = ShareFigure | MeanFigure | PartsFigure


def figures(formulas: Formulas, appeals: Sequence[Marked]) -> list[Figure]:
    version = formulas.version
    return [
        *(share_of(one, appeals, version) for one in formulas.shares),
        *(mean_of(one, appeals, version) for one in formulas.means),
        *(parts_of(one, appeals, version) for one in formulas.parts),
    ]


def share_of(formula: Share, appeals: Iterable[Marked], version: str) -> ShareFigure:
    counts = of = excluded = 0
    for appeal in appeals:
        if formula.of.holds(appeal.marks):
            of += 1
            counts += formula.counts.holds(appeal.marks)
        elif formula.of.holds(appeal.marks - EXCLUSION):
            excluded += 1
    return ShareFigure(
        id=formula.id,
        zh=formula.zh,
        en=formula.en,
        formula_version=version,
        counts=counts,
        of=of,
        excluded=excluded,
        basis_points=rounded(counts * WHOLE, of) if of else None,
    )


def mean_of(formula: Mean, appeals: Iterable[Marked], version: str) -> MeanFigure:
    found = [
        appeal.quantities[formula.quantity]
        for appeal in appeals
        if formula.quantity in appeal.quantities and formula.of.holds(appeal.marks)
    ]
    return MeanFigure(
        id=formula.id,
        zh=formula.zh,
        en=formula.en,
        formula_version=version,
        unit=formula.unit,
        of=len(found),
        mean=rounded(sum(found), len(found)) if found else None,
    )


def parts_of(formula: Parts, appeals: Iterable[Marked], version: str) -> PartsFigure:
    counted: Counter[Mark] = Counter()
    whole = 0
    for appeal in appeals:
        if formula.of.holds(appeal.marks):
            whole += 1
            counted.update(appeal.marks.intersection(formula.parts))
    return PartsFigure(
        id=formula.id,
        zh=formula.zh,
        en=formula.en,
        formula_version=version,
        whole=whole,
        parts={part: counted[part] for part in formula.parts},
    )


def rounded(amount: int, by: int) -> int:
    return (2 * amount + by) // (2 * by)


EXCLUSION: Final[frozenset[Mark]] = frozenset({"excluded"})
