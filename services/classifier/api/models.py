"""HTTP for those who answer for the model: candidates in, approval by a second person, and back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from libs.common.contracts.envelope import Actor
from libs.common.contracts.governance import Figure, GovernanceEvent, ModelProposed, ShadowCount
from libs.common.contracts.values import Sha256Hex, Version
from libs.common.errors import RefusedError
from libs.common.execution.commands import Group
from libs.common.execution.runner import Runner
from libs.common.fingerprints import fingerprints
from libs.common.ids import SYSTEM_KEY, named_id
from libs.common.runtime.credentials import DeniedError, Gate, denied
from libs.common.subscription import Request as Wanted
from services.classifier.adapters.judging import ModelInUse
from services.classifier.adapters.model_file import ModelFileError
from services.classifier.adapters.model_store import (
    MAX_BYTES,
    MODEL_STREAM,
    ModelStore,
    decoded,
)
from services.classifier.api.answers import answer, invalid, problem, refused, told
from services.classifier.domain.governing import (
    ActivateModel,
    Governance,
    GovernanceCommand,
    ProposeModel,
    not_proposed,
)

GovernanceRunner: TypeAlias = Runner[GovernanceCommand, Governance, GovernanceEvent]
STRICT: Final = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
NO_NUL: Final = r"^[^\x00]*$"


class ModelAction(BaseModel):
    """`command_id` is the sender's own and makes a repeat harmless."""

    model_config = STRICT

    command_id: str = Field(min_length=1, max_length=200, pattern=NO_NUL)
    actor: Actor
    version: Version


class ProposeAction(ModelAction):
    """The bytes have been sent before; here is what was measured on them."""

    inputs_sha256: Sha256Hex
    catalogue_version: Version
    labels: int = Field(ge=0, lt=2**53)
    figures: tuple[Figure, ...] = Field(max_length=200)
    compared_with: Version
    shadow: ShadowCount | None


@dataclass(frozen=True, slots=True)
class ModelApi:
    runner: GovernanceRunner
    store: ModelStore
    in_use: ModelInUse
    built_in: ModelInUse
    gate: Gate
    fingerprint_key: bytes

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/models", self.listed, methods=["GET"]),
            Route("/v1/models/{version}", self.keep, methods=["PUT"]),
            Route("/v1/model-proposals", self.propose, methods=["POST"]),
            Route("/v1/model-activations", self.activate, methods=["POST"]),
        ]

    async def listed(self, request: Request) -> Response:
        """What judges, and everything that was proposed and activated, the oldest first."""
        try:
            await self.gate.admit(request, "supervisor")
        except DeniedError as error:
            return error.response
        history = [
            {"type": event.TYPE, **event.model_dump(mode="json")}
            for event in await self.store.history()
        ]
        body = {"in_use": facts_of(self.in_use), "built_in": facts_of(self.built_in)}
        return told({**body, "history": history})

    async def keep(self, request: Request) -> Response:
        """The bytes of a candidate: read, checked and kept; they judge nothing by that."""
        version = request.path_params["version"]
        try:
            await self.gate.admit(request, "supervisor")
            content = await limited_body(request)
            # Unpacking takes a moment, and other requests need not wait for it.
            await asyncio.to_thread(decoded, content, version)
        except DeniedError as error:
            return error.response
        except ModelFileError as error:
            return problem(422, "no_model", *words_of(error))
        sha256 = await self.store.keep(version, content)
        if await self.store.digest(version) != sha256:
            return problem(
                409,
                "other_bytes",
                f"版本 {version} 已存有内容不同的模型。",
                f"other bytes are kept under version {version}.",
            )
        return told({"version": version, "sha256": sha256, "bytes": len(content)})

    async def propose(self, request: Request) -> Response:
        try:
            action = ProposeAction.model_validate_json(await request.body())
            await self.admit(request, action)
            sha256 = await self.store.digest(action.version)
            if sha256 is None:
                raise not_proposed(action.version)
        except ValidationError as error:
            return invalid(error)
        except DeniedError as error:
            return error.response
        except RefusedError as error:
            return refused(error)
        measured = action.model_dump(exclude={"command_id", "actor"})
        proposal = ModelProposed(**measured, sha256=sha256, proposed_by=action.actor.id)
        return await self.run(action, ProposeModel(proposal=proposal))

    async def activate(self, request: Request) -> Response:
        """By another person than the one who proposed; a version used before is a rollback."""
        try:
            action = ModelAction.model_validate_json(await request.body())
            await self.admit(request, action)
            is_built_in = action.version == self.built_in.version
            sha256 = (
                self.built_in.sha256 if is_built_in else await self.store.digest(action.version)
            )
            if sha256 is None:
                raise not_proposed(action.version)
        except ValidationError as error:
            return invalid(error)
        except DeniedError as error:
            return error.response
        except RefusedError as error:
            return refused(error)
        command = ActivateModel(
            version=action.version, sha256=sha256, by=action.actor.id, built_in=is_built_in
        )
        return await self.run(action, command)

    async def admit(self, request: Request, action: ModelAction) -> None:
        credential = await self.gate.admit(request, "supervisor")
        if action.actor.unit != credential.unit:
            zh, en = "请求中的单位与密钥不符。", "the actor's unit is not that of the key."
            raise denied(403, "forbidden", zh, en)

    async def run(self, action: ModelAction, command: GovernanceCommand) -> Response:
        wanted = Wanted(
            command=command,
            stream_id=MODEL_STREAM,
            partition=self.store.partition,
            key=SYSTEM_KEY,
            subject=f"model/{action.version}",
            causation_id=named_id(f"action:{action.command_id}"),
            correlation_id=named_id(f"model:{action.version}"),
            actor=action.actor,
            command_id=action.command_id,
            fingerprints=fingerprints(self.fingerprint_key, action.model_dump(mode="json")),
        )
        return answer((await self.runner.run([Group([wanted])]))[0])


async def limited_body(request: Request) -> bytes:
    """Raises DeniedError once more has come than any model of ours has."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            raise denied(413, "too_large", "模型文件过大。", "the model is too large.")
    return bytes(content)


def facts_of(model: ModelInUse) -> Mapping[str, Any]:
    return {"version": model.version, "sha256": model.sha256}


def words_of(error: ModelFileError) -> tuple[str, str]:
    chinese, _, english = str(error).partition(" / ")
    return chinese, english
