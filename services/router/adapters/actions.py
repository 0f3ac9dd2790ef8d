"""What people and departments' systems ask, by HTTP or Kafka, as commands for our streams."""

from dataclasses import dataclass
from datetime import datetime

from libs.common.contracts.actions import (
    ACTION,
    Action,
    ApproveResultAction,
    RateAction,
    SignAction,
    SubmitResultAction,
)
from libs.common.contracts.topics import Topic
from libs.common.errors import PoisonError
from libs.common.fingerprints import fingerprints
from libs.common.ids import named_id
from libs.common.subscription import InboundSubscription, Record, Request
from services.router.domain.commands import (
    ApproveResult,
    Asked,
    Rate,
    RouterCommand,
    SignDispatch,
    SubmitResult,
)


@dataclass(frozen=True, slots=True)
class Actions:
    """Turns what was asked into requests for the router's streams."""

    fingerprint_key: bytes

    def subscription(self) -> InboundSubscription[RouterCommand]:
        return InboundSubscription(topic=Topic.ACTIONS, admit=self.admit)

    def admit(self, record: Record, now: datetime) -> list[Request[RouterCommand]]:
        """The record's key must be the appeal's: a stream under another key does not exist."""
        action = ACTION.validate_json(record.value or b"")
        try:
            key = (record.key or b"").decode("ascii")
        except UnicodeDecodeError as error:
            raise PoisonError("bad_key", "the key is not an id in ASCII") from error
        return [self.request(action, partition=record.partition, key=key, now=now)]

    def request(
        self, action: Action, *, partition: int, key: str, now: datetime
    ) -> Request[RouterCommand]:
        return Request(
            command=command_of(action, now),
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


def command_of(action: Action, now: datetime) -> RouterCommand:
    asked = Asked(
        appeal_id=action.appeal_id,
        command_id=action.command_id,
        actor=action.actor,
        now=now,
        expected_version=action.expected_version,
    )
    match action:
        case SignAction():
            return SignDispatch(asked=asked, department=action.department)
        case SubmitResultAction():
            return SubmitResult(
                asked=asked,
                department=action.department,
                outcome=action.outcome,
                contacted_at=action.contacted_at,
                public_reply=action.public_reply,
                legal_basis=action.legal_basis,
            )
        case ApproveResultAction():
            return ApproveResult(asked=asked)
        case RateAction():
            return Rate(asked=asked, score=action.score)
        case _:
            raise PoisonError("unknown_action", f"{action.action} is not taken yet")
