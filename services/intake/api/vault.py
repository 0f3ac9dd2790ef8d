"""HTTP for reading the vault: only with a purpose, and never without a trace."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.common.contracts.envelope import Actor
from libs.common.contracts.intake_vault import VaultDisclosed, VaultEvent
from libs.common.contracts.intake_words import Purpose, VaultField
from libs.common.errors import RefusedError
from libs.common.eventstore.store import Connection
from libs.common.execution.commands import Failed, Group, Repeated
from libs.common.execution.runner import Runner
from libs.common.ids import AppealId, named_id, random_id
from libs.common.runtime.credentials import Credential, DeniedError, Gate
from libs.common.subscription import Request as Asked
from services.intake.adapters.concern import Concern, find_concern
from services.intake.adapters.standing import find_places
from services.intake.adapters.vault import Kept, read
from services.intake.api.answering import as_json, invalid, refused
from services.intake.domain import refusals
from services.intake.domain.access import ALL_FIELDS, Reader, Role, VaultRules, erased
from services.intake.domain.hygiene import clean
from services.intake.domain.masking import mask
from services.intake.domain.vault import ReadVault, VaultCommand, VaultState

ACTOR_KINDS: Final[dict[Role, Any]] = {
    "seat": "seat",
    "supervisor": "supervisor",
    "officer": "officer",
    "department": "department",
    "callback": "seat",
}


class Query(BaseModel):
    """`person` is who reads, within the unit that the key names; `fields` all where left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    role: Role
    person: str = Field(min_length=1, max_length=200)
    purpose: Purpose
    fields: tuple[VaultField, ...] = Field(default=ALL_FIELDS, min_length=1, max_length=10)
    note: str | None = Field(default=None, min_length=1, max_length=500)


@dataclass(slots=True)
class Reading:
    """What the transaction has read; shown only once its disclosure is committed."""

    is_known: bool = False
    kept: Kept | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class VaultApi:
    runner: Runner[VaultCommand, VaultState, VaultEvent]
    rules: VaultRules
    gate: Gate

    def routes(self) -> list[BaseRoute]:
        return [Route("/v1/vault/{appeal_id:uuid}", self.read, methods=["GET"])]

    async def read(self, request: Request) -> Response:
        """The fields that the role may see; who read them for what is recorded first."""
        try:
            query = read_query(request)
            credential = await self.gate.admit(request, query.role)
        except ValidationError as error:
            return invalid(error)
        except DeniedError as error:
            return error.response
        appeal_id = AppealId(request.path_params["appeal_id"])
        return await self.disclose(appeal_id, query, credential)

    async def disclose(self, appeal_id: AppealId, query: Query, credential: Credential) -> Response:
        reading = Reading()

        async def claim(connection: Connection) -> list[Group[VaultCommand]]:
            places = await find_places(connection, [appeal_id])
            if appeal_id not in places:
                return []
            reading.is_known = True
            reading.kept = await read(connection, appeal_id)
            if reading.kept is None:
                return []
            concern = await find_concern(connection, appeal_id, places[appeal_id])
            return [Group([self.asked(appeal_id, query, credential, concern)])]

        results = await self.runner.run_claimed(claim)
        if not results:
            return refused(erased() if reading.is_known else refusals.unknown_appeal())
        result = results[0]
        if isinstance(result, Failed):
            if isinstance(result.error, RefusedError):
                return refused(result.error)
            raise result.error
        if isinstance(result, Repeated) or reading.kept is None:
            return refused(erased())
        return shown(appeal_id, reading.kept, result[0].events[0].event)

    def asked(
        self, appeal_id: AppealId, query: Query, credential: Credential, concern: Concern
    ) -> Asked[VaultCommand]:
        reader = Reader(
            role=query.role,
            purpose=query.purpose,
            wanted=query.fields,
            is_concerned=concern.is_of(query.role, credential.unit, query.person),
        )
        command = ReadVault(
            appeal_id=appeal_id,
            rules=self.rules,
            reader=reader,
            confidentiality=concern.confidentiality,
            note=None if query.note is None else mask(clean(query.note)).text,
        )
        kind = ACTOR_KINDS[query.role]
        return vault_request(
            command, concern, Actor(kind=kind, id=query.person, unit=credential.unit)
        )


def vault_request(command: VaultCommand, concern: Concern, actor: Actor) -> Asked[VaultCommand]:
    """A stream of its own, so that a reader makes nobody's `expected_version` stale."""
    return Asked(
        command=command,
        stream_id=f"intake-vault-{command.appeal_id}",
        partition=concern.place.partition,
        key=concern.place.key,
        subject=str(command.appeal_id),
        # Every reading is an act of its own: nothing makes two of them one.
        causation_id=named_id(f"vault:{random_id()}"),
        correlation_id=command.appeal_id,
        actor=actor,
    )


def read_query(request: Request) -> Query:
    """Raises ValidationError."""
    values: dict[str, Any] = dict(request.query_params)
    if "fields" in values:
        values["fields"] = tuple(values["fields"].split(","))
    return Query.model_validate(values)


def shown(appeal_id: UUID, kept: Kept, event: VaultEvent) -> Response:
    if not isinstance(event, VaultDisclosed):
        return refused(erased())
    body = {
        "appeal_id": str(appeal_id),
        "confidentiality": event.confidentiality,
        "fields": kept.fields(event.fields),
        "withheld": list(event.withheld),
        "disclosure_purpose": event.purpose,
    }
    response = as_json(body)
    # Nobody on the way may keep a copy: the vault is the only place.
    response.headers["Cache-Control"] = "no-store"
    return response
