"""Events laid over the read model, a slice at a time. A chain that can not be read stands still."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import TypeAdapter

from libs.common.errors import PoisonError
from libs.common.eventstore.store import Connection
from libs.common.failures import Verdict, describe, judge
from libs.common.subscription import name_of
from services.dossier.domain.entries import Entry
from services.dossier.domain.events import EVENTS, AnyEvent, Told
from services.dossier.domain.facts import Facts
from services.dossier.domain.folding import fold
from services.dossier.read_model.upserts import write_facts

PARK: Final = """
    INSERT INTO projection_parked (chain_key, version, reason, detail)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
    ON CONFLICT (chain_key) DO NOTHING
"""


def decoder_of(event: type[AnyEvent]) -> Callable[[bytes], Told[Any]]:
    # The class is known only at run time, so the parameter can not be written as a type.
    generic: Any = Told
    return TypeAdapter[Told[Any]](generic[event]).validate_json


DECODERS: Final[Mapping[str, Callable[[bytes], Told[Any]]]] = {
    event.TYPE: decoder_of(event) for event in EVENTS
}
NAMES: Final = frozenset(map(name_of, DECODERS))


@dataclass(frozen=True, slots=True)
class Standstill:
    """Where the read model of a chain stopped; later entries wait for `reproject`."""

    chain_key: str
    version: int
    reason: str
    detail: str


@dataclass(slots=True)
class Folded:
    facts: Facts = field(default_factory=Facts)
    stopped: dict[str, Standstill] = field(default_factory=dict[str, Standstill])

    def take(self, entry: Entry) -> None:
        if entry.chain_key in self.stopped:
            return
        try:
            told = decode(entry.type, entry.value)
            if told is not None:
                fold(self.facts, entry.chain_key, told)
        except Exception as error:
            if judge(error) is not Verdict.NAME_RECORD:
                raise
            self.stop(entry, error)

    def stop(self, entry: Entry, error: Exception) -> None:
        reason, detail = describe(error)
        self.stopped[entry.chain_key] = Standstill(entry.chain_key, entry.version, reason, detail)


async def project(
    connection: Connection, entries: Sequence[Entry], parked: frozenset[str] = frozenset()
) -> Sequence[Standstill]:
    """Writes what the entries say. Entries of chains in `parked` are left for `reproject`."""
    awaited = [entry for entry in entries if entry.chain_key not in parked]
    folded = folded_from(awaited)
    stopped = list(folded.stopped.values())
    if not await is_written(connection, folded.facts):
        stopped += await project_apart(connection, awaited, folded.stopped)
    await park(connection, stopped)
    return stopped


def folded_from(entries: Iterable[Entry]) -> Folded:
    folded = Folded()
    for entry in entries:
        folded.take(entry)
    return folded


def decode(event_type: str | None, value: bytes) -> Told[Any] | None:
    """None for an event that is not read here. Raises for one that is and can not be."""
    if decoder := DECODERS.get(event_type or ""):
        return decoder(value)
    if name_of(event_type or "") in NAMES:
        raise PoisonError("unknown_version", f"{event_type} is newer than this dossier")
    return None


async def is_written(connection: Connection, facts: Facts) -> bool:
    """False where PostgreSQL refuses a value; in a savepoint, for the chain must go on."""
    try:
        async with connection.transaction():
            await write_facts(connection, facts)
    except Exception as error:
        if judge(error) is not Verdict.NAME_RECORD:
            raise
        return False
    return True


async def project_apart(
    connection: Connection, entries: Sequence[Entry], stopped: Mapping[str, Standstill]
) -> list[Standstill]:
    """Each chain alone, so that one refused value holds up only its own."""
    chains: dict[str, list[Entry]] = {}
    for entry in entries:
        chains.setdefault(entry.chain_key, []).append(entry)
    refused: list[Standstill] = []
    for key, members in chains.items():
        if not await is_written(connection, folded_from(members).facts) and key not in stopped:
            detail = "PostgreSQL refuses a value of this slice"
            refused.append(Standstill(key, members[0].version, "refused_by_database", detail))
    return refused


async def park(connection: Connection, stopped: Sequence[Standstill]) -> None:
    if stopped:
        await connection.execute(
            PARK,
            [one.chain_key for one in stopped],
            [one.version for one in stopped],
            [one.reason for one in stopped],
            [one.detail for one in stopped],
        )
