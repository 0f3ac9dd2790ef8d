"""HTTP for departments, reviewers and firms: one action at a time, and a department's list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from libs.common.clock import Clock
from libs.common.contracts.actions import ACTION, Action, RateAction, SignAction, SubmitResultAction
from libs.common.contracts.router import RouterEvent
from libs.common.errors import RefusedError
from libs.common.execution.commands import Failed, Group, Repeated, Result
from libs.common.execution.runner import Runner
from libs.common.failures import describe
from libs.common.runtime.credentials import Credential, DeniedError, Gate, Role, denied
from services.router.adapters.actions import Actions
from services.router.domain import refusals
from services.router.domain.commands import RouterCommand
from services.router.domain.state import RouterState
from services.router.read_model import Place, find_place, open_appeals

MAX_BODY: Final = 64 * 1024
STATUS: Final[Mapping[str, int]] = {
    "unknown_appeal": 404,
    "stale_version": 409,
    "content_differs": 409,
}
ROLES: Final[Mapping[str, Role]] = {
    "sign": "department",
    "submit-result": "department",
    "approve-result": "supervisor",
    "rate": "firm",
}
LIST_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class RouterApi:
    runner: Runner[RouterCommand, RouterState, RouterEvent]
    actions: Actions
    gate: Gate
    clock: Clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/actions", self.act, methods=["POST"]),
            Route("/v1/departments/{code}/appeals", self.desk, methods=["GET"]),
        ]

    async def act(self, request: Request) -> Response:
        """202 with what happened; a repeat of the same command_id gets the same answer."""
        body = await request.body()
        if len(body) > MAX_BODY:
            return problem(413, "too_large", "请求体过大。", "the body is too large.")
        try:
            action = ACTION.validate_json(body)
        except ValidationError as error:
            detail = describe(error)[1]
            return problem(422, "invalid", f"字段不合要求：{detail}", f"invalid: {detail}")
        try:
            credential = await self.gate.admit(request, ROLES[action.action])
            place = await self.place_of(action)
            check_actor(action, credential, place)
        except DeniedError as error:
            return error.response
        except RefusedError as error:
            return refused(error)
        wanted = self.actions.request(
            action, partition=place.partition, key=place.key, now=self.clock()
        )
        return answer((await self.runner.run([Group([wanted])]))[0])

    async def place_of(self, action: Action) -> Place:
        place = await find_place(self.runner.pool, action.appeal_id)
        if place is None:
            raise refusals.unknown_appeal()
        return place

    async def desk(self, request: Request) -> Response:
        """Open appeals of one department, the oldest acceptance first."""
        code = request.path_params["code"]
        try:
            credential = await self.gate.admit(request, "department")
        except DeniedError as error:
            return error.response
        if credential.unit != code:
            return problem(403, "forbidden", "只能查看本单位的诉求。", "only your own unit's list.")
        state = request.query_params.get("state")
        rows = await open_appeals(self.runner.pool, code, state, LIST_LIMIT)
        return Response(orjson.dumps({"appeals": rows}), media_type="application/json")


def check_actor(action: Action, credential: Credential, place: Place) -> None:
    """The body names an actor; the key says who it may be. Raises DeniedError with 403."""
    unit = action.actor.unit
    if isinstance(action, SignAction | SubmitResultAction):
        allowed = unit == credential.unit == action.department
    elif isinstance(action, RateAction):
        allowed = unit == credential.unit == place.key
    else:
        allowed = unit == credential.unit
    if not allowed:
        zh, en = "请求中的单位与密钥不符。", "the actor's unit is not that of the key."
        raise denied(403, "forbidden", zh, en)


def answer(result: Result[RouterCommand, RouterEvent]) -> Response:
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
