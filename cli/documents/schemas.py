"""JSON Schema of events and of what outsiders send, and its types in words."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from cli.documents.meanings import ENVELOPE, meaning_of
from cli.documents.owned import name_of_class
from libs.common.contracts.envelope import Event
from libs.common.eventstore.encoding import adapter

Schema: TypeAlias = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
COMPONENTS: Final = "#/components/schemas/{model}"
LOCAL: Final = "#/$defs/{model}"


def schema_of(type_: Any, template: str = LOCAL, mode: JsonSchemaMode = "validation") -> Schema:  # noqa: ANN401 - whatever pydantic can describe
    """With the meaning of each field beside its type."""
    kept: TypeAdapter[Any] = type_ if is_adapter(type_) else TypeAdapter(type_)
    schema = kept.json_schema(ref_template=template, mode=mode)
    explain(schema)
    for inner in schema.get("$defs", {}).values():
        explain(inner)
    return schema


def is_adapter(type_: object) -> bool:
    """Some contracts are one already: generics, and unions with a discriminator."""
    return isinstance(type_, TypeAdapter)


def explain(model: Schema) -> None:
    """Puts meanings where pydantic repeats the field's name as its title."""
    name = model.get("title", "")
    for field, schema in model.get("properties", {}).items():
        schema.pop("title", None)
        words = ENVELOPE.get(field) if name.startswith("Envelope") else meaning_of(name, field)
        if words is not None:
            schema["description"] = words


def data_schema(event: type[Event]) -> Schema:
    """What `dataschema` of an event names."""
    head = {"$schema": DIALECT, "$id": f"/schemas/{event.TYPE}"}
    return {**head, **schema_of(event)}


def inline(type_: Any, components: Schema) -> Schema:  # noqa: ANN401 - see schema_of
    """The schema itself; what it needs is put among the components."""
    schema = schema_of(type_, COMPONENTS)
    components.update(schema.pop("$defs", {}))
    return schema


def into_components(type_: Any, name: str, components: Schema) -> Schema:  # noqa: ANN401 - see schema_of
    """Puts the schema and all that it needs among the components; answers with the reference."""
    components[name] = inline(type_, components)
    return {"$ref": COMPONENTS.format(model=name)}


def envelope_schema(event: type[Event], components: Schema) -> Schema:
    name = f"{name_of_class(event)}Envelope"
    reference = into_components(adapter(event), name, components)
    properties = components[name]["properties"]
    # Two owners may have an event of one name.
    own = name_of_class(event)
    components[own] = components.pop(event.__name__)
    properties["data"] = {"$ref": COMPONENTS.format(model=own)}
    properties["type"]["const"] = event.TYPE
    properties["dataschema"]["const"] = f"/schemas/{event.TYPE}"
    return reference


def words_of(schema: Mapping[str, Any]) -> str:
    """The type in a few words, for a table."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(words_of(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    return words_of_kind(schema)


def words_of_kind(schema: Mapping[str, Any]) -> str:
    match schema.get("type"):
        case "string":
            return words_of_text(schema)
        case "integer":
            return "integer" + span(schema, "minimum", "maximum", "exclusiveMaximum")
        case "array":
            inner = words_of(schema["items"])
            return f"list of {inner}" + span(schema, "minItems", "maxItems")
        case "object":
            return f"map of text to {words_of(schema['additionalProperties'])}"
        case other:
            return str(other)


def words_of_text(schema: Mapping[str, Any]) -> str:
    kind = {"uuid": "UUID", "date-time": "time with zone"}.get(schema.get("format", ""), "text")
    longest = schema.get("maxLength")
    return kind if longest is None else f"{kind} of at most {longest}"


def span(schema: Mapping[str, Any], low: str, high: str, beyond: str = "") -> str:
    least = schema.get(low)
    most = schema.get(high, schema[beyond] - 1 if beyond in schema else None)
    if least is None and most is None:
        return ""
    if most is None:
        return f" from {least}"
    return f" {least}–{most}" if least is not None else f" up to {most}"
