"""Answers that every route of the classifier gives in the same form."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from libs.common.errors import RefusedError
from libs.common.execution.commands import Failed, Repeated, Result
from libs.common.failures import describe

STATUS: Final[Mapping[str, int]] = {
    "unknown_appeal": 404,
    "unknown_model": 404,
    "stale_version": 409,
    "content_differs": 409,
    "not_in_review": 409,
}


def answer(result: Result[Any, Any]) -> Response:
    if isinstance(result, Repeated):
        return JSONResponse({**result.answer, "repeated": True}, status_code=200)
    if isinstance(result, Failed):
        if isinstance(result.error, RefusedError):
            return refused(result.error)
        raise result.error
    events = [{"id": str(e.event_id), "type": e.event.TYPE} for e in result[0].events]
    version = result[0].events[-1].version if events else None
    subject = result[0].request.subject
    return JSONResponse({"subject": subject, "events": events, "version": version}, 202)


def refused(error: RefusedError) -> Response:
    return problem(STATUS.get(error.code, 422), error.code, error.message_zh, error.message_en)


def problem(status: int, code: str, message_zh: str, message_en: str) -> Response:
    body = {"code": code, "message_zh": message_zh, "message_en": message_en}
    return JSONResponse(body, status_code=status)


def told(body: object) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def invalid(error: ValidationError) -> Response:
    detail = describe(error)[1]
    return problem(422, "invalid", f"字段不合要求：{detail}", f"invalid: {detail}")
