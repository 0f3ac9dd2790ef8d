"""Was anything lost, doubled or changed? Answered from the databases and the topics alone."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from libs.common.contracts.topics import Topic, topic_of
from libs.common.settings import KafkaSettings
from services.dossier.adapters.verification import verify
from tests.support.ledger_rules import RULES, STEPS, VIEWS, WRITERS
from tests.support.published import read_topic

COUNTS: Final = f"""
    SELECT count(*) AS accepted, coalesce(sum(dispatched), 0)::int AS dispatched,
           coalesce(sum(review), 0)::int AS review, coalesce(sum(parked), 0)::int AS parked_later,
           (SELECT count(*) FROM intake.dead_letters
            WHERE state = 'parked' AND topic = '{Topic.SUBMISSIONS}') AS parked_at_once,
           (SELECT coalesce(sum(repeats), 0)::int FROM intake.command_answers) AS repeats,
           (SELECT count(*) FROM all_events) AS events,
           (SELECT count(*) FROM sla.timers) AS timers,
           (SELECT count(*) FROM sla_data WHERE type IN ({STEPS})) AS steps
    FROM places
"""  # noqa: S608 - names of ours
MOST_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that does not hold, and some of the rows that break it."""

    rule: str
    rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """`resent` counts records that the relays sent more than once, which readers skip."""

    sent: int
    refused: int
    accepted: int
    dispatched: int
    review: int
    parked: int
    repeats: int
    events: int
    entries: int
    chains: int
    timers: int
    steps: int
    resent: int
    faults: tuple[Fault, ...]

    @property
    def is_balanced(self) -> bool:
        ends = self.dispatched + self.review + self.parked + self.refused + self.repeats
        return self.sent == ends

    @property
    def rules_broken(self) -> set[str]:
        return {fault.rule for fault in self.faults}

    def as_text(self) -> str:
        return (
            f"sent {self.sent} = dispatched {self.dispatched} + review {self.review} + parked "
            f"{self.parked} + refused {self.refused} + repeats {self.repeats}; events "
            f"{self.events}, entries {self.entries}, chains {self.chains}, timers {self.timers}, "
            f"steps {self.steps}, resent {self.resent}, faults {len(self.faults)}"
        )


async def take_ledger(
    dsn: str,
    kafka: KafkaSettings | None,
    *,
    sent: int,
    refused: int = 0,
    wanted: Collection[str] | None = None,
) -> Ledger:
    """`wanted` are the appeals that must have been accepted, no more and no fewer.

    Without `kafka` the topics are not read.
    """
    connection = await asyncpg.connect(dsn)
    try:
        # One snapshot for every rule: timers may fire meanwhile.
        async with connection.transaction(isolation="repeatable_read"):
            await connection.execute(VIEWS)
            faults = await broken_rules(connection)
            faults += await not_as_wanted(connection, wanted)
            counts: Any = await connection.fetchrow(COUNTS)
            resent, changed = await compare_topics(connection, kafka) if kafka else (0, [])
            verdict = await chains_of(dsn)
            faults += [*changed, *verdict[2]]
    finally:
        await connection.close()
    return Ledger(
        sent=sent,
        refused=refused,
        accepted=counts["accepted"],
        dispatched=counts["dispatched"],
        review=counts["review"],
        parked=counts["parked_later"] + counts["parked_at_once"],
        repeats=counts["repeats"],
        events=counts["events"],
        entries=verdict[1],
        chains=verdict[0],
        timers=counts["timers"],
        steps=counts["steps"],
        resent=resent,
        faults=tuple(faults),
    )


async def broken_rules(connection: "asyncpg.Connection[asyncpg.Record]") -> list[Fault]:
    found: list[Fault] = []
    for rule, query in RULES.items():
        rows = [row[0] for row in await connection.fetch(query)]
        if rows:
            found.append(fault(rule, rows))
    return found


def fault(rule: str, rows: Collection[str]) -> Fault:
    return Fault(rule, len(rows), tuple(sorted(rows)[:MOST_EXAMPLES]))


async def not_as_wanted(
    connection: "asyncpg.Connection[asyncpg.Record]", wanted: Collection[str] | None
) -> list[Fault]:
    if wanted is None:
        return []
    accepted = {row["subject"] for row in await connection.fetch("SELECT subject FROM places")}
    lost, surplus = set(wanted) - accepted, accepted - set(wanted)
    found = (("an acknowledged appeal was lost", lost), ("an appeal nobody sent is there", surplus))
    return [fault(rule, rows) for rule, rows in found if rows]


async def chains_of(dsn: str) -> tuple[int, int, list[Fault]]:
    """Chains, entries, and what `appeals verify` would name."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": "dossier"})
    try:
        verdict = await verify(connection)
    finally:
        await connection.close()
    breaks = [f"{one.kind} {one.chain} #{one.version}" for one in verdict.breaks]
    faults = [fault("a chain does not verify", breaks)] if breaks else []
    return verdict.chains, verdict.entries, faults


async def compare_topics(
    connection: "asyncpg.Connection[asyncpg.Record]", kafka: KafkaSettings
) -> tuple[int, list[Fault]]:
    """How often a record was sent again, and where a topic is not what its service stored."""
    resent, faults = 0, list[Fault]()
    for name in WRITERS:
        published = await read_topic(kafka, topic_of(name))
        rows = await connection.fetch(
            f"SELECT partition, sequence, key, body FROM {name}.events"  # noqa: S608
        )
        stored = {(r["partition"], r["sequence"]): (r["key"], r["body"]) for r in rows}
        resent += len(published.records) - len(stored)
        missing = stored.keys() - published.numbers
        other = {
            record.number
            for record in published.records
            if stored.get(record.number) != (record.key, record.value)
        }
        found = (
            (f"{name}: an event was not published", missing),
            (f"{name}: the topic holds other bytes, or what was never stored", other),
            (f"{name}: the topic's first copies are not in order", published.out_of_order()),
        )
        faults += [fault(rule, [f"{p}/{n}" for p, n in where]) for rule, where in found if where]
    return resent, faults
