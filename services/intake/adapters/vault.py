"""Raw texts and contact data, and nothing of it anywhere else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from libs.common.contracts.inbound import Submission
from libs.common.contracts.intake import AppealEvent
from libs.common.contracts.intake_vault import PersonalDataErased, VaultEvent
from libs.common.contracts.intake_words import VaultField
from libs.common.eventstore.store import Connection, Pool
from libs.common.execution.decision import Applied
from services.intake.domain.commands import IntakeCommand, SubmitAppeal, SupplySupplement
from services.intake.domain.masking import KnownPersons
from services.intake.domain.submission import known_persons
from services.intake.domain.vault import VaultCommand

COLUMNS: Final = ("appeal_id", "raw", "salt", "search_keys")
SUPPLEMENTS: Final = ("appeal_id", "command_id", "raw", "salt")
# Locked until the disclosure is written: what is erased meanwhile is not shown.
READ: Final = "SELECT raw FROM vault WHERE appeal_id = $1 FOR SHARE"
ADD_KEYS: Final = "UPDATE vault SET search_keys = search_keys || $2 WHERE appeal_id = $1"
CONTACT: Final = "SELECT raw FROM vault WHERE appeal_id = $1"
READ_SUPPLEMENTS: Final = """
    SELECT raw FROM vault_supplements WHERE appeal_id = $1 ORDER BY stored_at FOR SHARE
"""
ERASE: Final = "DELETE FROM vault WHERE appeal_id = ANY($1::uuid[])"
ERASE_SUPPLEMENTS: Final = "DELETE FROM vault_supplements WHERE appeal_id = ANY($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the vault holds of one appeal."""

    submission: Submission = field(repr=False)
    supplements: tuple[str, ...] = field(repr=False)

    def fields(self, shown: Sequence[VaultField]) -> dict[str, Any]:
        return {name: self.value(name) for name in shown}

    def value(self, name: VaultField) -> str | list[str] | None:
        contact = self.submission.contact
        match name:
            case "text":
                return self.submission.text
            case "title":
                return self.submission.title
            case "supplements":
                return list(self.supplements)
            case "contact.name":
                return contact.name if contact else None
            case "contact.phone":
                return contact.phone if contact else None
            case "contact.email":
                return contact.email if contact else None


async def keep(
    connection: Connection, applied: Sequence[Applied[IntakeCommand, AppealEvent]]
) -> None:
    """In the transaction of the event that commits to it, so neither is without the other."""
    rows: list[tuple[Any, ...]] = []
    supplements: list[tuple[Any, ...]] = []
    keys: list[tuple[Any, ...]] = []
    for one in applied:
        command = one.request.command
        if not one.events:
            continue
        if isinstance(command, SubmitAppeal):
            rows.append((command.appeal_id, command.raw, command.salt, command.search_keys))
        elif isinstance(command, SupplySupplement):
            asked = command.asked
            supplements.append((asked.appeal_id, asked.command_id, command.raw, command.salt))
            keys.append((asked.appeal_id, command.search_keys))
    if rows:
        await connection.copy_records_to_table("vault", columns=COLUMNS, records=rows)
    if supplements:
        await connection.copy_records_to_table(
            "vault_supplements", columns=SUPPLEMENTS, records=supplements
        )
        await connection.executemany(ADD_KEYS, keys)


async def read(connection: Connection, appeal_id: UUID) -> Kept | None:
    """None where nothing is kept, or nothing any more."""
    raw = await connection.fetchval(READ, appeal_id)
    if raw is None:
        return None
    rows = await connection.fetch(READ_SUPPLEMENTS, appeal_id)
    supplements = tuple(row["raw"].decode() for row in rows)
    return Kept(Submission.model_validate_json(raw), supplements)


async def persons_of(pool: Pool, appeal_id: UUID) -> KnownPersons:
    """Whom masking must know in what is added later. Nobody is shown it, so no disclosure."""
    raw = await pool.fetchval(CONTACT, appeal_id)
    return KnownPersons() if raw is None else known_persons(Submission.model_validate_json(raw))


async def project(
    connection: Connection, applied: Sequence[Applied[VaultCommand, VaultEvent]], /
) -> None:
    """Erasure, in the transaction of the event that tells of it."""
    erased = [
        new.event.appeal_id
        for one in applied
        for new in one.events
        if isinstance(new.event, PersonalDataErased)
    ]
    if erased:
        await connection.execute(ERASE, erased)
        await connection.execute(ERASE_SUPPLEMENTS, erased)
