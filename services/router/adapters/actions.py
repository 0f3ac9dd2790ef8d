"""What people and departments' systems ask, by HTTP or Kafka, as commands for our streams."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from libs.common.contracts.actions import ACTION, Action
from libs.common.contracts.intake_actions import INTAKE_ACTIONS
from libs.common.contracts.review_actions import CLASSIFIER_ACTIONS
from libs.common.contracts.topics import Topic
from libs.common.errors import PoisonError
from libs.common.fingerprints import fingerprints
from libs.common.ids import named_id
from libs.common.subscription import InboundSubscription, Record, Request
from services.router.domain.commands import Act, RouterCommand

# Taken by the others; what nobody takes is parked here and nowhere else (rule 23).
NOT_OURS: Final = INTAKE_ACTIONS | CLASSIFIER_ACTIONS


class Named(BaseModel):
    action: str


NAMED: Final = TypeAdapter(Named)


@dataclass(frozen=True, slots=True)
class Actions:
    """Turns what was asked into requests for the router's streams."""

    fingerprint_key: bytes

    def subscription(self) -> InboundSubscription[RouterCommand]:
        return InboundSubscription(topic=Topic.ACTIONS, admit=self.admit)

    def admit(self, record: Record, now: datetime) -> list[Request[RouterCommand]]:
        """The record's key must be the appeal's: a stream under another key does not exist."""
        value = record.value or b""
        try:
            action = ACTION.validate_json(value)
        except ValidationError:
            if is_of_others(value):
                return []
            raise
        try:
            key = (record.key or b"").decode("ascii")
        except UnicodeDecodeError as error:
            raise PoisonError("bad_key", "the key is not an id in ASCII") from error
        return [self.request(action, partition=record.partition, key=key, now=now)]

    def request(
        self, action: Action, *, partition: int, key: str, now: datetime
    ) -> Request[RouterCommand]:
        return Request(
            command=Act(action=action, key=key, now=now),
            stream_id=f"router-{action.appeal_id}",
            partition=partition,
            key=key,
            subject=str(action.appeal_id),
            causation_id=named_id(f"action:{action.command_id}"),
            correlation_id=action.appeal_id,
            actor=action.actor,
            command_id=action.command_id,
            fingerprints=fingerprints(self.fingerprint_key, action.model_dump(mode="json")),
        )


def is_of_others(value: bytes) -> bool:
    try:
        return NAMED.validate_json(value).action in NOT_OURS
    except ValidationError:
        return False
