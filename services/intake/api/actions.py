"""HTTP for seats, officers, supervisors, firms and emergency services: one action at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.common.clock import Clock
from libs.common.contracts.envelope import Actor, ActorKind
from libs.common.contracts.intake import AppealEvent
from libs.common.contracts.intake_actions import (
    INTAKE_ACTION,
    IntakeAction,
    SupplySupplementAction,
)
from libs.common.errors import RefusedError
from libs.common.execution.commands import Failed, Group
from libs.common.execution.runner import Runner
from libs.common.runtime.credentials import Credential, DeniedError, Gate, Role, denied
from libs.common.subscription import Request as Asked
from services.intake.adapters.actions import NOBODY, Actions
from services.intake.adapters.standing import Place, changes_since, find_places, waiting
from services.intake.adapters.vault import persons_of
from services.intake.api.answering import as_json, done, invalid, refused, too_large
from services.intake.api.answers import BodyTooLargeError, read_body, refusal, reply
from services.intake.domain import refusals
from services.intake.domain.commands import FromOutside, IntakeCommand
from services.intake.domain.state import IntakeState

# Every kind of actor is let in by the role of its name.
ROLES: Final[Mapping[ActorKind, Role]] = {
    "firm": "firm",
    "producer": "producer",
    "officer": "officer",
    "seat": "seat",
    "department": "department",
    "supervisor": "supervisor",
}
OPEN_STAGES: Final = ("submitted", "info_pending", "not_accepted")
LIST_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class ActionsApi:
    runner: Runner[IntakeCommand, IntakeState, AppealEvent]
    actions: Actions
    gate: Gate
    clock: Clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/intake/actions", self.act, methods=["POST"]),
            Route("/v1/intake/desk", self.desk, methods=["GET"]),
        ]

    async def act(self, request: Request) -> Response:
        """202 with what happened; a repeat of the same command_id gets the same answer."""
        try:
            body = await read_body(request)
            action = INTAKE_ACTION.validate_json(body)
            await admit_actor(self.gate, request, action.actor, body)
            place = await self.place_of(action)
            known = NOBODY
            if isinstance(action, SupplySupplementAction):
                known = await persons_of(self.runner.pool, action.appeal_id)
            wanted = self.actions.requests(action, place, self.clock(), known)
        except (BodyTooLargeError, ClientDisconnect, ValueError) as error:
            return invalid(error) if isinstance(error, ValidationError) else too_large()
        except DeniedError as error:
            return error.response
        except RefusedError as error:
            return refused(error)
        return await self.decided(wanted, place)

    async def decided(self, wanted: list[Asked[IntakeCommand]], place: Place) -> Response:
        result = (await self.runner.run([Group(wanted)]))[0]
        command = wanted[0].command
        if isinstance(result, Failed) and isinstance(command, FromOutside):
            error = result.error
            if isinstance(error, RefusedError) and error.code == "stale_version":
                changes = await changes_since(self.runner.pool, place, command)
                return refused(error, changes)
        return done(result)

    async def place_of(self, action: IntakeAction) -> Place:
        found = await find_places(self.runner.pool, [action.appeal_id])
        if action.appeal_id not in found:
            raise refusals.unknown_appeal()
        return found[action.appeal_id]

    async def desk(self, request: Request) -> Response:
        """What waits for a seat, the longest unmoved first."""
        try:
            await self.gate.admit(request, "seat")
        except DeniedError as error:
            return error.response
        stage = request.query_params.get("stage")
        if stage is not None and stage not in OPEN_STAGES:
            names = ", ".join(OPEN_STAGES)
            words = ("stage", f"stage 应为：{names}。", f"stage must be one of: {names}.")
            return reply(refusal(422, words))
        stages = OPEN_STAGES if stage is None else (stage,)
        rows = await waiting(self.runner.pool, stages, LIST_LIMIT)
        return as_json({"appeals": rows})


async def admit_actor(gate: Gate, request: Request, actor: Actor, body: bytes) -> Credential:
    """The body names an actor; the key says who it may be. Raises DeniedError."""
    role = ROLES.get(actor.kind)
    if role is None:
        zh, en = "该身份不能向受理环节提出操作。", "this kind of actor may not ask intake."
        raise denied(403, "forbidden", zh, en)
    credential = await gate.admit(request, role, body)
    if actor.unit != credential.unit:
        zh, en = "请求中的单位与密钥不符。", "the actor's unit is not that of the key."
        raise denied(403, "forbidden", zh, en)
    return credential
