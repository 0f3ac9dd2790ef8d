"""What the router answers by HTTP, refusals included."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import JSONResponse, Response

from libs.common.contracts.router import RouterEvent
from libs.common.errors import RefusedError
from libs.common.execution.commands import Failed, Repeated, Result
from services.router.domain.commands import RouterCommand

STATUS: Final[Mapping[str, int]] = {
    "unknown_appeal": 404,
    "not_your_role": 403,
    "not_your_unit": 403,
    "not_the_firm": 403,
    "stale_version": 409,
    "content_differs": 409,
    "order_exists": 409,
}


def answer(result: Result[RouterCommand, RouterEvent]) -> Response:
    """Raises whatever failed and is no refusal."""
    if isinstance(result, Repeated):
        return JSONResponse({**result.answer, "repeated": True}, status_code=200)
    if isinstance(result, Failed):
        if isinstance(result.error, RefusedError):
            return refusal(result.error)
        raise result.error
    events = [{"id": str(e.event_id), "type": e.event.TYPE} for e in result[0].events]
    version = result[0].events[-1].version if events else None
    subject = result[0].request.subject
    return JSONResponse({"subject": subject, "events": events, "version": version}, 202)


def refusal(error: RefusedError, more: Mapping[str, object] | None = None) -> Response:
    status = STATUS.get(error.code, 422)
    return problem(status, error.code, error.message_zh, error.message_en, more)


def problem(
    status: int,
    code: str,
    message_zh: str,
    message_en: str,
    more: Mapping[str, object] | None = None,
) -> Response:
    body = {"code": code, "message_zh": message_zh, "message_en": message_en, **(more or {})}
    return JSONResponse(body, status_code=status)
