"""A candidate beside the model in use: on held-out sets, and on what has passed already."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from libs.common.contracts.governance import Figure, ShadowCount
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example, read_examples
from services.classifier.adapters.evaluation import answers_of, figures_of
from services.classifier.domain.ranking import CERTAIN, Ranking

BATCH: Final = 500
FIGURES: Final = (
    "item_top1",
    "item_top3",
    "category_top1",
    "auto_precision",
    "auto_coverage",
    "none_recall",
    "none_false_alarms",
    "ece",
)
Shares = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Both models on one held-out set; a figure is null where the set can not tell it."""

    name: str
    texts: int
    before: Shares
    after: Shares


@dataclass(frozen=True, slots=True)
class Past:
    """One appeal of the past as the model reads it."""

    appeal_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """`automatic` says whether it went, or would go, without a person."""

    appeal_id: UUID
    item_before: str
    item_after: str
    automatic_before: bool
    automatic_after: bool


def measured(
    before: Classifier, after: Classifier, sets: Mapping[str, Sequence[Example]]
) -> list[Measured]:
    return [
        Measured(name, len(examples), shares(before, examples), shares(after, examples))
        for name, examples in sets.items()
    ]


def shares(classifier: Classifier, examples: Sequence[Example]) -> Shares:
    figures = figures_of(answers_of(classifier, examples))
    return {name: figures.get(name) for name in FIGURES}


def held_out_sets(files: Iterable[Path]) -> dict[str, list[Example]]:
    """Raises CorpusError for a file that is no set of labelled texts."""
    return {path.stem: read_examples(path) for path in sorted(files)}


def figures_told(sets: Sequence[Measured]) -> tuple[Figure, ...]:
    """The candidate's figures in basis points, as its proposal holds them."""
    return tuple(
        Figure(of=one.name[:50], figure=name, share=round(share * CERTAIN))
        for one in sets
        for name, share in one.after.items()
        if share is not None
    )


def changes_between(before: Classifier, after: Classifier, past: Sequence[Past]) -> list[Change]:
    """What would have gone another way; what would be the same is left out."""
    found: list[Change] = []
    for batch in batches(past):
        texts = [one.text for one in batch]
        pairs = zip(batch, before.classify(texts), after.classify(texts), strict=True)
        found += [change for one, old, new in pairs if (change := change_of(one, old, new))]
    return found


def batches(past: Sequence[Past]) -> Iterable[Sequence[Past]]:
    return (past[start : start + BATCH] for start in range(0, len(past), BATCH))


def change_of(one: Past, old: Ranking, new: Ranking) -> Change | None:
    automatic = (old.doubt is None, new.doubt is None)
    if automatic[0] == automatic[1] and old.item == new.item:
        return None
    return Change(one.appeal_id, old.item, new.item, *automatic)


def counted(appeals: int, changes: Sequence[Change]) -> ShadowCount:
    return ShadowCount(
        appeals=appeals,
        other_item=sum(one.item_before != one.item_after for one in changes),
        newly_automatic=sum(one.automatic_after > one.automatic_before for one in changes),
        newly_doubtful=sum(one.automatic_after < one.automatic_before for one in changes),
    )


def write_changes(path: Path, changes: Sequence[Change]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("appeal_id", "item_before", "item_after", "automatic_before", "automatic_after")
        )
        for one in changes:
            row = (one.appeal_id, one.item_before, one.item_after)
            writer.writerow((*row, int(one.automatic_before), int(one.automatic_after)))
