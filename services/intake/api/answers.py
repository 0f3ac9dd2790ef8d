"""What a producer is told: a status, and problems that name fields and never repeat a value."""

from dataclasses import asdict
from typing import Any, Final, TypeAlias

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from libs.common.contracts.inbound import Submission
from libs.common.contracts.intake import AppealAccepted, AppealEvent
from libs.common.errors import RefusedError
from libs.common.execution.commands import Failed, Repeated, Result
from libs.common.execution.decision import Applied
from services.intake.adapters.submissions import RefusedSubmissionError
from services.intake.domain.commands import IntakeCommand
from services.intake.domain.problems import problems_of

Answer: TypeAlias = tuple[int, dict[str, Any]]
MAX_BODY: Final = 1024 * 1024

TOO_LARGE: Final = (
    "too_large",
    "请求体超过 1 MB，请分批提交或改用附件。",
    "the body is over 1 MB; send fewer at once, or attach files.",
)
TOO_MANY: Final = (
    "too_many",
    "一次最多提交 500 件，请分批提交。",
    "at most 500 appeals at once; send them in parts.",
)
UNKNOWN: Final = (
    "unknown_appeal",
    "没有这件诉求，或它不是由您提交的。",
    "no such appeal, or it is not one of yours.",
)


class BodyTooLargeError(Exception):
    """More than MAX_BODY bytes have come in; the rest is not read."""


async def read_body(request: Request) -> bytes:
    """Stops reading at 1 MB. Raises BodyTooLargeError, ClientDisconnect."""
    if int(request.headers.get("content-length") or 0) > MAX_BODY:
        raise BodyTooLargeError
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise BodyTooLargeError
        parts.append(part)
    return b"".join(parts)


def body_of(value: object) -> bytes:
    """One of many as if it had come alone; empty, which is refused, where it is nested too deep."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return b""


def with_source(submission: Submission, idempotency_key: str | None) -> Submission:
    """A producer without numbers of its own sends an Idempotency-Key instead (rule 1)."""
    if submission.source_id is not None or not idempotency_key:
        return submission
    data = {**submission.model_dump(), "source_id": f"key:{idempotency_key}"}
    try:
        return Submission.model_validate(data)
    except ValidationError as error:
        raise RefusedSubmissionError(problems_of(error)) from error


def answer(result: Result[IntakeCommand, AppealEvent]) -> Answer:
    if isinstance(result, Repeated):
        return 200, {**result.answer, "repeated": True}
    if isinstance(result, Failed):
        if isinstance(result.error, RefusedError):
            error = result.error
            return refusal(409, (error.code, error.message_zh, error.message_en))
        raise result.error
    return 202, {**told(result[0]), "repeated": False}


def told(applied: Applied[IntakeCommand, AppealEvent]) -> dict[str, Any]:
    """`submitted` where a seat is still to accept it."""
    is_accepted = any(isinstance(new.event, AppealAccepted) for new in applied.events)
    status = "accepted" if is_accepted or not applied.events else "submitted"
    return {"appeal_id": applied.request.subject, "status": status}


def refusal(status: int, words: tuple[str, str, str]) -> Answer:
    code, message_zh, message_en = words
    return status, {"code": code, "message_zh": message_zh, "message_en": message_en}


def unprocessable(error: RefusedSubmissionError) -> Answer:
    return 422, {
        "code": "refused",
        "message_zh": "提交的内容有问题，未受理；请按下列各项更正后重发。",
        "message_en": "not taken: mend the fields below and send it again.",
        "problems": [asdict(problem) for problem in error.problems],
    }


def reply(answer: Answer) -> Response:
    status, body = answer
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")
