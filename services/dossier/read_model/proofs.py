"""What a copy names so that it can be checked: the chains it came from, and where they stood."""

from collections.abc import Iterable
from typing import Final

from services.dossier.domain.sheets.row import Row
from services.dossier.domain.sheets.sheet import Table
from services.dossier.domain.sheets.views import View
from services.dossier.read_model.finding import Reader

HEADS: Final = """
    SELECT chain_key, version, encode(hash, 'hex') AS hash, (SELECT algorithm FROM chain_format)
    FROM chain_heads WHERE chain_key = ANY($1::text[]) ORDER BY chain_key
"""
HOW: Final = (
    "每条链哈希由前一条与本条原始字节算得，可用 appeals verify 核对 / each chain hash is made from "
    "the one before and the entry's own bytes: check by `appeals verify` or a bundle"
)


HIDDEN: Final = "〔隐去〕"
COLUMNS: Final = (
    "链 chain",
    "末次引用序号 last entry used",
    "该条哈希 its hash",
    "链头序号 head",
    "链头哈希 head hash",
    "算法 algorithm",
)


async def proof_of(connection: Reader, rows: Iterable[Row], view: View) -> Table:
    """The head of every chain that the copy draws from, and its last entry that the copy used.

    A chain's key is its enterprise's id, so a copy that hides the firm hides the key too.
    """
    used: dict[str, tuple[int, str]] = {}
    hidden: set[str] = set()
    for row in rows:
        if view.hides_firm(row.who):
            hidden.add(row.life.chain_key)
        for one in row.life.happenings:
            if one.version > used.get(one.chain_key, (0, ""))[0]:
                used[one.chain_key] = (one.version, one.hash)
    heads = await connection.fetch(HEADS, sorted(used))
    return Table(
        title_zh="证明",
        title_en="Proof",
        columns=COLUMNS,
        rows=[
            (
                HIDDEN if row["chain_key"] in hidden else row["chain_key"],
                *used[row["chain_key"]],
                row["version"],
                row["hash"],
                row["algorithm"],
            )
            for row in heads
        ],
    )
