"""What someone with every right on the database might do, and how he would cover it up."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

from libs.common.eventstore.store import Connection
from services.dossier.domain.chain import digest_of, hash_of, leaf_of
from services.dossier.domain.checkpoint import parse_checkpoint
from services.dossier.domain.note import SigningKey, parse_note, sign

SHA256: Final = digest_of("sha256")
ENTRY: Final = "SELECT * FROM entries WHERE service <> 'dossier' ORDER BY partition, position"
OFFSETS: Final = """
    UPDATE consumer_offsets c SET last_sequence = coalesce((
        SELECT max(sequence) FROM entries e
        WHERE c.topic LIKE '%.' || e.service || '.%' AND c.partition = e.partition), 0)
    WHERE c.topic NOT LIKE '%.dossier.%'
"""
COUNTS: Final = """
    UPDATE leaf_heads h SET count = coalesce(
        (SELECT max(position) FROM entries e WHERE e.partition = h.partition), 0)
"""


@dataclass(frozen=True, slots=True)
class Thief:
    """`key` is one of his own making: the real one is not in the database."""

    connection: Connection
    dice: Random
    key: SigningKey

    async def entries(self) -> list[Any]:
        return list(await self.connection.fetch(ENTRY))

    async def pick(self) -> Any:  # noqa: ANN401 - a row
        return self.dice.choice(await self.entries())

    async def put(self, row: Any, **fields: object) -> None:  # noqa: ANN401 - a row
        """Changes one entry, found by its source."""
        names = list(fields)
        changes = ", ".join(f"{name} = ${n}" for n, name in enumerate(names, start=4))
        await self.connection.execute(
            f"UPDATE entries SET {changes} WHERE service = $1 AND partition = $2 AND sequence = $3",  # noqa: S608 - names of columns
            row["service"],
            row["partition"],
            row["sequence"],
            *fields.values(),
        )

    async def drop(self, row: Any) -> None:  # noqa: ANN401 - a row
        await self.connection.execute(
            "DELETE FROM entries WHERE partition = $1 AND position = $2",
            row["partition"],
            row["position"],
        )

    async def cover_up(self, *keys: str) -> None:
        """Leaves, hashes, versions and heads of these chains made anew, counts and offsets too."""
        for key in keys:
            rows = await self.connection.fetch(
                "SELECT * FROM entries WHERE chain_key = $1 ORDER BY position", key
            )
            previous = bytes(32)
            for number, row in enumerate(rows, start=1):
                leaf = leaf_of(
                    SHA256, row["service"], row["partition"], row["sequence"], row["value"]
                )
                previous = hash_of(SHA256, previous, number, leaf)
                await self.put(row, version=100_000 + number, leaf=leaf, hash=previous)
            await self.connection.execute(
                "UPDATE entries SET version = version - 100000 WHERE chain_key = $1", key
            )
            await self.connection.execute(
                "UPDATE chain_heads SET version = $2, hash = $3 WHERE chain_key = $1",
                key,
                len(rows),
                previous,
            )
        await self.connection.execute(COUNTS)
        await self.connection.execute(OFFSETS)


Attack: TypeAlias = Callable[[Thief], Awaitable[None]]


async def flip_a_bit(thief: Thief) -> None:
    row = await thief.pick()
    column = thief.dice.choice(["value", "leaf", "hash"])
    old: bytes = row[column]
    place = thief.dice.randrange(len(old))
    new = old[:place] + bytes([old[place] ^ 1 << thief.dice.randrange(8)]) + old[place + 1 :]
    await thief.put(row, **{column: new})


async def change_a_field_and_all_hashes(thief: Thief) -> None:
    row = await thief.pick()
    value: bytes = row["value"]
    await thief.put(row, value=value.replace(b'"2026-03-02', b'"2026-03-03', 1) or b"x")
    if b'"2026-03-02' not in value:
        await thief.put(row, value=value + b" ")
    await thief.cover_up(row["chain_key"])


async def remove_the_tail(thief: Thief) -> None:
    row = await thief.pick()
    rows = [one for one in await thief.entries() if one["partition"] == row["partition"]]
    for one in rows[-thief.dice.randrange(1, len(rows)) :]:
        await thief.drop(one)
    await thief.cover_up(*{one["chain_key"] for one in rows})


async def remove_from_the_middle(thief: Thief) -> None:
    row = await thief.pick()
    await thief.drop(row)
    rows = await thief.connection.fetch(
        "SELECT * FROM entries WHERE partition = $1 AND position > $2 ORDER BY position",
        row["partition"],
        row["position"],
    )
    for one in rows:
        await thief.put(one, position=one["position"] - 1)
    await thief.cover_up(row["chain_key"])


async def swap_two(thief: Thief) -> None:
    first = await thief.pick()
    others = [
        one
        for one in await thief.entries()
        if one["partition"] == first["partition"] and one["position"] != first["position"]
    ]
    second = thief.dice.choice(others)
    await thief.put(first, position=10**9)
    await thief.put(second, position=first["position"])
    await thief.put(first, position=second["position"])
    await thief.cover_up(first["chain_key"], second["chain_key"])


async def replay_old_bytes(thief: Thief) -> None:
    row = await thief.pick()
    others = [one for one in await thief.entries() if one["value"] != row["value"]]
    await thief.put(row, value=thief.dice.choice(others)["value"])
    await thief.cover_up(row["chain_key"])


async def move_to_another_chain(thief: Thief) -> None:
    row = await thief.pick()
    keys = {one["chain_key"] for one in await thief.entries()} - {row["chain_key"]}
    other = thief.dice.choice(sorted(keys))
    await thief.put(row, chain_key=other, version=90_000)
    await thief.cover_up(row["chain_key"], other)


async def invent_an_entry(thief: Thief) -> None:
    rows = await thief.entries()
    row = thief.dice.choice(rows)
    same = [one for one in rows if one["partition"] == row["partition"]]
    last = max(one["sequence"] for one in same if one["service"] == row["service"])
    await thief.connection.execute(
        "INSERT INTO entries (chain_key, version, service, partition, sequence, leaf, hash, value, "
        "position) VALUES ($1, 80000, $2, $3, $4, '', '', $5, $6)",
        row["chain_key"],
        row["service"],
        row["partition"],
        last + 1,
        row["value"],
        max(one["position"] for one in same) + 1,
    )
    await thief.cover_up(row["chain_key"])


async def forge_a_checkpoint(thief: Thief) -> None:
    notes = await thief.connection.fetch("SELECT number, note FROM checkpoints ORDER BY number")
    row = thief.dice.choice(notes)
    text = parse_note(row["note"]).text
    old = parse_checkpoint(text)
    changed = text.replace(f"chains {old.chains} ", f"chains {old.chains + 1} ", 1)
    written = row["note"].replace(text, changed)
    if thief.dice.random() < 0.5:
        written = sign(changed, [thief.key])
    await thief.connection.execute(
        "UPDATE checkpoints SET note = $1 WHERE number = $2", written, row["number"]
    )


async def fork_the_tree(thief: Thief) -> None:
    """Another past, every hash and every checkpoint to match, signed by a key of his own."""
    await change_a_field_and_all_hashes(thief)
    for row in await thief.connection.fetch("SELECT number, note FROM checkpoints"):
        text = parse_note(row["note"]).text
        await thief.connection.execute(
            "UPDATE checkpoints SET note = $1 WHERE number = $2",
            sign(text, [thief.key]),
            row["number"],
        )


async def roll_back_to_a_backup(thief: Thief) -> None:
    """Everything as it was at an earlier checkpoint: nothing in the database itself is wrong."""
    notes = await thief.connection.fetch("SELECT number, note FROM checkpoints ORDER BY number")
    row = thief.dice.choice(notes[:-1])
    counts = parse_checkpoint(parse_note(row["note"]).text).counts
    for partition, count in enumerate(counts):
        await thief.connection.execute(
            "DELETE FROM entries WHERE partition = $1 AND position > $2", partition, count
        )
    await thief.connection.execute("DELETE FROM checkpoints WHERE number > $1", row["number"])
    keys = await thief.connection.fetch("SELECT chain_key FROM chain_heads")
    await thief.cover_up(*(one["chain_key"] for one in keys))
    await thief.connection.execute("DELETE FROM chain_heads WHERE version = 0")


async def change_a_services_own_table(thief: Thief) -> None:
    service = thief.dice.choice(["intake", "router"])
    row = thief.dice.choice(
        await thief.connection.fetch(f"SELECT partition, sequence FROM {service}.events")  # noqa: S608 - ours
    )
    change = thief.dice.choice(
        ["UPDATE {}.events SET body = body || ' '", "DELETE FROM {}.events"]
    ).format(service)
    await thief.connection.execute(
        f"{change} WHERE partition = $1 AND sequence = $2", row["partition"], row["sequence"]
    )


ATTACKS: Final[Mapping[str, Attack]] = {
    "flip a bit": flip_a_bit,
    "change a field, recompute the hashes": change_a_field_and_all_hashes,
    "remove the tail": remove_the_tail,
    "remove from the middle": remove_from_the_middle,
    "swap two": swap_two,
    "replay old bytes": replay_old_bytes,
    "move to another chain": move_to_another_chain,
    "invent an entry": invent_an_entry,
    "forge a checkpoint": forge_a_checkpoint,
    "fork the tree": fork_the_tree,
    "roll back to a backup": roll_back_to_a_backup,
    "change a service's table, not the dossier": change_a_services_own_table,
}
