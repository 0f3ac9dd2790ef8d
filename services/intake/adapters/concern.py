"""Who an appeal's personal data concerns: its lead, its officer, and how confidential it is."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from libs.common.contracts.intake import AppealLinked, AppealSubmitted, ConfidentialitySet
from libs.common.contracts.intake_words import Confidentiality
from libs.common.eventstore.store import Connection
from services.intake.adapters.standing import Place
from services.intake.domain.access import Role

FACTS: Final = """
    SELECT type, body FROM events
    WHERE partition = $1 AND stream_id = $2 AND type = ANY($3::text[]) ORDER BY version
"""
LEAD: Final = "SELECT lead FROM progress WHERE appeal_id = $1"
OFFICER: Final = "SELECT officer_id FROM enterprises WHERE enterprise_id = $1"
TYPES: Final = (AppealSubmitted.TYPE, AppealLinked.TYPE, ConfidentialitySet.TYPE)


@dataclass(frozen=True, slots=True)
class Concern:
    place: Place
    confidentiality: Confidentiality
    lead: str | None
    officers: frozenset[str]

    def is_of(self, role: Role, unit: str, person: str) -> bool:
        """Seats, supervisors and callback agents serve all appeals."""
        if role == "department":
            return self.lead is not None and unit == self.lead
        return role != "officer" or person in self.officers


async def find_concern(connection: Connection, appeal_id: UUID, place: Place) -> Concern:
    """From intake's own events, and from what it has heard of the dispatch."""
    stream = f"intake-{appeal_id}"
    rows = await connection.fetch(FACTS, place.partition, stream, TYPES)
    facts: list[tuple[str, dict[str, Any]]] = [
        (row["type"], orjson.loads(row["body"])["data"]) for row in rows
    ]
    confidentiality: Confidentiality = "normal"
    enterprise_id: str | None = None
    officers: set[str] = set()
    for event_type, data in facts:
        if event_type == ConfidentialitySet.TYPE:
            confidentiality = data["confidentiality"]
        else:
            enterprise_id = data["enterprise_id"] or enterprise_id
            officers |= {data["officer_id"]} if data.get("officer_id") else set()
    if enterprise_id is not None:
        row = await connection.fetchrow(OFFICER, UUID(enterprise_id))
        # The register is newer than the submission: a relieved officer is shown nothing more.
        if row is not None:
            officers = {row["officer_id"]} - {None}
    lead = await connection.fetchval(LEAD, appeal_id)
    return Concern(place, confidentiality, lead, frozenset(officers))
