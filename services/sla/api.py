"""HTTP for those who ask when an appeal is due, what comes next, and why."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.calendar.explaining import DayReason, deadline
from libs.common.contracts.sla import ClockEvent
from libs.common.contracts.sla_parts import ClockStart, Step
from libs.common.eventstore.store import Pool
from libs.common.execution.decision import Service
from libs.common.ids import AppealId
from libs.common.runtime.credentials import Credential, DeniedError, Gate, Role, denied
from services.sla.domain.clock_start import run_of
from services.sla.domain.commands import SlaCommand
from services.sla.domain.deadline import count_of
from services.sla.domain.rulebook import Rulebook
from services.sla.domain.state import Clock, Ladder, Running, SlaState, Stopped, Suspended
from services.sla.read_model import read_clocks

FORBIDDEN: Final = 403
READERS: Final[tuple[Role, ...]] = ("supervisor", "auditor", "department")


@dataclass(frozen=True, slots=True)
class SlaApi:
    pool: Pool
    service: Service[SlaCommand, SlaState, ClockEvent]
    book: Rulebook
    gate: Gate
    partitions: int

    def routes(self) -> list[BaseRoute]:
        return [Route("/v1/appeals/{appeal_id}/clocks", self.clocks, methods=["GET"])]

    async def clocks(self, request: Request) -> Response:
        """A department sees the clocks of the appeals that it leads."""
        try:
            role, credential = await self.reader(request)
            state = await self.state_of(appeal_id_of(request))
            if role == "department" and credential.unit != state.lead:
                raise unknown_appeal()
        except DeniedError as error:
            return error.response
        body = {
            "urgency": state.urgency,
            "lead": state.lead,
            "clocks": [self.view(name, clock) for name, clock in state.clocks.items()],
        }
        return Response(orjson.dumps(body), media_type="application/json")

    async def reader(self, request: Request) -> tuple[Role, Credential]:
        """The first role that lets the caller in. Raises DeniedError."""
        *others, last = READERS
        for role in others:
            try:
                return role, await self.gate.admit(request, role)
            except DeniedError as error:
                if error.response.status_code != FORBIDDEN:
                    raise
        return last, await self.gate.admit(request, last)

    async def state_of(self, appeal_id: AppealId) -> SlaState:
        bodies = await read_clocks(self.pool, range(self.partitions), appeal_id)
        if not bodies:
            raise unknown_appeal()
        read = self.service.read_event
        return self.service.decider.replay(read(kind, body).data for kind, body in bodies)

    def view(self, name: str, clock: Clock) -> dict[str, Any]:
        told = {"clock": name, **standing(clock)}
        if clock.ladder is None:
            return told
        ahead = clock.ladder.remaining if isinstance(clock, Running) else ()
        return told | self.view_of_ladder(clock.ladder) | {"ahead": [step_view(s) for s in ahead]}

    def view_of_ladder(self, ladder: Ladder) -> dict[str, Any]:
        start = ladder.start
        return {
            "started_at": start.started_at,
            "due": start.due,
            "limit": start.limit,
            "resting_since": ladder.resting_since,
            "deadline_version": start.deadline_version,
            "taken": [
                step_view(step) | {"revoked": step.level in ladder.revoked}
                for step in start.steps
                if step.level in ladder.fired
            ],
            "why": self.why(start),
        }

    def why(self, start: ClockStart) -> dict[str, Any]:
        """Days only where policy and calendar are still those that the deadline was made from."""
        told = {
            "policy_version": start.policy_version,
            "calendar_version": start.calendar_version,
            "grade": start.grade,
            "provisional": start.provisional,
            "source": start.source,
            "extensions": start.extensions,
            "rests": [rest.model_dump() for rest in start.rests],
            "not_after": start.not_after,
            "promised_due": start.promised_due,
        }
        planner = self.book.planner(start.policy_version.rpartition("-")[0], None)
        calendar, policy = planner.calendar, planner.policy
        versions = (policy.version_id, calendar.version)
        if versions != (start.policy_version, start.calendar_version) or start.grade is None:
            return told
        found = deadline(calendar, count_of(calendar, policy, run_of(start, "normal")))
        return told | {
            "counted": [day_view(day) for day in found.counted],
            "skipped": [day_view(day) for day in found.skipped],
        }


def standing(clock: Clock) -> dict[str, Any]:
    match clock:
        case Running():
            return {"state": "running"}
        case Suspended():
            return {"state": "suspended", "suspended_at": clock.since}
        case Stopped():
            return {"state": "stopped", "stopped_at": clock.at}


def step_view(step: Step) -> dict[str, Any]:
    return step.model_dump(include={"level", "kind", "at", "notify_at", "addressee"})


def day_view(day: DayReason) -> dict[str, Any]:
    return {"date": day.date, "reason_zh": day.reason, "reason_en": day.reason_en}


def appeal_id_of(request: Request) -> AppealId:
    try:
        return AppealId(UUID(request.path_params["appeal_id"]))
    except ValueError as error:
        raise unknown_appeal() from error


def unknown_appeal() -> DeniedError:
    return denied(
        404,
        "unknown_appeal",
        "没有该诉求的时钟。请核对编号；刚受理的诉求请稍后再查。",
        "no clocks of this appeal. Check the id; ask again shortly if it was only just accepted.",
    )
