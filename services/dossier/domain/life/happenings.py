"""What was said of one appeal, entry by entry: the only source of everything told about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.contracts.envelope import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry. `event` is None where this version does not read its type.

    `version` and `hash` are its place in its chain, `sequence` its number at the service.
    """

    chain_key: str
    version: int
    service: str
    partition: int
    sequence: int
    hash: str
    id: UUID
    type: str
    time: datetime
    subject: str
    actor: Actor
    cause: UUID | None
    event: Any


def in_order(happenings: Iterable[Happening]) -> list[Happening]:
    """As they happened: a chain's own order is only that in which the topics were heard."""
    return sorted(happenings, key=lambda one: (one.time, one.version))


def known_at(happenings: Iterable[Happening], moment: datetime | None) -> list[Happening]:
    """What the log held at that moment; None is now."""
    ordered = in_order(happenings)
    return ordered if moment is None else [one for one in ordered if one.time <= moment]


def by_id(happenings: Sequence[Happening]) -> dict[UUID, Happening]:
    return {one.id: one for one in happenings}
