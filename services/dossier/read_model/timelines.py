"""What has happened to an appeal or an enterprise, read from the chained bytes themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from libs.calendar.days import SHANGHAI
from libs.common.contracts.envelope import Actor, Envelope
from libs.common.errors import PoisonError
from services.dossier.domain.lines import Line, Names
from services.dossier.domain.states import STATE_ZH, OverallState
from services.dossier.domain.summaries import summary_of
from services.dossier.read_model.finding import Found, Reader
from services.dossier.read_model.projection import decode

# Found by the bytes, not by the column beside them: only the bytes are proved by the chain.
OF_APPEAL: Final = """
    SELECT version, service, value, hash FROM entries
    WHERE chain_key = $1 AND version > $2 AND position($4::bytea IN value) > 0
    ORDER BY version LIMIT $3
"""
OF_CHAIN: Final = """
    SELECT version, service, value, hash FROM entries
    WHERE chain_key = $1 AND version > $2 ORDER BY version LIMIT $3
"""
APPEAL: Final = "SELECT * FROM appeal_files WHERE appeal_id = $1::text::uuid"
APPEALS: Final = """
    SELECT * FROM appeal_files WHERE chain_key = $1 OR enterprise_id::text = $1
    ORDER BY first_event_at, appeal_id LIMIT $2
"""
ENTERPRISE: Final = """
    SELECT enterprise_id::text AS id, name, uscc, appeals, open FROM enterprise_counts
    WHERE enterprise_id = $1::text::uuid
"""
HEAD: Final = """
    SELECT h.version, encode(h.hash, 'hex') AS hash, p.version AS parked_at, p.reason
    FROM chain_heads h LEFT JOIN projection_parked p USING (chain_key) WHERE h.chain_key = $1
"""
HASH_DIGITS: Final = 12
MOST_ENTRIES: Final = 1_000
OUTSIDE: Final = TypeAdapter(Envelope[dict[str, Any]])
UNREADABLE: Final = Line("无法读取，原文已留存", "can not be read here; kept as it came")
UNKNOWN: Final = Line("本版本不解读此类事件", "an event that this version does not read")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """`time` is in Asia/Shanghai; `hash` is the beginning of the entry's own."""

    version: int
    time: str | None
    service: str
    type: str | None
    event_id: str | None
    subject: str | None
    actor: dict[str, str] | None
    summary_zh: str
    summary_en: str
    hash: str


async def timeline(
    connection: Reader, found: Found, names: Names, *, after: int = 0, limit: int = MOST_ENTRIES
) -> list[TimelineEntry]:
    """By time: a chain's own order is only that in which the topics were heard.

    Pages follow the chain: the next one is asked for after the highest version of this one.
    """
    if found.kind == "appeal":
        needle = found.id.encode()
        rows = await connection.fetch(OF_APPEAL, found.chain_key, after, limit, needle)
    else:
        rows = await connection.fetch(OF_CHAIN, found.chain_key, after, limit)
    entries = [entry_of(row, names) for row in rows]
    wanted = found.id if found.kind == "appeal" else None
    shown_here = [one for one in entries if wanted is None or one.subject in {None, wanted}]
    return sorted(shown_here, key=lambda one: (one.time is None, one.time, one.version))


async def heading(connection: Reader, found: Found, *, limit: int = 100) -> dict[str, Any]:
    """What the read model knows of it, and the head of its chain."""
    head = await connection.fetchrow(HEAD, found.chain_key)
    result: dict[str, Any] = {
        "kind": found.kind,
        "id": found.id,
        "chain": {"key": found.chain_key, **(dict(head) if head else {})},
    }
    if found.kind == "appeal":
        row = await connection.fetchrow(APPEAL, found.id)
        result["appeal"] = appeal_of(row) if row else None
    else:
        enterprise = None
        if found.kind == "enterprise":
            enterprise = await connection.fetchrow(ENTERPRISE, found.id)
        result["enterprise"] = dict(enterprise) if enterprise else None
        rows = await connection.fetch(APPEALS, found.chain_key, limit)
        result["appeals"] = [appeal_of(row) for row in rows]
    return result


def appeal_of(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of asyncpg
    """Ids as text, times in Asia/Shanghai, the state in both languages."""
    appeal: dict[str, Any] = {name: shown(value) for name, value in row.items()}
    appeal["state_zh"] = STATE_ZH[OverallState(row["state"])]
    return appeal


def shown(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    return str(value) if isinstance(value, UUID) else value


def entry_of(row: Any, names: Names) -> TimelineEntry:  # noqa: ANN401 - a row of asyncpg
    envelope = outside_of(row["value"])
    line = line_of(envelope, row["value"], names) if envelope else UNREADABLE
    return TimelineEntry(
        version=row["version"],
        time=envelope.time.astimezone(SHANGHAI).isoformat() if envelope else None,
        service=row["service"],
        type=envelope.type if envelope else None,
        event_id=str(envelope.id) if envelope else None,
        subject=envelope.subject if envelope else None,
        actor=actor_of(envelope.actor) if envelope else None,
        summary_zh=line.zh,
        summary_en=line.en,
        hash=row["hash"].hex()[:HASH_DIGITS],
    )


def outside_of(value: bytes) -> Envelope[dict[str, Any]] | None:
    """What every event says of itself, of whatever type it is; None where it is no event."""
    try:
        return OUTSIDE.validate_json(value)
    except ValidationError:
        return None


def line_of(outside: Envelope[Any], value: bytes, names: Names) -> Line:
    try:
        told = decode(outside.type, value)
    except (ValidationError, PoisonError):
        return UNREADABLE
    return UNKNOWN if told is None else summary_of(told.data, names)


def actor_of(actor: Actor) -> dict[str, str]:
    return {"kind": actor.kind, "id": actor.id, "unit": actor.unit}
