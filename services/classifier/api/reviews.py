"""HTTP for dispatchers: what waits for a person, and what the person decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.common.clock import Clock
from libs.common.contracts.classifier import ClassifierEvent, ReviewReason
from libs.common.contracts.review_actions import REVIEW_ACTION, ReviewAction
from libs.common.errors import RefusedError
from libs.common.execution.commands import Group
from libs.common.execution.runner import Runner
from libs.common.runtime.credentials import Credential, DeniedError, Gate, denied
from services.classifier.adapters.actions import Actions
from services.classifier.api.answers import answer, invalid, problem, refused, told
from services.classifier.domain import refusals
from services.classifier.domain.commands import ClassifierCommand
from services.classifier.domain.state import ClassifierState
from services.classifier.read_model.queue import Place, Wanted, counts, find_place, reviews
from services.classifier.read_model.suspicions import suspicions

ReviewRunner: TypeAlias = Runner[ClassifierCommand, ClassifierState, ClassifierEvent]
MAX_BODY: Final = 64 * 1024
CURSOR: Final = "~"


class Query(BaseModel):
    """`after` is the `next` of the page before it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    appeal_id: UUID | None = None
    reason: ReviewReason | None = None
    item: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,50}$")
    enterprise_id: UUID | None = None
    waiting_hours: int | None = Field(default=None, ge=0, le=100_000)
    after: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=100, ge=1, le=500)


class RepeatsQuery(BaseModel):
    """`least` is the likeness in basis points."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    least: int = Field(default=0, ge=0, le=10_000)
    limit: int = Field(default=100, ge=1, le=500)


class Cursor(BaseModel):
    accepted_at: AwareDatetime
    appeal_id: UUID


@dataclass(frozen=True, slots=True)
class ReviewApi:
    runner: ReviewRunner
    actions: Actions
    gate: Gate
    clock: Clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/reviews", self.queue, methods=["GET"]),
            Route("/v1/duplicates", self.repeats, methods=["GET"]),
            Route("/v1/review-actions", self.act, methods=["POST"]),
        ]

    async def queue(self, request: Request) -> Response:
        """The oldest acceptance first, with how many wait for each reason and since when."""
        try:
            await self.gate.admit(request, "dispatcher")
            query = Query.model_validate(dict(request.query_params))
            wanted = wanted_of(query, self.clock())
        except DeniedError as error:
            return error.response
        except ValidationError as error:
            return invalid(error)
        rows = await reviews(self.runner.pool, wanted)
        full = len(rows) == wanted.limit
        return told(
            {
                "reasons": await counts(self.runner.pool),
                "reviews": rows,
                "next": cursor_of(rows[-1]) if rows and full else None,
            }
        )

    async def repeats(self, request: Request) -> Response:
        """Pairs of appeals of perhaps the same matter, the newest suggestion first."""
        try:
            await self.gate.admit(request, "dispatcher")
            query = RepeatsQuery.model_validate(dict(request.query_params))
        except DeniedError as error:
            return error.response
        except ValidationError as error:
            return invalid(error)
        rows = await suspicions(self.runner.pool, query.least, query.limit)
        return told({"duplicates": rows})

    async def act(self, request: Request) -> Response:
        """202 with what happened; a repeat of the same command_id gets the same answer."""
        body = await request.body()
        if len(body) > MAX_BODY:
            return problem(413, "too_large", "请求体过大。", "the body is too large.")
        try:
            action = REVIEW_ACTION.validate_json(body)
            credential = await self.gate.admit(request, "dispatcher")
            check_actor(action, credential)
            place = await self.place_of(action)
        except ValidationError as error:
            return invalid(error)
        except DeniedError as error:
            return error.response
        except RefusedError as error:
            return refused(error)
        wanted = self.actions.request(action, partition=place.partition, key=place.key)
        return answer((await self.runner.run([Group([wanted])]))[0])

    async def place_of(self, action: ReviewAction) -> Place:
        place = await find_place(self.runner.pool, action.appeal_id)
        if place is None:
            raise refusals.unknown_appeal()
        return place


def check_actor(action: ReviewAction, credential: Credential) -> None:
    """The body names an actor; the key says of which unit. Raises DeniedError with 403."""
    if action.actor.unit != credential.unit:
        zh, en = "请求中的单位与密钥不符。", "the actor's unit is not that of the key."
        raise denied(403, "forbidden", zh, en)


def wanted_of(query: Query, now: datetime) -> Wanted:
    """Raises ValidationError for an `after` that no page of ours has named."""
    after = None
    if query.after is not None:
        accepted_at, _, appeal_id = query.after.partition(CURSOR)
        at = Cursor.model_validate({"accepted_at": accepted_at, "appeal_id": appeal_id})
        after = (at.accepted_at, at.appeal_id)
    hours = query.waiting_hours
    return Wanted(
        appeal_id=query.appeal_id,
        reason=query.reason,
        item=query.item,
        enterprise_id=query.enterprise_id,
        waiting_before=None if hours is None else now - timedelta(hours=hours),
        after=after,
        limit=query.limit,
    )


def cursor_of(row: dict[str, object]) -> str:
    accepted_at = row["accepted_at"]
    text = accepted_at.isoformat() if isinstance(accepted_at, datetime) else ""
    return f"{text.replace('+00:00', 'Z')}{CURSOR}{row['appeal_id']}"
