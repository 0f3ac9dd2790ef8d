"""From what a person types to one appeal or one enterprise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

import asyncpg

from libs.common.ids import enterprise_id_of

Reader: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)
BY_ID: Final = """
    SELECT 'appeal' AS kind, appeal_id::text AS id, chain_key FROM appeals WHERE appeal_id = $1
    UNION ALL
    SELECT 'enterprise', enterprise_id::text, enterprise_id::text FROM enterprises
    WHERE enterprise_id = $1
    UNION ALL
    SELECT 'chain', chain_key, chain_key FROM chain_heads WHERE chain_key = $1::uuid::text
    LIMIT 1
"""
BY_WORDS: Final = """
    SELECT 'appeal' AS kind, appeal_id::text AS id, chain_key FROM appeals WHERE source_id = $1
    UNION ALL
    SELECT 'enterprise', enterprise_id::text, enterprise_id::text FROM enterprises
    WHERE enterprise_id = $2 OR name = $1
    LIMIT 11
"""
BY_PART: Final = """
    SELECT 'enterprise' AS kind, enterprise_id::text AS id, enterprise_id::text AS chain_key
    FROM enterprises WHERE position($1 IN name) > 0 ORDER BY name LIMIT 11
"""
CHAIN: Final = (
    "SELECT 'chain' AS kind, chain_key AS id, chain_key FROM chain_heads WHERE chain_key = $1"
)
MOST_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A chain alone is what neither an appeal nor an enterprise is known of."""

    kind: Literal["appeal", "enterprise", "chain"]
    id: str
    chain_key: str


class NotFoundError(LookupError):
    """Nothing here is known by that id, number or name. Does not repeat it."""

    def __init__(self) -> None:
        super().__init__(
            "没有找到。请核对诉求编号、来源编号、统一社会信用代码或企业名称。 / nothing found: "
            "check the appeal's id or source number, or the enterprise's code or name."
        )


class AmbiguousError(LookupError):
    """Several are known by it; `ids` names up to ten of them."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.ids = tuple(one.id for one in found[:MOST_NAMED])
        super().__init__(
            f"有多个匹配，请改用编号： / several match, use one of these ids: {', '.join(self.ids)}"
        )


async def find(connection: Reader, wanted: str) -> Found:
    """By id, source number, code, or name, whole or a part. Raises the two errors above."""
    text = wanted.strip().replace("\0", "")
    if (identity := uuid_of(text)) is not None:
        return only(await connection.fetch(BY_ID, identity))
    rows = await connection.fetch(BY_WORDS, text, enterprise_id_of(text.upper()))
    rows = rows or await connection.fetch(CHAIN, text)
    return only(rows or (await connection.fetch(BY_PART, text) if text else []))


def only(rows: Sequence[Any]) -> Found:
    found = [Found(row["kind"], row["id"], row["chain_key"]) for row in rows]
    if not found:
        raise NotFoundError
    if len(found) > 1:
        raise AmbiguousError(found)
    return found[0]


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
