"""HTTP for the enterprise register and its liaison officers."""

from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.common.clock import Clock
from libs.common.contracts.intake_register import RegisterEvent
from libs.common.contracts.register_actions import REGISTER_ACTION
from libs.common.errors import RefusedError
from libs.common.execution.commands import Group
from libs.common.execution.runner import Runner
from libs.common.runtime.credentials import DeniedError, Gate, Role, denied
from services.intake.adapters.enrolment import Enrolment
from services.intake.adapters.register import Officers, find_enterprise, followed_by
from services.intake.api.actions import admit_actor
from services.intake.api.answering import as_json, done, invalid, refused, too_large
from services.intake.api.answers import BodyTooLargeError, read_body
from services.intake.domain import refusals
from services.intake.domain.register import Enterprise, RegisterCommand

READERS: Final[tuple[Role, ...]] = ("seat", "supervisor", "officer", "auditor")
LIST_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class RegisterApi:
    runner: Runner[RegisterCommand, Enterprise, RegisterEvent]
    enrolment: Enrolment
    officers: Officers
    gate: Gate
    clock: Clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/register/actions", self.act, methods=["POST"]),
            Route("/v1/enterprises/{enterprise_id:uuid}", self.enterprise, methods=["GET"]),
            Route("/v1/officers/{officer_id}/enterprises", self.followed, methods=["GET"]),
        ]

    async def act(self, request: Request) -> Response:
        """202 with what happened; a repeat of the same command_id gets the same answer."""
        try:
            body = await read_body(request)
            action = REGISTER_ACTION.validate_json(body)
            await admit_actor(self.gate, request, action.actor, body)
            wanted = self.enrolment.request(action, self.clock())
        except (BodyTooLargeError, ClientDisconnect, ValueError) as error:
            return invalid(error) if isinstance(error, ValidationError) else too_large()
        except DeniedError as error:
            return error.response
        except RefusedError as error:
            return refused(error)
        result = (await self.runner.run([Group([wanted])]))[0]
        self.officers.forget()
        return done(result)

    async def enterprise(self, request: Request) -> Response:
        try:
            await admit_any(self.gate, request, READERS)
        except DeniedError as error:
            return error.response
        found = await find_enterprise(self.runner.pool, request.path_params["enterprise_id"])
        return refused(refusals.enterprise_unknown()) if found is None else as_json(found)

    async def followed(self, request: Request) -> Response:
        """The firms that an officer follows, 500 at most."""
        try:
            await admit_any(self.gate, request, READERS)
        except DeniedError as error:
            return error.response
        officer_id: str = request.path_params["officer_id"]
        rows = await followed_by(self.runner.pool, officer_id, LIST_LIMIT)
        return as_json({"enterprises": rows})


async def admit_any(gate: Gate, request: Request, roles: tuple[Role, ...]) -> Role:
    """The first of the roles that the caller has. Raises DeniedError where it has none."""
    last = denied(403, "forbidden", "该密钥没有权限。", "this key may not.")
    for role in roles:
        try:
            await gate.admit(request, role)
        except DeniedError as error:
            if error.response.status_code != last.response.status_code:
                raise
        else:
            return role
    raise last
