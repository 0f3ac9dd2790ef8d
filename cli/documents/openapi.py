"""`docs/openapi.json`: the HTTP routes of all services, as OpenAPI 3.1."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic import TypeAdapter

from cli.documents.answers import Refusal
from cli.documents.route_shape import Parameter, RouteDescription
from cli.documents.routes import ROUTES
from cli.documents.schemas import COMPONENTS, Schema, inline
from libs.common.contracts.topics import SERVICES, ServiceName

# The ports of deploy/compose.yaml; `appeals up` takes free ones and prints them.
PORTS: Final[Mapping[ServiceName, int]] = {
    service: 8081 + place for place, service in enumerate(SERVICES)
}
# With these a caller is told after how many seconds to come again.
ASK_AGAIN: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
PROMETHEUS: Final = "text/plain; version=1.0.0; charset=utf-8"


def openapi(version: str) -> Schema:
    schemas: Schema = {}
    paths: Schema = {}
    for route in ROUTES:
        entry = paths.setdefault(route.path, {"servers": servers(route.service)})
        entry[route.method.lower()] = operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Appeals",
            "version": version,
            "description": "Each service listens on a port of its own.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": servers(None),
        "tags": [{"name": service} for service in SERVICES] + [{"name": "every service"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key binds a unit and its roles; services know its hash.",
                }
            },
        },
    }


def servers(service: ServiceName | None) -> list[Schema]:
    return [
        {"url": f"http://127.0.0.1:{PORTS[one]}", "description": one}
        for one in SERVICES
        if service in {one, None}
    ]


def operation(route: RouteDescription, schemas: Schema) -> Schema:
    built: Schema = {
        "tags": [route.service or "every service"],
        "operationId": route.name,
        "summary": route.words.split(". ")[0].removesuffix("."),
        "description": with_roles(route),
        "responses": {
            str(status.value): response(status, model, schemas)
            for status, model in route.answers.items()
        },
    }
    if route.roles:
        built["security"] = [{"key": []}]
    if route.parameters:
        built["parameters"] = [parameter(one) for one in route.parameters]
    if route.body is not None:
        content = {"application/json": {"schema": inline(route.body, schemas)}}
        built["requestBody"] = {"required": True, "content": content}
    return built


def with_roles(route: RouteDescription) -> str:
    needed = f" Needs the role {' or '.join(route.roles)}." if route.roles else ""
    return route.words + needed


def parameter(one: Parameter) -> Schema:
    return {
        "name": one.name,
        "in": one.place,
        "required": one.place == "path",
        "description": one.words,
        "schema": dict(one.schema),
    }


def response(status: HTTPStatus, model: Any, schemas: Schema) -> Schema:  # noqa: ANN401 - a type
    if model is None:
        content = {PROMETHEUS: {"schema": {"type": "string"}}}
    else:
        content = {"application/json": {"schema": answer_schema(model, schemas)}}
    built: Schema = {"description": status.phrase, "content": content}
    if status in ASK_AGAIN and model is Refusal:
        built["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return built


def answer_schema(model: Any, schemas: Schema) -> Schema:  # noqa: ANN401 - a type
    """Answers explain themselves by their names; meanings belong to events."""
    kept: TypeAdapter[Any] = TypeAdapter(model)
    built = kept.json_schema(ref_template=COMPONENTS, mode="validation")
    schemas.update(built.pop("$defs", {}))
    if "title" not in built or "properties" not in built:
        return built
    schemas[model.__name__] = built
    return {"$ref": COMPONENTS.format(model=model.__name__)}
