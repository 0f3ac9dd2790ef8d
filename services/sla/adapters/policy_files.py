"""The policy pack: one file a preset, whole or as what it changes in another one."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from pydantic import ValidationError

from services.sla.domain.policy import Policy

POLICIES: Final = files("services.sla") / "policies"


class UnknownPolicyError(ValueError):
    """No preset of that name is in the pack."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        names = ", ".join(known)
        super().__init__(
            f"没有名为 {name!r} 的时限政策。可用: {names} / "
            f"there is no policy {name!r}: choose one of {names}"
        )


class PolicyDataError(ValueError):
    """A policy file that can not be used; the text says which entry and why."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"时限政策 {name} 无效。请更正文件 / the policy {name} is not usable: {what}"
        )


def policy_names() -> tuple[str, ...]:
    return tuple(
        sorted(file.name[:-5] for file in POLICIES.iterdir() if file.name.endswith(".json"))
    )


def load_policy(name: str) -> Policy:
    """Raises UnknownPolicyError and PolicyDataError."""
    known = policy_names()
    if name not in known:
        raise UnknownPolicyError(name, known)
    return decode_policy(name, read_entries(name))


def load_policies() -> dict[str, Policy]:
    return {name: load_policy(name) for name in policy_names()}


def read_entries(name: str) -> dict[str, Any]:
    entries: dict[str, Any] = json.loads((POLICIES / f"{name}.json").read_bytes())
    parent: str | None = entries.pop("extends", None)
    return entries if parent is None else overlay(read_entries(parent), entries)


def overlay(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` wins key by key down to a clock's rule, which is replaced whole."""
    merged = dict(under) | dict(over)
    merged["ladders"] = dict(under["ladders"]) | dict(over.get("ladders", {}))
    clocks: dict[str, Any] = dict(under["clocks"])
    for clock, rules in over.get("clocks", {}).items():
        clocks[clock] = clocks.get(clock, {}) | rules
    merged["clocks"] = clocks
    return merged


def decode_policy(name: str, entries: Mapping[str, Any]) -> Policy:
    """Raises PolicyDataError."""
    try:
        policy = Policy.model_validate_json(json.dumps(entries))
    except ValidationError as error:
        raise PolicyDataError(name, str(error)) from error
    if policy.name != name:
        problem = f"the file says {policy.name}"
        raise PolicyDataError(name, problem)
    return policy
