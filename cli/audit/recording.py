"""What a verification found is itself an event, kept as everything else is."""

from typing import Final

import asyncpg

from libs.common.clock import system_clock
from libs.common.contracts.dossier import DossierEvent, FoundBreak, Verified
from libs.common.contracts.envelope import Actor
from libs.common.errors import StreamConflictError
from libs.common.ids import SYSTEM_KEY, random_id
from libs.common.messaging.partitioning import partition_of
from services.dossier.adapters.own_events import OwnEvent, append_own
from services.dossier.adapters.verification import Verdict

AUDITOR: Final = Actor(kind="system", id="appeals-command", unit="audit")
STREAM: Final = "dossier-system-audits"
ATTEMPTS: Final = 5
SEARCH_PATH: Final = {"search_path": "dossier", "application_name": "appeals-audit"}
PARTITIONS: Final = "SELECT count(*) FROM partition_heads"


async def record_fact(dsn: str, event: DossierEvent) -> bool:
    """False where this database user may not write: then the finding stands on paper alone."""
    async with asyncpg.create_pool(
        dsn, min_size=1, max_size=1, server_settings=SEARCH_PATH
    ) as pool:
        partitions: int = await pool.fetchval(PARTITIONS)
        fact = OwnEvent(
            event=event,
            stream_id=STREAM,
            partition=partition_of(SYSTEM_KEY, partitions),
            cause=random_id(),
            actor=AUDITOR,
        )
        for _ in range(ATTEMPTS):
            try:
                async with pool.acquire() as connection, connection.transaction():
                    await append_own(connection, [fact], system_clock())
            except StreamConflictError:
                continue
            except (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError):
                return False
            return True
    return False


def verified(
    verdict: Verdict, *, scope: str, evidence: str, chain_key: str | None = None
) -> Verified:
    first = verdict.breaks[0] if verdict.breaks else None
    return Verified.model_validate(
        {
            "scope": scope,
            "evidence": evidence,
            "chain_key": chain_key,
            "is_whole": verdict.is_whole,
            "chains": verdict.chains,
            "entries": verdict.entries,
            "checkpoints": verdict.checkpoints,
            "size": verdict.covered,
            "root": verdict.root,
            "breaks": verdict.broken,
            "first_break": first
            and FoundBreak(
                kind=first.kind,
                place=first.chain[:400],
                position=max(0, first.version),
                expected=first.expected[:200],
                found=first.found[:200],
            ),
        }
    )
