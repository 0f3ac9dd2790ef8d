"""Finding what the vault holds of a person or past its time, and taking it away with a trace."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

import orjson

from libs.common.contracts.envelope import Actor
from libs.common.contracts.intake import AppealSubmitted
from libs.common.contracts.intake_vault import PersonalDataErased
from libs.common.contracts.intake_words import ErasureReason
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.commands import Group
from libs.common.ids import AppealId, named_id
from libs.common.subscription import Request
from services.intake.adapters import vault
from services.intake.adapters.standing import Place, find_places
from services.intake.adapters.subjects import Subject, SubjectKeys, subjects_in
from services.intake.domain.retention import Held, RetentionRules, expires_at
from services.intake.domain.vault import EraseVault, VaultCommand

ENDED: Final = ("closed", "withdrawn", "not_accepted", "transferred_out")
BY_KEY: Final = "SELECT appeal_id FROM vault WHERE search_keys @> ARRAY[$1::bigint] ORDER BY 1"
BY_ID: Final = "SELECT appeal_id FROM vault WHERE appeal_id = ANY($1::uuid[]) ORDER BY 1"
LETTERS: Final = """
    SELECT id, value, parked_at FROM dead_letters WHERE value IS NOT NULL AND id > $1
    ORDER BY id LIMIT 500
"""
CLEAR: Final = """
    UPDATE dead_letters SET value = NULL, headers = '{}', state = 'discarded', resolved_at = now(),
        resolution = 'personal data erased'
    WHERE id = ANY($1::bigint[])
"""
# The first event of a stream says the channel; `progress` alone says whether it has ended.
HELD: Final = """
    SELECT v.appeal_id, v.stored_at, p.stage, p.changed_at, e.body
    FROM (
        SELECT appeal_id, stored_at FROM vault WHERE appeal_id > $1 ORDER BY appeal_id LIMIT 500
    ) v
    JOIN progress p USING (appeal_id)
    CROSS JOIN partition_heads h
    CROSS JOIN LATERAL (
        SELECT body FROM events WHERE partition = h.partition
            AND stream_id = 'intake-' || v.appeal_id AND version = 1 AND type = $2
    ) AS e
    ORDER BY v.appeal_id
"""
ERASED: Final = "SELECT body FROM events WHERE type = $1"
NO_ID: Final = UUID(int=0)
AT_ONCE: Final = 200
Names: TypeAlias = Callable[[set[Subject], datetime], bool]


@dataclass(frozen=True, slots=True)
class FoundOf:
    """Appeals of the person's own, those that only mention them, and refused records."""

    own: tuple[UUID, ...]
    mentioned: tuple[UUID, ...]
    letters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ErasedBefore:
    """What the trail says has been erased: by it a restored backup is erased again."""

    appeal_ids: frozenset[UUID]
    subjects: Mapping[str, datetime]


async def find_of(pool: Pool, keys: SubjectKeys, subject: Subject) -> FoundOf:
    if subject.kind == "appeal":
        rows = await pool.fetch(BY_ID, [UUID(subject.value)])
        return FoundOf(tuple(row["appeal_id"] for row in rows), (), ())
    own = await by_key(pool, keys.number("contact", subject))
    mentioned = await by_key(pool, keys.number("text", subject))
    letters = await letters_of(pool, lambda found, _at: subject in found)
    return FoundOf(own, tuple(one for one in mentioned if one not in own), letters)


async def by_key(pool: Pool, number: int) -> tuple[UUID, ...]:
    return tuple(row["appeal_id"] for row in await pool.fetch(BY_KEY, number))


async def letters_of(pool: Pool, names: Names) -> tuple[int, ...]:
    """Refused and broken records still hold what was sent, so they are searched one by one."""
    found: list[int] = []
    last = 0
    while rows := await pool.fetch(LETTERS, last):
        last = rows[-1]["id"]
        for row in rows:
            text: str = row["value"].decode(errors="replace")
            if names(subjects_in(text), row["parked_at"]):
                found.append(row["id"])
    return tuple(found)


async def find_expired(pool: Pool, rules: RetentionRules, now: datetime) -> dict[UUID, str]:
    """Appeals whose personal data has been kept long enough, each with its channel."""
    expired: dict[UUID, str] = {}
    last = NO_ID
    while rows := await pool.fetch(HELD, last, AppealSubmitted.TYPE):
        last = rows[-1]["appeal_id"]
        for row in rows:
            channel: str = orjson.loads(row["body"])["data"]["channel"]
            ended_at = row["changed_at"] if row["stage"] in ENDED else None
            if expires_at(rules, Held(channel, row["stored_at"], ended_at)) <= now:
                expired[row["appeal_id"]] = channel
    return expired


async def erased_before(pool: Pool, published: Iterable[bytes] = ()) -> ErasedBefore:
    """From the stored events, and from those that the topic alone may still hold."""
    bodies = [row["body"] for row in await pool.fetch(ERASED, PersonalDataErased.TYPE)]
    ids: set[UUID] = set()
    subjects: dict[str, datetime] = {}
    for body in (*bodies, *published):
        data = PersonalDataErased.model_validate(orjson.loads(body)["data"])
        ids.add(data.appeal_id)
        if data.subject is not None:
            known = subjects.get(data.subject, data.erased_at)
            subjects[data.subject] = max(known, data.erased_at)
    return ErasedBefore(frozenset(ids), subjects)


async def still_there(pool: Pool, keys: SubjectKeys, before: ErasedBefore) -> FoundOf:
    """What a restore has brought back. A letter that came after the erasure is left."""
    rows = await pool.fetch(BY_ID, list(before.appeal_ids))

    def names(found: set[Subject], parked_at: datetime) -> bool:
        prints = (keys.fingerprint(one) for one in found)
        return any(p in before.subjects and parked_at <= before.subjects[p] for p in prints)

    letters = await letters_of(pool, names) if before.subjects else ()
    return FoundOf(tuple(row["appeal_id"] for row in rows), (), letters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who erases what for which reason, and on what basis in law."""

    reason: ErasureReason
    legal_basis: str
    subject: str | None
    actor: Actor
    now: datetime


async def groups_of(
    connection: Connection, order: Order, appeal_ids: Sequence[UUID]
) -> list[Group[VaultCommand]]:
    places = await find_places(connection, appeal_ids)
    return [Group([request(order, one, places[one])]) for one in appeal_ids if one in places]


def request(order: Order, appeal_id: UUID, place: Place) -> Request[VaultCommand]:
    # The driver's own class of UUID is one that the encoder does not know.
    own_id = AppealId(UUID(int=appeal_id.int))
    command = EraseVault(
        appeal_id=own_id,
        reason=order.reason,
        legal_basis=order.legal_basis,
        subject=order.subject,
        now=order.now,
    )
    return Request(
        command=command,
        stream_id=f"intake-vault-{appeal_id}",
        partition=place.partition,
        key=place.key,
        subject=str(appeal_id),
        causation_id=named_id(f"erasure:{order.now.isoformat()}:{appeal_id}"),
        correlation_id=own_id,
        actor=order.actor,
    )


async def remove(pool: Pool, appeal_ids: Sequence[UUID]) -> None:
    """Without an event: the trail tells of these erasures already.

    A database that was set back to a backup must not append either, while its topic is ahead.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(vault.ERASE, list(appeal_ids))
        await connection.execute(vault.ERASE_SUPPLEMENTS, list(appeal_ids))


async def clear_letters(pool: Pool, letters: Sequence[int]) -> None:
    """The rows stay with their reasons; what was sent is gone."""
    if letters:
        await pool.execute(CLEAR, list(letters))
