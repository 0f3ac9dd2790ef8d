"""Checkpoints at intervals, by whichever copy of the dossier is first."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import structlog

from libs.common.clock import Clock
from libs.common.errors import RetryableError
from libs.common.eventstore.store import Connection, Pool
from services.dossier.adapters.checkpointing import Signer
from services.dossier.adapters.tree_store import all_notes
from services.dossier.adapters.witness_files import write_notes
from services.dossier.domain.note import NoteError
from services.dossier.domain.ordering import GapError

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# The schema's own table names the lock: deployments share a server.
TRY_LOCK: Final = "SELECT pg_try_advisory_lock('checkpoints'::regclass::oid::int, 0)"
UNLOCK: Final = "SELECT pg_advisory_unlock('checkpoints'::regclass::oid::int, 0)"
TROUBLE: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, RetryableError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """`folder` is where copies for a witness are put, if anywhere."""

    pool: Pool
    signer: Signer
    clock: Clock
    every_s: float
    folder: Path | None
    appended: Callable[[Iterable[int]], None]

    async def run(self) -> None:
        """For ever. Trouble is told and tried again: what is chained stays as it is meanwhile."""
        while True:
            try:
                await self.sign_once()
            except GapError as error:
                log.error("checkpoint_refused", reason="gap", detail=str(error))
            except NoteError as error:
                log.error("checkpoint_refused", reason="last_checkpoint", detail=str(error))
            except TROUBLE as error:
                log.warning("checkpoint_delayed", error=type(error).__name__)
            await asyncio.sleep(self.every_s)

    async def sign_once(self) -> bool:
        """False where there was nothing to sign, or another copy was at it."""
        async with self.pool.acquire() as connection:
            if not await connection.fetchval(TRY_LOCK):
                return False
            try:
                return await self.sign(connection)
            finally:
                await connection.execute(UNLOCK)

    async def sign(self, connection: Connection) -> bool:
        event = await self.signer.sign_next(connection, self.clock())
        if event is not None:
            self.appended(range(self.signer.partitions))
            log.info("checkpoint_signed", number=event.number, size=event.size)
        if self.folder is not None:
            notes = [(event.number, event.note)] if event else await all_notes(connection)
            await asyncio.to_thread(write_notes, self.folder, notes)
        return event is not None
