"""Submissions in, commands out: checked, masked, and given the ids that make them unique."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson
from pydantic import ValidationError

from libs.common.contracts.envelope import Actor
from libs.common.contracts.inbound import Submission
from libs.common.contracts.intake_words import OfficerId
from libs.common.contracts.topics import Topic
from libs.common.errors import PoisonError
from libs.common.fingerprints import fingerprints
from libs.common.ids import EnterpriseId, appeal_id_of, enterprise_id_of
from libs.common.subscription import InboundSubscription, Record, Request
from services.intake.adapters.subjects import SubjectKeys
from services.intake.domain.commands import IntakeCommand, SubmitAppeal
from services.intake.domain.problems import Problem, problem, problems_of
from services.intake.domain.submission import prepare

PRODUCER: Final = "producer_id"
UNNAMED_PRODUCER: Final = "kafka"


class RefusedSubmissionError(Exception):
    """What is wrong with a submission, field by field; nothing of it is repeated."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.code}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Submissions:
    """Turns what producers send, by whichever way, into requests for intake's streams."""

    fingerprint_key: bytes
    sub_districts: Mapping[str, str]
    partition_of: Callable[[str], int]
    new_salt: Callable[[], bytes]
    subjects: SubjectKeys
    officer_of: Callable[[EnterpriseId], OfficerId | None]

    def subscription(self) -> InboundSubscription[IntakeCommand]:
        return InboundSubscription(topic=Topic.SUBMISSIONS, admit=self.admit)

    def admit(self, record: Record, now: datetime) -> list[Request[IntakeCommand]]:
        """Raises PoisonError with all that is wrong, so that the record is parked alone."""
        producer_id = record.text(PRODUCER) or UNNAMED_PRODUCER
        try:
            raw = record.value or b""
            return [self.request(read_submission(raw), raw, producer_id=producer_id, now=now)]
        except RefusedSubmissionError as error:
            raise PoisonError(f"refused_{error.problems[0].code}", str(error)) from error

    def request(
        self, submission: Submission, raw: bytes, *, producer_id: str, now: datetime
    ) -> Request[IntakeCommand]:
        """`raw` is the submission as it was sent. Raises RefusedSubmissionError."""
        if submission.source_id is None:
            raise RefusedSubmissionError((problem("source_id", "missing"),))
        prepared = prepare(submission, now, self.sub_districts)
        if isinstance(prepared, tuple):
            raise RefusedSubmissionError(prepared)
        salt, source_id = self.new_salt(), submission.source_id
        enterprise_id = enterprise_id_of(prepared.uscc) if prepared.uscc else None
        command = SubmitAppeal(
            appeal_id=appeal_id_of(submission.channel, producer_id, source_id),
            enterprise_id=enterprise_id,
            producer_id=producer_id,
            source_id=source_id,
            prepared=prepared,
            commitment=hmac.digest(salt, submission.text.encode(), "sha256").hex(),
            raw=raw,
            salt=salt,
            search_keys=self.subjects.of_submission(submission.contact, prepared.marks),
            officer_id=self.officer_of(enterprise_id) if enterprise_id else None,
        )
        return self.addressed(command)

    def addressed(self, command: SubmitAppeal) -> Request[IntakeCommand]:
        """The key is fixed here for ever: the enterprise's id, else the appeal's own (rule 2)."""
        key = str(command.enterprise_id or command.appeal_id)
        return Request(
            command=command,
            stream_id=f"intake-{command.appeal_id}",
            partition=self.partition_of(key),
            key=key,
            subject=str(command.appeal_id),
            causation_id=command.appeal_id,
            correlation_id=command.appeal_id,
            actor=Actor(kind="producer", id=command.producer_id, unit=command.producer_id),
            command_id=f"submission:{command.appeal_id}",
            fingerprints=fingerprints(self.fingerprint_key, orjson.loads(command.raw)),
        )


def read_submission(body: bytes) -> Submission:
    """Raises RefusedSubmissionError for bytes that are no UTF-8, no JSON or no submission."""
    try:
        return Submission.model_validate_json(body)
    except ValidationError as error:
        raise RefusedSubmissionError(problems_of(error)) from error
