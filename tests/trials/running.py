"""Attacks on a filled database, each undone again: which were found, and where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.audit.everywhere import Comparison
from libs.common.eventstore.store import Connection, Pool
from libs.common.subscription import Record
from services.dossier.adapters.checkpointing import Signer
from services.dossier.adapters.verification import Task, Whole
from services.dossier.domain.note import SigningKey
from services.dossier.domain.witness import Trust
from services.dossier.handlers import KeepRecords
from tests.integration.dossier.keeping import keep
from tests.support.databases import Database
from tests.trials.attacks import ATTACKS, SHA256, Thief
from tests.unit.dossier import life
from tests.unit.dossier.life import Journal, appeal_number

ORIGIN: Final = "appeals.example/dossier"
NOW: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEYS: Final = [f"00000000-0000-0000-0000-0000000000{n:02x}" for n in range(6)]
ROUNDS: Final = 4
APPEALS: Final = 8
STORE: Final = """
    INSERT INTO {service}.events (partition, sequence, stream_id, version, event_id, type, subject,
                                  correlation_id, key, body)
    VALUES ($1, $2, $3, 1, $4, $5, 'any', $4, $6, $7)
"""


@dataclass(slots=True)
class Table:
    """By attack: how often it was tried, how often found, and by what."""

    tried: Counter[str] = field(default_factory=Counter[str])
    found: Counter[str] = field(default_factory=Counter[str])
    by: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    clean: int = 0
    false_alarms: int = 0

    def text(self) -> str:
        lines = [f"{'attack':<44}{'tried':>7}{'found':>7}  first found by"]
        for name in ATTACKS:
            kinds = ", ".join(
                f"{kind} {n}" for kind, n in self.by.get(name, Counter()).most_common()
            )
            lines.append(f"{name:<44}{self.tried[name]:>7}{self.found[name]:>7}  {kinds}")
        lines.append(f"{'all':<44}{self.tried.total():>7}{self.found.total():>7}")
        lines.append(
            f"{'nothing done to it':<44}{self.clean:>7}{self.false_alarms:>7}  false alarms"
        )
        return "\n".join(lines)


@dataclass(slots=True)
class Trials:
    """One filled database. `journals` number what comes next, for clean runs."""

    pool: Pool
    key: SigningKey
    journals: list[Journal]
    copies: list[tuple[str, str]]

    async def verdict(self, connection: Connection) -> str | None:
        """What is found first, or None."""
        trust = Trust(keys=[self.key.verifier], now=NOW)
        whole = await Whole(connection, "sha256", Task(trust=trust, copies=self.copies)).verdict()
        if whole.breaks:
            return whole.breaks[0].kind
        comparison = Comparison(connection, None)
        await comparison.run()
        return comparison.breaks.found[0].kind if comparison.breaks.found else None

    async def attack(self, name: str, dice: Random) -> str | None:
        thief_key = SigningKey(ORIGIN, Ed25519PrivateKey.generate())
        async with self.pool.acquire() as connection:
            undone = connection.transaction()
            await undone.start()
            try:
                await ATTACKS[name](Thief(connection, dice, thief_key))
                return await self.verdict(connection)
            finally:
                await undone.rollback()

    async def run_clean(self, dice: Random) -> str | None:
        """After some more appeals, of which no checkpoint knows yet."""
        async with self.pool.acquire() as connection:
            undone = connection.transaction()
            await undone.start()
            try:
                records = records_of(fresh(self.journals), range(900, 900 + dice.randrange(1, 9)))
                await KeepRecords(SHA256)(connection, records, heads_first=False)
                await store(connection, records)
                await connection.execute(
                    "UPDATE consumer_offsets c SET last_sequence = last_sequence + n FROM "
                    "(SELECT unnest($1::text[]) AS topic, unnest($2::smallint[]) AS partition, "
                    "unnest($3::bigint[]) AS n) AS r "
                    "WHERE c.topic = r.topic AND c.partition = r.partition",
                    *counted(records),
                )
                return await self.verdict(connection)
            finally:
                await undone.rollback()


def fresh(journals: Sequence[Journal]) -> list[Journal]:
    return [Journal(one.partition, dict(one.last)) for one in journals]


def counted(records: Sequence[Record]) -> tuple[list[str], list[int], list[int]]:
    numbers = Counter((str(one.topic), one.partition) for one in records)
    places = list(numbers)
    return [t for t, _ in places], [p for _, p in places], [numbers[place] for place in places]


def records_of(journals: Sequence[Journal], numbers: range) -> list[Record]:
    return [
        journal.record(one(appeal_number(n)), appeal_number(n), key=KEYS[(2 * place + n % 2)])
        for n in numbers
        for place, journal in enumerate(journals)
        for one in (life.submitted, life.accepted, life.dispatched)
    ]


async def store(connection: Connection, records: Sequence[Record]) -> None:
    """As the services' own tables would hold them."""
    for record in records:
        await connection.execute(
            STORE.format(service=record.topic.split(".")[1]),
            record.partition,
            int(record.text("sequence") or 0),
            f"stream-{record.text('sequence')}",
            record.text("ce_id"),
            record.text("ce_type"),
            record.key,
            record.value,
        )


async def fill(database: Database, pool: Pool) -> Trials:
    """`pool` has every right, and the triggers are off: that much the thief has already."""
    key = SigningKey(ORIGIN, Ed25519PrivateKey.generate())
    signer = Signer("sha256", [key], database.partitions)
    journals = [Journal(partition=p) for p in range(3)]
    for round_ in range(ROUNDS):
        records = records_of(journals, range(round_ * APPEALS, (round_ + 1) * APPEALS))
        await keep(pool, records)
        async with pool.acquire() as connection, connection.transaction():
            await store(connection, records)
        async with pool.acquire() as connection:
            await signer.sign_next(connection, NOW - timedelta(minutes=60 - round_))
    # What the dossier has said of the tree itself stays out: its relay does not run here.
    for table in ("dossier.entries", "dossier.checkpoints", "intake.events", "router.events"):
        name = table.split(".")[1]
        await pool.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}_append_only")
    notes = await pool.fetch("SELECT number, note FROM checkpoints ORDER BY number")
    copies = [(f"checkpoint-{row['number']}.txt", row["note"]) for row in notes]
    return Trials(pool, key, journals, copies)


async def run_trials(database: Database, attacks: int, clean: int, seed: int) -> Table:
    table, dice, names = Table(), Random(seed), list(ATTACKS)  # noqa: S311 - to be repeatable
    await database.name_topics("dossier")
    async with asyncpg.create_pool(
        database.admin_dsn, min_size=1, server_settings={"search_path": "dossier"}
    ) as pool:
        trials = await fill(database, pool)
        for number in range(attacks):
            name = names[number % len(names)]
            kind = await trials.attack(name, dice)
            table.tried[name] += 1
            if kind is not None:
                table.found[name] += 1
                table.by.setdefault(name, Counter())[kind] += 1
        for _ in range(clean):
            table.clean += 1
            table.false_alarms += await trials.run_clean(dice) is not None
    return table
