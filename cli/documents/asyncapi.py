"""`docs/asyncapi.json`: every topic with its key, headers and messages, as AsyncAPI 3.0.0."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from cli.documents.meanings import HEADERS
from cli.documents.owned import OWNED, name_of_class
from cli.documents.schemas import Schema, envelope_schema, into_components
from cli.topics import FOR_EVER, INBOUND_RETENTION_MS
from libs.common.contracts.actions import Action
from libs.common.contracts.inbound import Submission
from libs.common.contracts.intake_actions import IntakeAction
from libs.common.contracts.topics import SERVICES, ServiceName, Topic, topic_of
from libs.common.settings import KafkaSettings

BINDING: Final = "0.5.0"
EVENT_KEY: Final = "The enterprise's id, else the appeal's own: lower-case UUID of 36 characters."
INBOUND_KEY: Final[Mapping[Topic, str]] = {
    Topic.SUBMISSIONS: "Any; one firm's appeals keep their order under one key.",
    Topic.ACTIONS: "The key of the appeal's events; under another the appeal is not found.",
}
ACTIONS: Final = (*get_args(IntakeAction), *get_args(Action))
# traceparent alone may be missing.
REQUIRED: Final = [name for name in HEADERS if name != "traceparent"]


def asyncapi(version: str) -> Schema:
    schemas: Schema = {}
    messages: Schema = {}
    channels: Schema = {
        "submissions": inbound_channel(Topic.SUBMISSIONS, (Submission,), schemas, messages),
        "actions": inbound_channel(Topic.ACTIONS, ACTIONS, schemas, messages),
    }
    for service in SERVICES:
        channels[f"{service}Events"] = event_channel(service, schemas, messages)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Appeals",
            "version": version,
            "description": "Topics of Appeals. A deployment may put a prefix before each address.",
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": {name: operation(name) for name in channels},
        "components": {"messages": messages, "schemas": {**schemas, "EventHeaders": headers()}},
    }


def operation(channel: str) -> Schema:
    is_ours = channel.endswith("Events")
    return {
        "action": "send" if is_ours else "receive",
        "channel": {"$ref": f"#/channels/{channel}"},
    }


def event_channel(service: ServiceName, schemas: Schema, messages: Schema) -> Schema:
    for event in OWNED[service]:
        messages[name_of_class(event)] = {
            "name": event.TYPE,
            "summary": " ".join((event.__doc__ or "").split()),
            "contentType": "application/cloudevents+json",
            "headers": {"$ref": "#/components/schemas/EventHeaders"},
            "payload": envelope_schema(event, schemas),
            "bindings": key_binding(EVENT_KEY, {"format": "uuid"}),
        }
    names = [name_of_class(event) for event in OWNED[service]]
    return channel(topic_of(service), names, f"Written by {service} alone, kept for ever.")


def inbound_channel(
    topic: Topic, models: tuple[Any, ...], schemas: Schema, messages: Schema
) -> Schema:
    for model in models:
        messages[model.__name__] = {
            "name": model.__name__,
            "summary": " ".join((model.__doc__ or "").split()),
            "contentType": "application/json",
            "payload": into_components(model, model.__name__, schemas),
            "bindings": key_binding(INBOUND_KEY[topic], {}),
        }
        if topic is Topic.SUBMISSIONS:
            messages[model.__name__]["headers"] = producer_header()
    names = [model.__name__ for model in models]
    return channel(topic, names, "Written by outsiders, kept for 72 hours.")


def channel(topic: Topic, messages: list[str], description: str) -> Schema:
    retention = INBOUND_RETENTION_MS if topic.is_inbound else FOR_EVER
    return {
        "address": str(topic),
        "description": description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "kafka": {
                "partitions": KafkaSettings().partitions,
                "topicConfiguration": {"retention.ms": int(retention)},
                "bindingVersion": BINDING,
            }
        },
    }


def key_binding(description: str, more: Mapping[str, str]) -> Schema:
    key = {"type": "string", "description": description, **more}
    return {"kafka": {"key": key, "bindingVersion": BINDING}}


def headers() -> Schema:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": HEADERS[name]} for name in HEADERS},
        "required": REQUIRED,
    }


def producer_header() -> Schema:
    words = "Who sends it; appeals of one producer are told apart by its own numbers."
    name = {"type": "string", "description": words}
    return {"type": "object", "properties": {"producer_id": name}}
