"""The model's ranking as the judgement that an event holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from libs.common.contracts.classifier import Judgement, ReviewReason
from services.classifier.adapters.classifier import Classifier
from services.classifier.domain.commands import ClassifierCommand, Classify, RecordJudgement
from services.classifier.domain.ranking import Doubt, Ranking

REASONS: Final[dict[Doubt, ReviewReason]] = {
    Doubt.LOW_CONFIDENCE: "low_confidence",
    Doubt.NONE_OF_THESE: "none_of_these",
    Doubt.NOTHING_TO_READ: "nothing_to_read",
}


@dataclass(frozen=True, slots=True)
class Judge:
    """Reads many texts at once: a model works on a batch for the price of a few."""

    classifier: Classifier
    model_version: str
    catalogue_version: str
    threshold: int

    def __call__(self, commands: Sequence[ClassifierCommand]) -> Sequence[ClassifierCommand]:
        unread = [command for command in commands if isinstance(command, Classify)]
        rankings = iter(self.classifier.classify([text_of(command) for command in unread]))
        return [
            self.judged(command, next(rankings)) if isinstance(command, Classify) else command
            for command in commands
        ]

    def judged(self, command: Classify, ranking: Ranking) -> RecordJudgement:
        # One validation of plain values is several times as fast as one object after the other.
        judgement = Judgement.model_validate(
            {
                "candidates": [
                    {"item": c.item, "confidence": c.basis_points} for c in ranking.candidates
                ],
                "confidence": ranking.confidence,
                "margin": ranking.margin,
                "none_of_these": ranking.none_of_these,
                "urgency": ranking.urgency,
                "reasons": [{"words": r.words, "share": r.basis_points} for r in ranking.reasons],
                "threshold": self.threshold,
                "model_version": self.model_version,
                "catalogue_version": self.catalogue_version,
            }
        )
        return RecordJudgement(
            appeal_id=command.appeal_id,
            handover=command.handover,
            category=ranking.category,
            judgement=judgement,
            doubt=None if ranking.doubt is None else REASONS[ranking.doubt],
        )


def text_of(command: Classify) -> str:
    """A title that only repeats how the text begins would count twice."""
    title = command.title.removesuffix("…")
    return command.text if command.text.startswith(title) else f"{title}\n{command.text}"
