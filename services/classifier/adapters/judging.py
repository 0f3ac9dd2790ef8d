"""The model's ranking as the judgement that an event holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from libs.common.contracts.classifier import Judgement, ReviewReason
from services.classifier.adapters.classifier import Classifier
from services.classifier.domain.commands import ClassifierCommand, Classify, RecordJudgement
from services.classifier.domain.matters import parts_of, words_of
from services.classifier.domain.ranking import Doubt, Ranking
from services.classifier.domain.reading import whole_text
from services.classifier.domain.succession import Succession

REASONS: Final[dict[Doubt, ReviewReason]] = {
    Doubt.LOW_CONFIDENCE: "low_confidence",
    Doubt.NONE_OF_THESE: "none_of_these",
    Doubt.NOTHING_TO_READ: "nothing_to_read",
}
Matter = Mapping[str, Any]


@dataclass(slots=True)
class ModelInUse:
    """The one model that judges; another takes its place between two batches."""

    classifier: Classifier
    sha256: str = ""

    @property
    def version(self) -> str:
        return self.classifier.model.version


@dataclass(frozen=True, slots=True)
class Judge:
    """Reads many texts at once: a model works on a batch for the price of a few.

    `succession` leads from the items that a model knows to those of the catalogue in force.
    """

    in_use: ModelInUse
    succession: Succession = field(default_factory=Succession)

    def __call__(self, commands: Sequence[ClassifierCommand]) -> Sequence[ClassifierCommand]:
        unread = [command for command in commands if isinstance(command, Classify)]
        if not unread:
            return commands
        classifier = self.in_use.classifier
        texts = [whole_text(command.title, command.text) for command in unread]
        rankings = classifier.classify(texts)
        seconds = second_matters(classifier, texts, rankings)
        judged = iter(
            [
                self.judged(command, ranking, classifier, matter)
                for command, ranking, matter in zip(unread, rankings, seconds, strict=True)
            ]
        )
        return [next(judged) if isinstance(command, Classify) else command for command in commands]

    def judged(
        self, command: Classify, ranking: Ranking, classifier: Classifier, matter: Matter | None
    ) -> RecordJudgement:
        model = classifier.model
        first = self.succession.of(ranking.item)[0]
        # One validation of plain values is several times as fast as one object after the other.
        judgement = Judgement.model_validate(
            {
                "candidates": self.candidates(ranking),
                "confidence": ranking.confidence,
                "margin": ranking.margin,
                "none_of_these": ranking.none_of_these,
                "urgency": ranking.urgency,
                "reasons": [{"words": r.words, "share": r.basis_points} for r in ranking.reasons],
                "threshold": model.thresholds.confidence,
                "model_version": model.version,
                "catalogue_version": self.succession.version or model.catalogue_version,
                "second_matter": matter,
            }
        )
        return RecordJudgement(
            appeal_id=command.appeal_id,
            handover=command.handover,
            category=self.succession.category_of(first, ranking.category),
            judgement=judgement,
            doubt=self.doubt_of(ranking),
            title=command.title,
            text=command.text,
        )

    def candidates(self, ranking: Ranking) -> list[Matter]:
        """An item that was divided stands as its first part; merged ones stand once."""
        found: dict[str, int] = {}
        for one in ranking.candidates:
            found.setdefault(self.succession.of(one.item)[0], one.basis_points)
        return [{"item": item, "confidence": figure} for item, figure in found.items()]

    def doubt_of(self, ranking: Ranking) -> ReviewReason | None:
        if ranking.doubt is not None:
            return REASONS[ranking.doubt]
        return None if self.succession.is_clear(ranking.item) else "item_split"


def second_matters(
    classifier: Classifier, texts: Sequence[str], rankings: Sequence[Ranking]
) -> list[Matter | None]:
    """For each text what else it asks for, if a part of it clearly asks for another item."""
    parts = [parts_of(text) for text in texts]
    flat = [part for some in parts for part in some]
    said = iter(classifier.classify(flat))
    return [
        other_than(ranking, [(part, next(said)) for part in some])
        for some, ranking in zip(parts, rankings, strict=True)
    ]


def other_than(main: Ranking, parts: Sequence[tuple[str, Ranking]]) -> Matter | None:
    others = [
        (ranking.confidence, ranking.item, part)
        for part, ranking in parts
        if ranking.doubt is None and ranking.item != main.item
    ]
    if not others:
        return None
    confidence, item, part = max(others)
    return {"item": item, "confidence": confidence, "words": words_of(part)}
