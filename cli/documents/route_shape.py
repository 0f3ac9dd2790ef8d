"""How a route is described, and what every route of ours answers alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Literal

from cli.documents import answers
from libs.common.contracts.topics import ServiceName
from libs.common.runtime.credentials import Role

Where: Final = HTTPStatus
# Who is turned away at the door, or meets a fault of ours, is told so in the same words everywhere.
SHARED: Final[Mapping[HTTPStatus, Any]] = {
    Where.UNAUTHORIZED: answers.Refusal,
    Where.FORBIDDEN: answers.Refusal,
    Where.TOO_MANY_REQUESTS: answers.Refusal,
    Where.INTERNAL_SERVER_ERROR: answers.Refusal,
    Where.SERVICE_UNAVAILABLE: answers.Refusal,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: Literal["path", "query", "header"]
    words: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDescription:
    """`service` is None for what every service has; `roles` any one of which lets a caller in."""

    service: ServiceName | None
    method: Literal["GET", "POST", "PUT"]
    path: str
    name: str
    words: str
    roles: tuple[Role, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Any = None
    answers: Mapping[HTTPStatus, Any]


UUID_TEXT: Final = {"type": "string", "format": "uuid"}
APPEAL_ID: Final = Parameter("appeal_id", "path", "The appeal's id.", UUID_TEXT)
