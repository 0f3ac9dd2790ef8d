"""The negative control: a ledger that could not fail would prove nothing.

Each damage is done as the superuser, with the triggers off, to a copy of what a good run left.
"""

# ruff: noqa: S608 - every name in these statements is ours

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from tests.journey.scenario import Run
from tests.support.fleet import running_fleet
from tests.support.ledger import Ledger, take_ledger
from tests.support.traffic import Traffic, appeals

APPEALS: Final = 200
REPEATED: Final = 4
ACCEPTED: Final = "type = 'intake.appeal-accepted.v1'"
DISPATCH: Final = "type = 'router.appeal-dispatched.v1'"
STARTED: Final = "type = 'sla.clocks-started.v1' AND version = 1"
STEP: Final = "type = 'sla.limit-passed.v1'"
OF_AN_APPEAL: Final = "chain_key <> 'system'"
ONE: Final = "ctid = (SELECT min(ctid) FROM {table} WHERE {which})"


@dataclass(frozen=True)
class Damage:
    """`rule` is part of what the ledger must say; empty where the sum must no longer be right."""

    what: str
    sql: str
    rule: str


def one(table: str, which: str = "true") -> str:
    return ONE.format(table=table, which=which)


def removed(table: str, which: str = "true") -> str:
    return f"DELETE FROM {table} WHERE {one(table, which)}"


def altered(table: str, column: str, which: str = "true") -> str:
    return f"UPDATE {table} SET {column} = {column} || ' ' WHERE {one(table, which)}"


TAKEN_TWICE: Final = f"""
    INSERT INTO sla.events (partition, sequence, stream_id, version, event_id, type, subject,
                            correlation_id, key, body)
    SELECT partition, 900000, stream_id, 900, gen_random_uuid(), type, subject, correlation_id,
           key, body
    FROM sla.events WHERE {one("sla.events", STEP)}
"""
IN_TWO_CHAINS: Final = f"""
    INSERT INTO dossier.entries (chain_key, version, service, partition, sequence, subject, leaf,
                                 hash, value, position)
    SELECT 'system', 900000, service, partition, 900000, subject, leaf, hash, value, 900000
    FROM dossier.entries WHERE {one("dossier.entries", OF_AN_APPEAL)}
"""
CHANGED_EVERYWHERE: Final = f"""
    WITH changed AS (UPDATE router.events SET body = body || ' '
                     WHERE {one("router.events", DISPATCH)} RETURNING partition, sequence, body)
    UPDATE dossier.entries e SET value = c.body FROM changed c
    WHERE e.service = 'router' AND (e.partition, e.sequence) = (c.partition, c.sequence)
"""
DAMAGES: Final = (
    Damage("an appeal lost", removed("intake.events"), "without its source"),
    Damage("a number lost", removed("intake.events"), "intake: the numbers have a gap"),
    Damage(
        "an acceptance lost", removed("intake.events", ACCEPTED), "acknowledged appeal was lost"
    ),
    Damage("a dispatch lost", removed("router.events", DISPATCH), "is nowhere"),
    Damage("an event changed", altered("router.events", "body"), "with other bytes"),
    Damage("an entry lost", removed("dossier.entries"), "missing in the dossier"),
    Damage("an entry lost from its chain", removed("dossier.entries"), "does not verify"),
    Damage("an entry changed", altered("dossier.entries", "value"), "does not verify"),
    Damage("an entry in two chains", IN_TWO_CHAINS, "in two chains"),
    Damage("a file lost", removed("dossier.appeals"), "has no file"),
    Damage("clocks lost", removed("sla.events", STARTED), "has no resolve clock"),
    Damage("a stream cut in the middle", removed("sla.events", STARTED), "versions have a gap"),
    Damage("a step taken twice", TAKEN_TWICE, "a step was taken twice"),
    Damage("a step counted twice", "UPDATE dossier.escalations SET fired = 2", "counts otherwise"),
    Damage("a timer lost", removed("sla.timers"), "a timer is not"),
    Damage(
        "a timer moved",
        f"UPDATE sla.timers SET due_at = due_at + interval '1 s' WHERE {one('sla.timers')}",
        "a timer is not",
    ),
    Damage("a raw text lost", removed("intake.vault"), "the vault holds not exactly"),
    Damage(
        "a reader behind",
        "UPDATE sla.consumer_offsets SET last_sequence = 0 WHERE topic = 'appeals.intake.events'",
        "sla has not read all",
    ),
    Damage(
        "events not sent",
        "UPDATE sla.relay_positions SET sent_sequence = 0",
        "sla: the numbers have a gap, or end elsewhere",
    ),
    Damage("a repeat not counted", "UPDATE intake.command_answers SET repeats = 0", ""),
    Damage("bytes changed in both places", CHANGED_EVERYWHERE, "router: the topic holds other"),
)


async def test_the_ledger_notices_every_kind_of_damage(tmp_path: Path) -> None:
    async with running_fleet(tmp_path) as fleet:
        run = Run(fleet, Traffic(fleet.kafka, appeals(APPEALS, repeated=REPEATED)))
        await run.kill_in_the_middle({})
        await run.until_quiet()
        # A database can be copied only while nobody uses it.
        await fleet.stop()
        whole = await run.ledger()
        unnoticed = [
            damage.what for damage in DAMAGES if not is_noticed(await after(damage, run), damage)
        ]
    assert whole.faults == ()
    assert whole.is_balanced
    assert unnoticed == []


def is_noticed(ledger: Ledger, damage: Damage) -> bool:
    if not damage.rule:
        return not ledger.is_balanced
    return any(damage.rule in rule for rule in ledger.rules_broken)


async def after(damage: Damage, run: Run) -> Ledger:
    dsn, wanted = run.fleet.dsn, run.traffic.appeal_ids
    copy = urlsplit(dsn)._replace(path="/copy").geturl()
    server = await asyncpg.connect(urlsplit(dsn)._replace(path="/postgres").geturl())
    try:
        await server.execute(f"CREATE DATABASE copy TEMPLATE {urlsplit(dsn).path[1:]}")
        await spoil(copy, damage)
        topics = run.fleet.kafka if "topic" in damage.rule else None
        return await take_ledger(copy, topics, sent=APPEALS, wanted=wanted)
    finally:
        await server.execute("DROP DATABASE IF EXISTS copy WITH (FORCE)")
        await server.close()


async def spoil(dsn: str, damage: Damage) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for table in ("intake.events", "router.events", "sla.events", "dossier.entries"):
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        done = await connection.execute(damage.sql)
        assert not done.endswith(" 0"), damage.what
    finally:
        await connection.close()
