"""One appeal's clocks for those who ask: its own stream is short enough to be the read model."""

from collections.abc import Iterable
from typing import Final

from libs.common.eventstore.store import Pool, StoredBody
from libs.common.ids import AppealId

# The asker names no partition; each one is a single probe of the index.
READ_STREAM: Final = """
    SELECT type, body FROM events
    WHERE partition = ANY($1::smallint[]) AND stream_id = $2 ORDER BY version
"""


async def read_clocks(
    pool: Pool, partitions: Iterable[int], appeal_id: AppealId
) -> list[StoredBody]:
    rows = await pool.fetch(READ_STREAM, list(partitions), f"sla-{appeal_id}")
    return [(row["type"], row["body"]) for row in rows]
