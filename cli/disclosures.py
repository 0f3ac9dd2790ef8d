"""`appeals disclosures`: who has read personal data of an appeal, for what, and what was erased."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import asyncpg
import orjson
import typer
from rich.console import Console
from rich.text import Text

from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from cli.reach import servers_here
from libs.calendar.days import SHANGHAI
from libs.common.contracts.dossier import Disclosed, Exported
from libs.common.contracts.intake_vault import PersonalDataErased, VaultDisclosed
from services.dossier.read_model.finding import AmbiguousError, Found, NotFoundError, find

SEARCH_PATH: Final = {"search_path": "dossier", "application_name": "appeals-disclosures"}
# What concerns the appeal itself, and what concerns the whole file that it stands in.
ENTRIES: Final = """
    SELECT version, type, value FROM entries
    WHERE chain_key = $1 AND type = ANY($2::text[]) AND ($3::text IS NULL OR subject = $3)
    ORDER BY version
"""
TYPES: Final = (VaultDisclosed.TYPE, PersonalDataErased.TYPE, Disclosed.TYPE, Exported.TYPE)
MINUTE: Final = 16  # characters of an ISO time up to its minutes


def disclosures(
    *,
    wanted: Annotated[str, typer.Argument(help="诉求编号、工单号或企业。Appeal, number or firm.")],
    as_json: AsJson = False,
) -> None:
    """谁、为何、看过哪些字段。Who has read which fields of an appeal, and for what."""
    rows = asyncio.run(read(servers_here().dsn, wanted))
    if as_json:
        typer.echo(orjson.dumps({"disclosures": rows}).decode())
        return
    console = Console(highlight=False)
    if not rows:
        console.print("没有查阅记录。 nobody has read it.")
    for row in rows:
        console.print(Text(line_of(row)), soft_wrap=True)


async def read(dsn: str, wanted: str) -> list[dict[str, Any]]:
    """From the audited chain, in its order. Raises CommandError where nothing is known."""
    connection = await asyncpg.connect(dsn, server_settings=SEARCH_PATH, timeout=10)
    try:
        found = await find(connection, wanted)
        subject = found.id if found.kind == "appeal" else None
        rows = await connection.fetch(ENTRIES, found.chain_key, TYPES, subject)
    except (NotFoundError, AmbiguousError) as error:
        zh, _, en = str(error).partition(" / ")
        raise CommandError(zh, en, code=USAGE) from error
    finally:
        await connection.close()
    return [row_of(found, row["version"], orjson.loads(row["value"])) for row in rows]


def row_of(found: Found, version: int, envelope: Mapping[str, Any]) -> dict[str, Any]:
    data = envelope["data"]
    return {
        "version": version,
        "time": envelope["time"],
        "type": envelope["type"],
        "appeal_id": data.get("appeal_id") or (found.id if found.kind == "appeal" else None),
        "actor": envelope["actor"],
        "purpose": data.get("purpose") or data.get("legal_basis"),
        "fields": data.get("fields", []),
        "withheld": data.get("withheld", []),
        "reason": data.get("reason"),
        "fingerprint": data.get("fingerprint"),
    }


def line_of(row: Mapping[str, Any]) -> str:
    who = f"{row['actor']['unit']}·{row['actor']['id']}"
    what = "、".join(row["fields"]) or row["reason"] or row["fingerprint"] or "-"
    kind = row["type"].split(".")[1]
    time = datetime.fromisoformat(row["time"]).astimezone(SHANGHAI).isoformat(" ")[:MINUTE]
    return f"#{row['version']}  {time}  {who}  {kind}  {row['purpose']}  {what}"
