"""HTTP for whoever may read dossiers: an enterprise's file, an appeal's timeline, the counts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.calendar.errors import NaiveTimeError, OutsideCalendarError
from libs.common.clock import Clock, system_clock
from libs.common.eventstore.store import Pool
from libs.common.runtime.credentials import DeniedError, Gate
from services.dossier.domain.life.view import reasons_json
from services.dossier.domain.lines import Names
from services.dossier.domain.why.explaining import reasons_of_event
from services.dossier.read_model.finding import AmbiguousError, Found, NotFoundError, Reader, find
from services.dossier.read_model.moments import NoMomentError, asked_at
from services.dossier.read_model.overview import overview
from services.dossier.read_model.telling import Told, tell
from services.dossier.read_model.timelines import MOST_ENTRIES, heading, timeline

OK: Final = 200
NOT_FOUND: Final = (404, "not_found", "没有找到，请核对编号。", "nothing found; check the id.")
AMBIGUOUS: Final = (
    409,
    "ambiguous",
    "有多个匹配，请改用编号。",
    "several match; use one of the ids.",
)
BAD_NUMBER: Final = (
    422,
    "bad_number",
    f"after 须为非负整数，limit 须为 1 至 {MOST_ENTRIES}。",
    f"after must be a whole number from 0, limit one from 1 to {MOST_ENTRIES}.",
)
BAD_MOMENT: Final = (
    422,
    "bad_moment",
    "at 须为日期，或带时区的时间，且在工作日历之内。",
    "at must be a date, or a time with its offset, within the working calendar.",
)
Answer = Callable[[Reader, Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class DossierApi:
    """Callers need the role `auditor`: a dossier shows what a whole district has been told."""

    pool: Pool
    gate: Gate
    names: Names
    clock: Clock = system_clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/dossiers/{wanted}", self.dossier, methods=["GET"]),
            Route("/v1/appeals/{wanted}/life", self.life, methods=["GET"]),
            Route("/v1/appeals/{wanted}/why", self.why, methods=["GET"]),
            Route("/v1/appeals/{wanted}/timeline", self.appeal, methods=["GET"]),
            Route("/v1/summary", self.summary, methods=["GET"]),
        ]

    async def dossier(self, request: Request) -> Response:
        """By enterprise id, code or name; an appeal without an enterprise has a file of its own."""
        return await self.answer(request, self.read_timeline)

    async def appeal(self, request: Request) -> Response:
        """By appeal id, or by the producer's own number."""
        return await self.answer(request, self.read_timeline)

    async def life(self, request: Request) -> Response:
        """State, clocks, responsibility time, actors and reasons, now or at the moment `at`."""
        return await self.answer(request, self.read_life)

    async def why(self, request: Request) -> Response:
        """The reasons alone; `event` takes one by id, number in the file, type or subject."""
        return await self.answer(request, self.read_reasons)

    async def summary(self, request: Request) -> Response:
        async def read(connection: Reader, _request: Request) -> Response:
            return reply(OK, await overview(connection))

        return await self.answer(request, read)

    async def answer(self, request: Request, read: Answer) -> Response:
        try:
            await self.gate.admit(request, "auditor")
            async with self.pool.acquire() as connection:
                return await read(connection, request)
        except DeniedError as error:
            return error.response
        except NotFoundError:
            return refusal(*NOT_FOUND)
        except AmbiguousError as error:
            return refusal(*AMBIGUOUS, ids=error.ids)
        except (NoMomentError, NaiveTimeError, OutsideCalendarError):
            return refusal(*BAD_MOMENT)

    async def tell(self, connection: Reader, request: Request) -> Told:
        """Raises NotFoundError, and NoMomentError or NaiveTimeError for a bad `at`."""
        asked = asked_at(request.query_params.get("at"), self.clock())
        found = await find(connection, request.path_params["wanted"])
        return await tell(connection, found, self.names, asked)

    async def read_life(self, connection: Reader, request: Request) -> Response:
        return reply(OK, (await self.tell(connection, request)).as_json())

    async def read_reasons(self, connection: Reader, request: Request) -> Response:
        told = await self.tell(connection, request)
        event = request.query_params.get("event")
        reasons = told.reasons if event is None else reasons_of_event(told.reasons, event)
        body = {"appeal_id": str(told.life.appeal_id), "reasons": reasons_json(reasons)}
        return reply(OK, body) if reasons or event is None else refusal(*NOT_FOUND)

    async def read_timeline(self, connection: Reader, request: Request) -> Response:
        try:
            after = int(request.query_params.get("after", "0"))
            limit = int(request.query_params.get("limit", str(MOST_ENTRIES)))
        except ValueError:
            return refusal(*BAD_NUMBER)
        if not (0 <= after < 2**63 and 1 <= limit <= MOST_ENTRIES):
            return refusal(*BAD_NUMBER)
        found: Found = await find(connection, request.path_params["wanted"])
        entries = await timeline(connection, found, self.names, after=after, limit=limit)
        return reply(OK, {**await heading(connection, found), "timeline": entries})


def refusal(status: int, code: str, zh: str, en: str, **more: object) -> Response:
    return reply(status, {"code": code, "message_zh": zh, "message_en": en, **more})


def reply(status: int, body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")
