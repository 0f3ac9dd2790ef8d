"""HTTP for producers: one appeal or many in, and how far each has come."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.common.clock import Clock
from libs.common.contracts.inbound import Submission
from libs.common.contracts.intake import AppealEvent
from libs.common.execution.commands import Group
from libs.common.execution.runner import Runner
from libs.common.runtime.credentials import Credential, DeniedError, Gate
from libs.common.runtime.signatures import SIGNATURE
from services.intake.adapters.register import Officers
from services.intake.adapters.submissions import (
    RefusedSubmissionError,
    Submissions,
    read_submission,
)
from services.intake.api.answers import (
    TOO_LARGE,
    TOO_MANY,
    UNKNOWN,
    Answer,
    BodyTooLargeError,
    answer,
    body_of,
    read_body,
    refusal,
    reply,
    unprocessable,
    with_source,
)
from services.intake.domain.commands import IntakeCommand
from services.intake.domain.problems import problem
from services.intake.domain.state import IntakeState
from services.intake.read_model import find_progress

MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class IntakeApi:
    runner: Runner[IntakeCommand, IntakeState, AppealEvent]
    submissions: Submissions
    gate: Gate
    clock: Clock
    officers: Officers

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/appeals", self.submit, methods=["POST"]),
            Route("/v1/appeals/{appeal_id:uuid}", self.progress, methods=["GET"]),
        ]

    async def submit(self, request: Request) -> Response:
        """202 taken, 200 repeated, 409 other content under a known id, 422 with every problem."""
        try:
            if SIGNATURE in request.headers:
                # What is signed must be read before it is believed; no more than a body may have.
                body = await read_body(request)
                credential = await self.gate.admit(request, "producer", body)
            else:
                credential = await self.gate.admit(request, "producer")
                body = await read_body(request)
        except DeniedError as error:
            return error.response
        except (BodyTooLargeError, ClientDisconnect, ValueError):
            return reply(refusal(413, TOO_LARGE))
        if body.lstrip()[:1] == b"[":
            return await self.submit_many(body, credential)
        found = await self.submit_each([body], credential, request.headers.get("idempotency-key"))
        return reply(found[0])

    async def submit_many(self, body: bytes, credential: Credential) -> Response:
        """200, and each has its own status inside, in the order of the request."""
        try:
            values = orjson.loads(body)
        except ValueError:
            return reply(unprocessable(RefusedSubmissionError((problem("", "json"),))))
        if len(values) > MOST_AT_ONCE:
            return reply(refusal(413, TOO_MANY))
        bodies = [body_of(value) for value in values]
        answers = await self.submit_each(bodies, credential, None)
        results = [{"status_code": status, **answer} for status, answer in answers]
        return reply((200, {"results": results}))

    async def submit_each(
        self, bodies: list[bytes], credential: Credential, idempotency_key: str | None
    ) -> list[Answer]:
        answers: dict[int, Answer] = {}
        read: dict[int, tuple[Submission, bytes]] = {}
        for index, body in enumerate(bodies):
            try:
                read[index] = (with_source(read_submission(body), idempotency_key), body)
            except RefusedSubmissionError as error:
                answers[index] = unprocessable(error)
        if read:
            await self.officers.look(self.runner.pool)
        groups: dict[int, Group[IntakeCommand]] = {}
        now = self.clock()
        for index, (submission, body) in read.items():
            try:
                wanted = self.submissions.request(
                    submission, body, producer_id=credential.unit, now=now
                )
            except RefusedSubmissionError as error:
                answers[index] = unprocessable(error)
            else:
                groups[index] = Group([wanted])
        results = await self.runner.run(list(groups.values())) if groups else []
        answers |= {index: answer(one) for index, one in zip(groups, results, strict=True)}
        return [answers[index] for index in range(len(bodies))]

    async def progress(self, request: Request) -> Response:
        """Only the producer that sent an appeal may ask about it; for others it does not exist."""
        try:
            credential = await self.gate.admit(request, "producer")
        except DeniedError as error:
            return error.response
        appeal_id: UUID = request.path_params["appeal_id"]
        found = await find_progress(self.runner.pool, appeal_id)
        if found is None or found["producer_id"] != credential.unit:
            return reply(refusal(404, UNKNOWN))
        return reply((200, found))
