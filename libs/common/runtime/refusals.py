"""What a caller is told when no handler answers: both languages, and never a traceback."""

from typing import Final

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.common.failures import Verdict, describe, judge

log: structlog.stdlib.BoundLogger = structlog.get_logger()
RETRY_SECONDS: Final = "5"
NOT_FOUND: Final = 404

UNAVAILABLE: Final = (
    "unavailable",
    "服务暂时不可用，未作任何处理；请稍后原样重发。",
    "not available for the moment, and nothing was done; send the same again later.",
)
FAULT: Final = (
    "fault",
    "服务内部出错，未作任何处理；请联系管理员。",
    "a fault of ours, and nothing was done; tell the operator.",
)
NO_PATH: Final = (
    "not_found",
    "没有这个地址，请核对接口文档。",
    "there is nothing at this address; see the API document.",
)
NO_METHOD: Final = (
    "not_allowed",
    "请求不被接受，请核对接口文档。",
    "this request is not taken here; see the API document.",
)


class Guard:
    """Answers for a handler that failed.

    A server's own way is to log the traceback, and an error of the database quotes the value
    that it refused: that would be personal data in a log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 - failures.judge answers for all of them
            log.error("request_failed", error=describe(error)[1], begun=begun)
            if not begun and scope["type"] == "http":
                await failed(error)(scope, receive, send)


def failed(error: Exception) -> JSONResponse:
    if judge(error) is Verdict.NAME_RECORD:
        return told(500, FAULT)
    return told(503, UNAVAILABLE, {"Retry-After": RETRY_SECONDS})


def refuse(_request: Request, error: Exception) -> Response:
    """For what no route takes; the framework's own words are English only."""
    if not isinstance(error, HTTPException):
        raise error
    words = NO_PATH if error.status_code == NOT_FOUND else NO_METHOD
    return told(error.status_code, words, dict(error.headers or {}))


def told(
    status: int, words: tuple[str, str, str], headers: dict[str, str] | None = None
) -> JSONResponse:
    code, message_zh, message_en = words
    body = {"code": code, "message_zh": message_zh, "message_en": message_en}
    return JSONResponse(body, status_code=status, headers=headers)
