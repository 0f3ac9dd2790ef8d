"""What dispatchers ask, by HTTP or Kafka, as commands for our streams."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ValidationError

from libs.common.contracts.review_actions import (
    CLASSIFIER_ACTIONS,
    REVIEW_ACTION,
    ConfirmClassificationAction,
    ReviewAction,
)
from libs.common.contracts.topics import Topic
from libs.common.errors import PoisonError
from libs.common.fingerprints import fingerprints
from libs.common.ids import named_id
from libs.common.subscription import InboundSubscription, Record, Request
from services.classifier.domain.commands import (
    Asked,
    ConfirmClassification,
    CorrectClassification,
    ReviewCommand,
)


@dataclass(frozen=True, slots=True)
class Actions:
    """Turns what was asked into requests for the classifier's streams."""

    fingerprint_key: bytes

    def subscription(self) -> InboundSubscription[ReviewCommand]:
        return InboundSubscription(topic=Topic.ACTIONS, admit=self.admit)

    def admit(self, record: Record, now: datetime) -> list[Request[ReviewCommand]]:
        """Only our own actions; what is not JSON or nobody's action the router parks."""
        value = record.value or b""
        if not is_ours(value):
            return []
        action = REVIEW_ACTION.validate_json(value)
        try:
            key = (record.key or b"").decode("ascii")
        except UnicodeDecodeError as error:
            raise PoisonError("bad_key", "the key is not an id in ASCII") from error
        return [self.request(action, partition=record.partition, key=key)]

    def request(self, action: ReviewAction, *, partition: int, key: str) -> Request[ReviewCommand]:
        return Request(
            command=command_of(action),
            stream_id=f"classifier-{action.appeal_id}",
            partition=partition,
            key=key,
            subject=str(action.appeal_id),
            causation_id=named_id(f"action:{action.command_id}"),
            correlation_id=action.appeal_id,
            actor=action.actor,
            command_id=action.command_id,
            fingerprints=fingerprints(self.fingerprint_key, action.model_dump(mode="json")),
        )


class Named(BaseModel):
    """Whose action it is, before anything else is looked at."""

    action: str


def is_ours(value: bytes) -> bool:
    try:
        return Named.model_validate_json(value).action in CLASSIFIER_ACTIONS
    except ValidationError:
        return False


def command_of(action: ReviewAction) -> ReviewCommand:
    asked = Asked(
        appeal_id=action.appeal_id,
        command_id=action.command_id,
        actor=action.actor,
        expected_version=action.expected_version,
    )
    if isinstance(action, ConfirmClassificationAction):
        return ConfirmClassification(asked=asked, item=action.item)
    return CorrectClassification(asked=asked, item=action.item, reason=action.reason)
