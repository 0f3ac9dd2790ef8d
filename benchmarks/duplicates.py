"""How well repeats of one matter are told from mere neighbours: precision and recall.

`python -m benchmarks.duplicates` on pairs written for this project. The thresholds follow the half
`tuning`; one person wrote both halves and saw both scored, so the figures of the other flatter.
The items are those that the model itself names.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import services.classifier
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.likeness_scores import similarities
from services.classifier.adapters.material import built_model, shipped_examples, shipped_topics
from services.classifier.domain.likeness import Matter, likenesses_of

PAIRS: Final = Path(services.classifier.__file__).parent / "data" / "duplicates" / "pairs.jsonl"
MODEL: Final = Path(".local") / "classifier"
NOON: Final = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FIRM: Final = UUID(int=1)


@dataclass(frozen=True)
class Pair:
    """`same_item`: the ground is one place and one item, whatever the model would say."""

    earlier: str
    later: str
    ground: str
    repeat: bool
    use: str


def read_pairs() -> list[Pair]:
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    return [Pair(**json.loads(line)) for line in lines]


def is_suggested(classifier: Classifier, pair: Pair) -> bool:
    firm = FIRM if pair.ground == "same_enterprise" else None
    earlier, later = (ranking.item for ranking in classifier.classify([pair.earlier, pair.later]))
    before = Matter(
        appeal_id=UUID(int=1),
        accepted_at=NOON - timedelta(days=3),
        item=earlier if firm else "X",
        enterprise_id=firm,
        sub_district="XX",
        text=pair.earlier,
    )
    after = Matter(
        appeal_id=UUID(int=2),
        accepted_at=NOON,
        item=later if firm else "X",
        enterprise_id=firm,
        sub_district="XX",
        text=pair.later,
    )
    new, known = {after.appeal_id: after}, {before.appeal_id: before}
    pairs = [(after.appeal_id, before.appeal_id)]
    near = similarities(classifier.model.vocabulary, new, known, pairs)
    return bool(likenesses_of(after, near[after.appeal_id]))


def figures(classifier: Classifier, pairs: list[Pair]) -> dict[str, float | int | None]:
    said = [is_suggested(classifier, pair) for pair in pairs]
    hits = sum(s and pair.repeat for s, pair in zip(said, pairs, strict=True))
    repeats = sum(pair.repeat for pair in pairs)
    return {
        "pairs": len(pairs),
        "repeats": repeats,
        "precision": round(hits / sum(said), 3) if any(said) else None,
        "recall": round(hits / repeats, 3) if repeats else None,
    }


def main() -> None:
    classifier = Classifier(built_model(MODEL, shipped_examples(), shipped_topics()))
    pairs = read_pairs()
    for use in ("tuning", "held-out"):
        for ground in ("same_enterprise", "same_place_and_item"):
            chosen = [pair for pair in pairs if pair.use == use and pair.ground == ground]
            print(f"{use:<9} {ground:<20} {figures(classifier, chosen)}")  # noqa: T201


if __name__ == "__main__":
    main()
