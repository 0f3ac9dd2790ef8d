"""What intake holds of a producer's appeals, for comparing it with the producer's own list."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from libs.common.contracts.inbound import Submission
from libs.common.contracts.intake import AppealSubmitted
from libs.common.eventstore.store import Pool
from libs.common.ids import appeal_id_of
from services.intake.domain import submission as prepared

AT_ONCE: Final = 500
OF_IDS: Final = """
    SELECT a.appeal_id, e.body, v.salt
    FROM unnest($1::uuid[]) AS a(appeal_id)
    CROSS JOIN partition_heads h
    CROSS JOIN LATERAL (
        SELECT body FROM events WHERE partition = h.partition
            AND stream_id = 'intake-' || a.appeal_id AND version = 1 AND type = $2
    ) AS e
    LEFT JOIN vault v ON v.appeal_id = a.appeal_id
"""
OF_PRODUCER: Final = """
    SELECT appeal_id, source_id FROM progress WHERE producer_id = $1
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the producer's list; `sub_district` as its code."""

    producer_id: str
    submission: Submission = field(repr=False)
    sub_district: str | None

    @property
    def source_id(self) -> str:
        return self.submission.source_id or ""

    @property
    def appeal_id(self) -> UUID:
        return appeal_id_of(self.submission.channel, self.producer_id, self.source_id)

    @property
    def uscc(self) -> str | None:
        return prepared.uscc(self.submission)


@dataclass(frozen=True, slots=True)
class Held:
    """What the first event says; the salt is gone where the text was erased."""

    submitted_at: datetime
    uscc: str | None
    sub_district: str | None
    commitment: str
    salt: bytes | None = field(repr=False)

    def has_text(self, text: str) -> bool:
        """True too where nobody can tell any more, since the text has been erased."""
        if self.salt is None:
            return True
        found = hmac.digest(self.salt, text.encode(), "sha256").hex()
        return hmac.compare_digest(found, self.commitment)


async def of_ids(pool: Pool, appeal_ids: Sequence[UUID]) -> dict[UUID, Held]:
    found: dict[UUID, Held] = {}
    for start in range(0, len(appeal_ids), AT_ONCE):
        part = appeal_ids[start : start + AT_ONCE]
        for row in await pool.fetch(OF_IDS, part, AppealSubmitted.TYPE):
            found[row["appeal_id"]] = held_of(orjson.loads(row["body"])["data"], row["salt"])
    return found


def held_of(data: dict[str, Any], salt: bytes | None) -> Held:
    submitted_at = datetime.fromisoformat(data["submitted_at"])
    return Held(submitted_at, data["uscc"], data["sub_district"], data["commitment"], salt)


async def of_producer(
    pool: Pool, producer_id: str, channels: Sequence[str], span: tuple[datetime, datetime]
) -> dict[UUID, str]:
    """Numbers of what was submitted by the channels named, from `span`'s start up to its end."""
    rows = await pool.fetch(OF_PRODUCER, producer_id)
    names = {row["appeal_id"]: row["source_id"] for row in rows}
    found: dict[UUID, str] = {}
    ids = list(names)
    for start in range(0, len(ids), AT_ONCE):
        for row in await pool.fetch(OF_IDS, ids[start : start + AT_ONCE], AppealSubmitted.TYPE):
            data = orjson.loads(row["body"])["data"]
            at = datetime.fromisoformat(data["submitted_at"])
            if data["channel"] in channels and span[0] <= at < span[1]:
                found[row["appeal_id"]] = names[row["appeal_id"]]
    return found
