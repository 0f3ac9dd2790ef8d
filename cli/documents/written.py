"""All generated documents: where they belong, and what stands in them now."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cli.documents.asyncapi import asyncapi
from cli.documents.event_page import event_page
from cli.documents.openapi import openapi
from cli.documents.owned import ALL_EVENTS
from cli.documents.schemas import Schema, data_schema

ROOT: Final = Path(__file__).parents[2]
GOLDEN: Final = "tests/contracts/golden"
SCHEMAS: Final = "docs/schemas"


def documents(root: Path) -> Mapping[str, str]:
    """Text by path below `root`. Raises KeyError for an event without a golden file."""
    version: str = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    examples = {path.stem: path.read_bytes() for path in (root / GOLDEN).glob("*.json")}
    found = {
        "docs/events.md": event_page(examples),
        "docs/asyncapi.json": as_json(asyncapi(version)),
        "docs/openapi.json": as_json(openapi(version)),
    }
    for event in ALL_EVENTS:
        found[f"{SCHEMAS}/{event.TYPE}.json"] = as_json(data_schema(event))
    return found


def as_json(value: Schema) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def stale(root: Path) -> list[str]:
    """What differs from the code, is missing, or describes an event that there is no more."""
    wanted = documents(root)
    differing = [path for path, text in wanted.items() if on_disk(root / path) != text]
    here = {f"{SCHEMAS}/{path.name}" for path in (root / SCHEMAS).glob("*.json")}
    return sorted({*differing, *(here - wanted.keys())})


def on_disk(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def write(root: Path) -> list[str]:
    """Answers with what has changed."""
    wanted = documents(root)
    changed = stale(root)
    for name in changed:
        path = root / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name])
        else:
            path.unlink()
    return changed
