"""HTTP for all who act on a dispatched appeal: one action at a time, and what waits for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.common.clock import Clock
from libs.common.contracts.actions import ACTION, Action, IssueOrderAction, MergeAction
from libs.common.contracts.envelope import ActorKind
from libs.common.contracts.router import RouterEvent
from libs.common.errors import RefusedError
from libs.common.execution.commands import Failed, Group
from libs.common.execution.runner import Runner
from libs.common.failures import describe
from libs.common.runtime.credentials import Credential, DeniedError, Gate, Role, denied
from services.router.adapters.actions import Actions
from services.router.api.answers import answer, problem, refusal
from services.router.domain.commands import RouterCommand
from services.router.domain.refusals import refused
from services.router.domain.state import RouterState
from services.router.read_model.dispatches import Place, find_place, helped_appeals, open_appeals
from services.router.read_model.history import changed_since
from services.router.read_model.orders import find_order

MAX_BODY: Final = 64 * 1024
# Whoever acts says in which role; the key must be one of that role.
ROLES: Final[Mapping[ActorKind, Role]] = {
    "department": "department",
    "dispatcher": "dispatcher",
    "supervisor": "supervisor",
    "arbiter": "arbiter",
    "inspector": "inspector",
    "firm": "firm",
    "seat": "callback",
}
LIST_LIMIT: Final = 500
NOT_LIVE: Final = frozenset({"closed", "withdrawn", "transferred_out", "merged"})


@dataclass(frozen=True, slots=True)
class RouterApi:
    runner: Runner[RouterCommand, RouterState, RouterEvent]
    actions: Actions
    gate: Gate
    clock: Clock
    partition_of: Callable[[str], int]

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/actions", self.act, methods=["POST"]),
            Route("/v1/departments/{code}/appeals", self.desk, methods=["GET"]),
            Route("/v1/orders/{order_id:uuid}", self.order, methods=["GET"]),
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
            check_unit(action, await self.gate.admit(request, role_of(action)))
            place = await self.place_of(action)
            action = await self.with_master(action)
        except DeniedError as error:
            return error.response
        except RefusedError as error:
            return refusal(error)
        return await self.run(action, place)

    async def run(self, action: Action, place: Place) -> Response:
        wanted = self.actions.request(
            action, partition=place.partition, key=place.key, now=self.clock()
        )
        result = (await self.runner.run([Group([wanted])]))[0]
        if isinstance(result, Failed) and isinstance(result.error, RefusedError):
            more = await self.told_with(result.error, action, place)
            return refusal(result.error, more)
        return answer(result)

    async def told_with(
        self, error: RefusedError, action: Action, place: Place
    ) -> Mapping[str, object] | None:
        """Who saw an older version is told what has changed since."""
        if error.code != "stale_version" or action.expected_version is None:
            return None
        stream = f"router-{action.appeal_id}"
        changes = await changed_since(
            self.runner.pool, place.partition, stream, action.expected_version
        )
        return {"changed": changes}

    async def place_of(self, action: Action) -> Place:
        """An order's own id is its key; an appeal's key was fixed at its submission."""
        if isinstance(action, IssueOrderAction):
            key = str(action.appeal_id)
            return Place(self.partition_of(key), key, "")
        place = await find_place(self.runner.pool, action.appeal_id)
        if place is None:
            raise refused("unknown_appeal")
        return place

    async def with_master(self, action: Action) -> Action:
        """The master's key, and a first look whether it lives: its own stream has the last word."""
        if not isinstance(action, MergeAction):
            return action
        master = await find_place(self.runner.pool, action.master)
        if master is None:
            raise refused("unknown_appeal")
        if master.state in NOT_LIVE:
            raise refused("master_not_live", state=master.state)
        return action.model_copy(update={"master_key": master.key})

    async def desk(self, request: Request) -> Response:
        """Open appeals that a department leads, or helps with, the oldest acceptance first."""
        code = request.path_params["code"]
        try:
            credential = await self.gate.admit(request, "department")
        except DeniedError as error:
            return error.response
        if credential.unit != code:
            return problem(403, "forbidden", "只能查看本单位的诉求。", "only your own unit's list.")
        state = request.query_params.get("state")
        find = helped_appeals if request.query_params.get("part") == "co-handler" else open_appeals
        rows = await find(self.runner.pool, code, state, LIST_LIMIT)
        return Response(orjson.dumps({"appeals": rows}), media_type="application/json")

    async def order(self, request: Request) -> Response:
        """One 交办单 with its appeals and what became of them."""
        try:
            await self.gate.admit(request, "supervisor")
        except DeniedError as error:
            return error.response
        order_id: UUID = request.path_params["order_id"]
        found = await find_order(self.runner.pool, order_id)
        if found is None:
            return problem(404, "unknown_order", "没有这份交办单。", "there is no such order.")
        return Response(orjson.dumps(found), media_type="application/json")


def role_of(action: Action) -> Role:
    """Raises DeniedError for an actor who acts elsewhere, or nowhere."""
    role = ROLES.get(action.actor.kind)
    if role is None:
        zh, en = "该角色不在分拨环节操作。", "this kind of actor has no action at the router."
        raise denied(403, "forbidden", zh, en)
    return role


def check_unit(action: Action, credential: Credential) -> None:
    """The body names an actor; the key says whose it may be. Raises DeniedError with 403."""
    if action.actor.unit != credential.unit:
        zh, en = "请求中的单位与密钥不符。", "the actor's unit is not that of the key."
        raise denied(403, "forbidden", zh, en)
