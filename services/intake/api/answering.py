"""What people are told of an action: what it wrote, or why it is refused and what has changed."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import orjson
from pydantic import ValidationError
from starlette.responses import Response

from libs.common.contracts.envelope import Event
from libs.common.errors import RefusedError
from libs.common.execution.commands import Failed, Repeated, Result
from libs.common.failures import describe
from services.intake.api.answers import refusal, reply

C = TypeVar("C")
E = TypeVar("E", bound=Event)
MAX_BODY: Final = 128 * 1024
STATUS: Final[Mapping[str, int]] = {
    "unknown_appeal": 404,
    "enterprise_unknown": 404,
    "erased": 410,
    "stale_version": 409,
    "content_differs": 409,
    "not_allowed": 403,
    "not_your_appeal": 403,
    "not_concerned": 403,
    "purpose_not_allowed": 403,
    "withheld": 403,
}
TOO_LARGE: Final = (
    "too_large",
    "请求体超过 128 KB，请缩短。",
    "the body is over 128 KB; shorten it.",
)


def done(result: Result[C, E]) -> Response:
    """202 with what was written, 200 for a repeat. Raises what is no refusal."""
    if isinstance(result, Repeated):
        return reply((200, {**result.answer, "repeated": True}))
    if isinstance(result, Failed):
        if isinstance(result.error, RefusedError):
            return refused(result.error)
        raise result.error
    events = [
        {"id": str(new.event_id), "type": new.event.TYPE} for one in result for new in one.events
    ]
    own = result[0].events
    body = {
        "subject": result[0].request.subject,
        "events": events,
        "version": own[-1].version if own else None,
    }
    return reply((202, body))


def refused(error: RefusedError, changes: list[dict[str, Any]] | None = None) -> Response:
    status = STATUS.get(error.code, 422)
    _, body = refusal(status, (error.code, error.message_zh, error.message_en))
    return reply((status, body if changes is None else {**body, "changes": changes}))


def invalid(error: ValidationError) -> Response:
    """Names of fields and rules alone."""
    detail = describe(error)[1]
    return reply(refusal(422, ("invalid", f"字段不合要求：{detail}", f"invalid: {detail}")))


def too_large() -> Response:
    return reply(refusal(413, TOO_LARGE))


def as_json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
