"""Records in, entries and read models out. It is no decider: the dossier only remembers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from libs.common.contracts.topics import READS, Topic
from libs.common.eventstore.store import Connection
from libs.common.execution.apply import Worked
from libs.common.execution.screening import TYPE
from libs.common.subscription import Record, name_of
from services.dossier.adapters.chain_store import lock_and_chain, write_chained
from services.dossier.adapters.own_events import NO_LEAVES
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
        leaves = [record for record in records if is_leaf(record)]
        chained = await lock_and_chain(connection, self.digest, leaves)
        for stop in await project(connection, chained.entries, chained.parked):
            log.error("projection_parked", chain=stop.chain_key, reason=stop.reason)
        await write_chained(connection, chained)
        return Worked()


def is_leaf(record: Record) -> bool:
    """All but what the dossier itself says of the tree."""
    return (
        record.topic is not Topic.DOSSIER_EVENTS
        or name_of(record.text(TYPE) or "") not in NO_LEAVES
    )
