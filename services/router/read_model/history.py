"""What has happened to an appeal since somebody last looked."""

from datetime import datetime
from typing import Final

from libs.common.eventstore.store import Pool

SINCE: Final = """
    SELECT version, type, recorded_at FROM events
    WHERE partition = $1 AND stream_id = $2 AND version > $3 ORDER BY version LIMIT 100
"""


async def changed_since(
    pool: Pool, partition: int, stream_id: str, version: int
) -> list[dict[str, object]]:
    rows = await pool.fetch(SINCE, partition, stream_id, version)
    return [
        {"version": row["version"], "type": row["type"], "at": said(row["recorded_at"])}
        for row in rows
    ]


def said(time: datetime) -> str:
    return time.isoformat()
