"""How far everything has come, read from the owners' own tables in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg

from libs.common.contracts.classifier import AppealClassified, ReviewRequired
from libs.common.contracts.intake import AppealAccepted
from libs.common.contracts.router import AppealDispatched, RatedAcceptable
from libs.common.contracts.sla import (
    ClocksStarted,
    LevelRaised,
    LimitPassed,
    Notified,
    Supervised,
    Urged,
    WarningRaised,
)
from libs.common.contracts.topics import READS, SERVICES, Topic, topic_of

ESCALATIONS: Final = tuple(
    one.TYPE for one in (WarningRaised, Urged, LimitPassed, Supervised, LevelRaised, Notified)
)
OF_TYPES: Final = """
    SELECT 'type' AS what, type AS name, count(*)::bigint AS number FROM {schema}.events GROUP BY 2
"""
STORED: Final = """
    SELECT 'stored', '{schema}', sum(last_sequence)::bigint FROM {schema}.partition_heads
"""
UNSENT: Final = """
    SELECT 'unsent', '{schema}', sum(h.last_sequence - r.sent_sequence)::bigint
    FROM {schema}.partition_heads h JOIN {schema}.relay_positions r USING (partition)
"""
BEHIND: Final = """
    SELECT 'behind', '{reader}', sum(h.last_sequence - c.last_sequence)::bigint
    FROM {owner}.partition_heads h
    JOIN {reader}.consumer_offsets c ON c.partition = h.partition AND c.topic = '{topic}'
"""
DEAD: Final = """
    SELECT 'dead', '{schema}', count(*)::bigint FROM {schema}.dead_letters WHERE state = 'parked'
"""
OTHERS: Final = f"""
    SELECT 'entries', '', count(*)::bigint FROM dossier.entries WHERE service <> 'dossier'
    UNION ALL SELECT 'repeats', '', coalesce(sum(repeats), 0)::bigint FROM intake.command_answers
    UNION ALL SELECT 'taken', '', sum(next_offset)::bigint FROM intake.consumer_offsets
        WHERE topic = '{Topic.SUBMISSIONS}'
"""  # noqa: S608 - a topic's name


def statement() -> str:
    parts = [OF_TYPES.format(schema=service) for service in SERVICES]
    for service in SERVICES:
        parts += [text.format(schema=service) for text in (STORED, UNSENT, DEAD)]
    for reader in SERVICES:
        for owner in SERVICES:
            if topic_of(owner) in READS[reader]:
                parts.append(BEHIND.format(reader=reader, owner=owner, topic=topic_of(owner)))
    return " UNION ALL ".join([*parts, OTHERS])


COUNT: Final = statement()


@dataclass(frozen=True, slots=True)
class Counts:
    """`taken` counts records of the inbound topic that intake has dealt with."""

    types: Mapping[str, int] = field(default_factory=dict[str, int])
    stored: Mapping[str, int] = field(default_factory=dict[str, int])
    unsent: Mapping[str, int] = field(default_factory=dict[str, int])
    behind: Mapping[str, int] = field(default_factory=dict[str, int])
    dead: Mapping[str, int] = field(default_factory=dict[str, int])
    entries: int = 0
    repeats: int = 0
    taken: int = 0

    def of(self, event: type[Any]) -> int:
        return self.types.get(event.TYPE, 0)

    @property
    def accepted(self) -> int:
        return self.of(AppealAccepted)

    @property
    def classified(self) -> int:
        return self.of(AppealClassified)

    @property
    def in_review(self) -> int:
        return self.of(ReviewRequired)

    @property
    def dispatched(self) -> int:
        return self.of(AppealDispatched)

    @property
    def clocks(self) -> int:
        return self.of(ClocksStarted)

    @property
    def escalations(self) -> int:
        return sum(self.types.get(name, 0) for name in ESCALATIONS)

    @property
    def closed(self) -> int:
        return self.of(RatedAcceptable)

    @property
    def events(self) -> int:
        return sum(self.stored[service] for service in SERVICES if service != "dossier")

    @property
    def lag(self) -> int:
        return sum(self.behind.values()) + sum(self.unsent.values())

    def is_quiet(self, published: int) -> bool:
        """Everything that was published or stored has been read by all who read it."""
        return self.taken >= published and self.lag == 0 and self.entries == self.events


async def count(connection: "asyncpg.Connection[asyncpg.Record]") -> Counts:
    found: dict[str, dict[str, int]] = {}
    for what, name, number in await connection.fetch(COUNT):
        names = found.setdefault(what, {})
        names[name] = names.get(name, 0) + (number or 0)
    return Counts(
        types=found.get("type", {}),
        stored=found["stored"],
        unsent=found["unsent"],
        behind=found["behind"],
        dead=found["dead"],
        entries=found["entries"][""],
        repeats=found["repeats"][""],
        taken=found["taken"][""],
    )


# Each step whose time had come when the import began, and that has no event of its own.
NOT_ESCALATED: Final = """
    SELECT count(*) FROM (
        SELECT e.subject, c->>'clock', c->>'deadline_version', s->>'level'
        FROM sla.events e,
             jsonb_array_elements(convert_from(e.body, 'UTF8')::jsonb #> '{data,clocks}') AS c,
             jsonb_array_elements(c->'steps') AS s
        WHERE e.type = $2 AND (s->>'at')::timestamptz <= $1
        EXCEPT
        SELECT f.subject, f.d->>'clock', f.d->>'deadline_version', f.d->>'level'
        FROM (SELECT subject, convert_from(body, 'UTF8')::jsonb->'data' AS d
              FROM sla.events WHERE type = ANY($3::text[])) AS f) AS missing
"""


async def late_steps_missing(
    connection: "asyncpg.Connection[asyncpg.Record]", as_of: datetime
) -> int:
    missing: int = await connection.fetchval(
        NOT_ESCALATED, as_of, ClocksStarted.TYPE, list(ESCALATIONS)
    )
    return missing
