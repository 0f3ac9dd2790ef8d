"""Records in, entries and read models out. It is no decider: the dossier only remembers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from libs.common.contracts.topics import READS, Topic
from libs.common.eventstore.store import Connection
from libs.common.execution.apply import Worked
from libs.common.subscription import Record
from services.dossier.adapters.chain_store import lock_and_chain, write_chained
from services.dossier.domain.chain import Digest
from services.dossier.read_model.projection import project

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# None takes every event: a dossier that skipped a type could not prove that it holds them all.
EVERY_EVENT: Final[dict[Topic, None]] = dict.fromkeys(READS["dossier"])


@dataclass(frozen=True, slots=True)
class KeepRecords:
    """Parks nothing, ever: what can not be read is chained and its read model stands still."""

    digest: Digest

    async def __call__(
        self, connection: Connection, records: Sequence[Record], /, *, heads_first: bool
    ) -> Worked:
        chained = await lock_and_chain(connection, self.digest, records)
        for stop in await project(connection, chained.entries, chained.parked):
            log.error("projection_parked", chain=stop.chain_key, reason=stop.reason)
        await write_chained(connection, chained)
        return Worked()
