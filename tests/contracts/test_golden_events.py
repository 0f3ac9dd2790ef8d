"""What was once sent stays readable, whatever is added to the contracts."""

import json
import re
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from pydantic import ValidationError

from cli.documents.owned import ALL_EVENTS
from libs.common.contracts.envelope import Event
from tests.contracts.freeze import BY_TYPE, GOLDEN, decoded, encoded_again

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"
FILES: Final = sorted(GOLDEN.glob("*.json"))
# A version that gained an optional field gets a second file, `<type>.r2.json`, beside the first.
NAME: Final = re.compile(r"(?P<type>.+?\.v\d+)(?:\.r(?P<revision>[2-9]))?\.json")


def type_and_revision(path: Path) -> tuple[str, int]:
    found = NAME.fullmatch(path.name)
    assert found is not None, path.name
    return found["type"], int(found["revision"] or 1)


NEWEST: Final = {
    event_type: path for (event_type, _), path in sorted((type_and_revision(p), p) for p in FILES)
}


def named(path: Path) -> str:
    return path.name


def is_kept(old: Json, new: Json) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and is_kept(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(is_kept, old, new))
    return old == new


def with_unknown_fields(value: Json) -> Json:
    """The same JSON with a field more in every object, as a later writer might send it."""
    if isinstance(value, list):
        return [with_unknown_fields(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    grown = {name: with_unknown_fields(inner) for name, inner in value.items()}
    # Counts by kind of mark are a map, and a map has no unknown fields.
    is_map = bool(value) and all(isinstance(inner, int) for inner in value.values())
    return grown if is_map else {**grown, "added_later": ["x", 1]}


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: event.TYPE)
def test_every_event_version_has_a_golden_file(event: type[Event]) -> None:
    assert event.TYPE in NEWEST, "python -m tests.contracts.freeze TYPE DATA.json writes it"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_golden_file_says_the_type_that_its_name_says(path: Path) -> None:
    event_type = type_and_revision(path)[0]
    envelope = decoded(path.read_bytes())
    assert (envelope.type, envelope.dataschema) == (event_type, f"/schemas/{event_type}")
    assert isinstance(envelope.data, BY_TYPE[event_type])


@pytest.mark.parametrize("path", NEWEST.values(), ids=named)
def test_the_newest_golden_file_is_encoded_to_the_same_bytes_again(path: Path) -> None:
    body = path.read_bytes().removesuffix(b"\n")
    envelope = decoded(body)
    assert encoded_again(envelope, envelope.data) == body


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_value_of_a_golden_file_is_lost_by_reading_it(path: Path) -> None:
    body = path.read_bytes()
    envelope = decoded(body)
    assert is_kept(json.loads(body), json.loads(encoded_again(envelope, envelope.data)))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_fields_that_a_reader_does_not_know_change_nothing(path: Path) -> None:
    body = path.read_bytes()
    grown = json.dumps(with_unknown_fields(json.loads(body))).encode()
    assert grown.count(b"added_later") > 2
    assert decoded(grown) == decoded(body)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_record_that_lost_a_required_field_is_refused(path: Path) -> None:
    value = json.loads(path.read_bytes())
    # The first field of every event is one that it can not do without.
    del value["data"][next(iter(value["data"]))]
    with pytest.raises(ValidationError):
        decoded(json.dumps(value).encode())


def test_a_value_that_reading_drops_is_noticed() -> None:
    assert not is_kept({"a": [{"b": 1}]}, {"a": [{}]})
    assert not is_kept({"a": [1, 2]}, {"a": [1]})
    assert is_kept({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}], "d": 3})
