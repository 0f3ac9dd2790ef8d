"""`docs/events.md`: every event with its owner, topic, fields and an example."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cli.documents.meanings import ENVELOPE, HEADERS
from cli.documents.owned import OWNED, name_of_class
from cli.documents.schemas import Schema, schema_of, words_of
from libs.common.contracts.actions import ACTION
from libs.common.contracts.envelope import Envelope, Event
from libs.common.contracts.inbound import Submission
from libs.common.contracts.intake_actions import INTAKE_ACTION
from libs.common.contracts.topics import READS, SERVICES, Topic, topic_of

HEAD: Final = """\
# Events

<!-- Written by `python -m cli.documents` from libs/common/contracts and the golden files in
tests/contracts/golden. Do not edit: a test compares. -->

Every fact that a service stores is published on its own topic and kept for ever; the same bytes
are stored, sent and hashed. Readers ignore fields that they do not know, so an optional field may
be added; any other change is a new version beside the old one. Texts are masked: personal data
lies in intake's vault alone. Machine-readable: [asyncapi.json](asyncapi.json), and one JSON
Schema for the `data` of each version in [schemas/](schemas/).
"""
TABLE: Final = ("| Field | Type | Meaning |", "|---|---|---|")


def event_page(examples: Mapping[str, bytes]) -> str:
    """`examples` holds the golden file of each event type."""
    lines = [HEAD, *overview(), *around()]
    parts: dict[str, Schema] = {}
    for service in SERVICES:
        if OWNED[service]:
            lines += [f"## {service}", "", f"Topic `{topic_of(service)}`.", ""]
        for event in OWNED[service]:
            lines += event_section(event, examples[event.TYPE], parts)
    lines += ["## Parts", "", "Values inside events.", ""]
    for name in sorted(parts):
        lines += [f"### {name}", "", *prose(parts[name]), *field_table(parts[name])]
    return "\n".join([*lines, *inbound()]) + "\n"


def overview() -> Iterator[str]:
    yield from ("## At a glance", "", "| Topic | Key | Written by | Read by |", "|---|---|---|---|")
    for topic in Topic:
        readers = ", ".join(service for service in SERVICES if topic in READS[service]) or "nobody"
        writer = "producers, departments" if topic.is_inbound else topic.split(".")[1]
        key = "the sender's choice" if topic.is_inbound else "enterprise id, else appeal id"
        yield f"| `{topic}` | {key} | {writer} | {readers} |"
    yield from ("", "| Event | Owner | Version | What happened |", "|---|---|---|---|")
    for service in SERVICES:
        for event in OWNED[service]:
            name, _, version = event.TYPE.rpartition(".v")
            link = f"[`{name}`](#{anchor(event)})"
            yield f"| {link} | {service} | {version} | {first_sentence(event)} |"
    yield ""


def around() -> Iterator[str]:
    yield from ("## Around every event", "")
    yield "CloudEvents 1.0 in structured mode: the record's value is the whole envelope."
    yield ""
    schema = schema_of(Envelope[dict[str, Any]], mode="serialization")
    schema["properties"]["data"] = {"$ref": "#/$defs/below"}
    yield from TABLE
    for field, shape in schema["properties"].items():
        kind = "object" if field == "data" else words_of(shape)
        yield f"| `{field}` | {kind} | {ENVELOPE[field]} |"
    yield from ("", "Kafka headers:", "", "| Header | Meaning |", "|---|---|")
    for name, meaning in HEADERS.items():
        yield f"| `{name}` | {meaning} |"
    yield from ("", "### Actor", "", *field_table(schema["$defs"]["Actor"]))


def event_section(event: type[Event], example: bytes, parts: dict[str, Schema]) -> Iterator[str]:
    schema = schema_of(event)
    parts.update(schema.pop("$defs", {}))
    yield from (f"### {name_of_class(event)}", "", f"Type `{event.TYPE}`.", "")
    yield from prose(schema)
    yield from field_table(schema)
    yield from ("<details><summary>Example</summary>", "", "```json")
    yield json.dumps(json.loads(example), ensure_ascii=False, indent=2)
    yield from ("```", "", "</details>", "")


def inbound() -> Iterator[str]:
    yield from ("## What outsiders send", "")
    yield "Plain JSON, not CloudEvents. An unknown field is refused: a misspelt one must be seen."
    yield ""
    schema = schema_of(Submission)
    parts: dict[str, Schema] = schema.pop("$defs", {})
    yield from (f"### Submission: `{Topic.SUBMISSIONS}`", "")
    yield "Header `producer_id` names the producer. Kept for 72 hours, readable by intake alone."
    yield ""
    yield from field_table(schema)
    for name in sorted(parts):
        yield from (f"### {name}", "", *prose(parts[name]), *field_table(parts[name]))
    yield from (f"### Actions: `{Topic.ACTIONS}`", "")
    yield "The record's key must be that of the appeal's events. One of:"
    yield ""
    actions: dict[str, Schema] = {
        **schema_of(INTAKE_ACTION).pop("$defs"),
        **schema_of(ACTION).pop("$defs"),
    }
    for name in sorted(actions.keys() - {"Actor"}):
        yield from (f"#### {name}", "", *prose(actions[name]), *field_table(actions[name]))


def field_table(model: Schema) -> Iterator[str]:
    required = set(model.get("required", ()))
    yield from TABLE
    for field, shape in model["properties"].items():
        optional = "" if field in required else ", optional"
        yield f"| `{field}` | {words_of(shape)}{optional} | {shape['description']} |"
    yield ""


def prose(model: Schema) -> Iterator[str]:
    if "description" in model:
        yield from (" ".join(model["description"].split()), "")


def first_sentence(event: type[Event]) -> str:
    text = " ".join((event.__doc__ or "").split())
    return text.split(". ")[0].removesuffix(".") + "."


def anchor(event: type[Event]) -> str:
    return name_of_class(event).lower()
