"""The protocol's numbers, from the files that ship with the release."""

from importlib.resources import files

from services.router.domain.rules import Protocol


def load_protocol(version: str) -> Protocol:
    """Raises FileNotFoundError for a version that does not ship, ValidationError for a bad one."""
    source = files("services.router") / "data" / f"protocol-{version}.json"
    return Protocol.model_validate_json(source.read_bytes())
