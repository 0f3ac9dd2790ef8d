"""What follows from the model's judgement. Pure: the model has spoken before."""

from collections.abc import Sequence
from typing import Final, assert_never

from libs.common.contracts.classifier import AppealClassified, ClassifierEvent, ReviewRequired
from libs.common.decider import Decider
from libs.common.errors import PoisonError
from services.classifier.domain.commands import ClassifierCommand, Classify, RecordJudgement
from services.classifier.domain.state import ClassifierState, NotJudged, evolve


def decide(state: ClassifierState, command: ClassifierCommand) -> Sequence[ClassifierEvent]:
    match command:
        case Classify():
            raise PoisonError("not_judged", "the model has not read this appeal")
        case RecordJudgement():
            return record_judgement(state, command)
        case _:
            assert_never(command)


def record_judgement(
    state: ClassifierState, command: RecordJudgement
) -> tuple[ClassifierEvent, ...]:
    if not isinstance(state, NotJudged):
        return ()
    if command.doubt is not None:
        return (
            ReviewRequired(
                appeal_id=command.appeal_id,
                reason=command.doubt,
                judgement=command.judgement,
                handover=command.handover,
            ),
        )
    return (
        AppealClassified(
            appeal_id=command.appeal_id,
            item=command.judgement.candidates[0].item,
            category=command.category,
            judgement=command.judgement,
            handover=command.handover,
        ),
    )


CLASSIFICATION: Final[Decider[ClassifierCommand, ClassifierState, ClassifierEvent]] = Decider(
    initial=NotJudged(), decide=decide, evolve=evolve
)
