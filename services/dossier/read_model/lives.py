"""Lives read from the chained bytes themselves: of one appeal, of one file, or of all."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from libs.common.contracts.envelope import Envelope
from services.dossier.domain.events import EVENTS, AnyEvent
from services.dossier.domain.life.happenings import Happening
from services.dossier.domain.life.life import Life, is_of_appeal, life_of
from services.dossier.read_model.finding import Found, Reader

# Found by the bytes, not by the column beside them: only the bytes are proved by the chain.
OF_APPEAL: Final = """
    SELECT chain_key, version, service, partition, sequence, type, hash, value FROM entries
    WHERE chain_key = $1 AND position($2::bytea IN value) > 0 ORDER BY version
"""
OF_CHAINS: Final = """
    SELECT chain_key, version, service, partition, sequence, type, hash, value FROM entries
    WHERE chain_key = ANY($1::text[]) ORDER BY chain_key, version
"""
OF_ALL: Final = """
    SELECT chain_key, version, service, partition, sequence, type, hash, value FROM entries
    ORDER BY chain_key, version
"""
# An enterprise's file is its own chain and those that it adopted (rule 2).
CHAINS_OF: Final = """
    SELECT $1::text AS chain_key
    UNION SELECT chain_key FROM appeals WHERE enterprise_id = $1::text::uuid
"""
CHUNK: Final = 2_000
OUTSIDE: Final = TypeAdapter(Envelope[dict[str, Any]])


def reader_of(event: type[AnyEvent]) -> Callable[[bytes], Envelope[Any]]:
    # The class is known only at run time, so the parameter can not be written as a type.
    generic: Any = Envelope
    return TypeAdapter[Envelope[Any]](generic[event]).validate_json


READERS: Final[Mapping[str, Callable[[bytes], Envelope[Any]]]] = {
    event.TYPE: reader_of(event) for event in EVENTS
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The moment that is asked about; `is_now` takes the log whole, whatever its clocks say."""

    moment: datetime
    is_now: bool


async def life_at(connection: Reader, found: Found, asked: Asked) -> Life:
    """Of one appeal; without an entry before that moment its life is empty."""
    appeal = UUID(found.id)
    rows = await connection.fetch(OF_APPEAL, found.chain_key, found.id.encode())
    happenings = [one for one in readable(rows) if one.subject == found.id]
    return life_of(appeal, happenings, until=asked.moment, is_now=asked.is_now)


async def lives_of(connection: Reader, found: Found, asked: Asked) -> list[Life]:
    """Of one file: an enterprise's, with what it adopted, or a chain's."""
    keys = [found.chain_key]
    if found.kind == "enterprise":
        keys = [row["chain_key"] for row in await connection.fetch(CHAINS_OF, found.id)]
    happenings = list(readable(await connection.fetch(OF_CHAINS, keys)))
    return lives_in(happenings, asked)


async def all_lives(connection: Reader, asked: Asked) -> AsyncIterator[Life]:
    """Chain after chain, from one snapshot; never more than one chain is held."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("SET LOCAL statement_timeout = 0")
        cursor = await connection.cursor(OF_ALL)
        chain: list[Happening] = []
        while rows := await cursor.fetch(CHUNK):
            for one in readable(rows):
                if chain and chain[0].chain_key != one.chain_key:
                    for life in lives_in(chain, asked):
                        yield life
                    chain = []
                chain.append(one)
        for life in lives_in(chain, asked):
            yield life


def lives_in(happenings: Iterable[Happening], asked: Asked) -> list[Life]:
    """Those that had begun by then, by their first entry."""
    of_appeals = [one for one in happenings if is_of_appeal(one)]
    by_subject = sorted(of_appeals, key=attrgetter("subject"))
    lives = [
        life_of(UUID(subject), list(members), until=asked.moment, is_now=asked.is_now)
        for subject, members in groupby(by_subject, key=attrgetter("subject"))
    ]
    begun = [life for life in lives if life.happenings]
    return sorted(begun, key=lambda life: (life.happenings[0].time, str(life.appeal_id)))


def readable(rows: Iterable[Any]) -> list[Happening]:
    """Bytes that are no event are in the chain and its timeline, and say nothing of a life."""
    return [one for one in map(happening_of, rows) if one is not None]


def happening_of(row: Any) -> Happening | None:  # noqa: ANN401 - a row of asyncpg
    envelope, event = read(row["type"], row["value"])
    if envelope is None:
        return None
    return Happening(
        chain_key=row["chain_key"],
        version=row["version"],
        service=row["service"],
        partition=row["partition"],
        sequence=row["sequence"],
        hash=row["hash"].hex(),
        id=envelope.id,
        type=envelope.type,
        time=envelope.time,
        subject=envelope.subject,
        actor=envelope.actor,
        cause=envelope.causationid,
        event=event,
    )


def read(named: str | None, value: bytes) -> tuple[Envelope[Any] | None, Any]:
    """By the type that the bytes name; the column only says which reader to try first."""
    reader = READERS.get(named or "")
    try:
        if reader is not None:
            envelope = reader(value)
            if envelope.type == named:
                return envelope, envelope.data
        outside = OUTSIDE.validate_json(value)
        reader = READERS.get(outside.type)
        return outside, reader(value).data if reader else None
    except ValidationError:
        return None, None
