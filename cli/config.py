"""`appeals config`: the settings in effect, with every secret hidden."""

import json
import os
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.options import AsJson
from cli.reach import CommandSettings

HIDDEN: Final = "******"
SECRET_WORDS: Final = ("KEY", "PASSWORD", "SECRET", "TOKEN")
FILE_NAME: Final = "_FILE"
PREFIX: Final = "APPEALS_"


def config(
    *,
    as_json: AsJson = False,
) -> None:
    """当前生效的配置，密钥隐藏。The settings in effect, secrets hidden."""
    rows = effective(CommandSettings(), os.environ)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("设置 setting", "值 value", "来源 from", box=None, padding=(0, 2, 0, 0))
    for name, row in rows.items():
        table.add_row(name, Text(str(row["value"])), row["from"])
    Console(highlight=False).print(table)


def effective(settings: CommandSettings, environment: Mapping[str, str]) -> dict[str, Any]:
    """Every known setting, and every APPEALS_ variable beside them, by name."""
    known = {
        "APPEALS_STATE_DIR": str(settings.state_dir.absolute()),
        "APPEALS_KAFKA__BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
        "APPEALS_KAFKA__TOPIC_PREFIX": settings.kafka.topic_prefix,
        "APPEALS_KAFKA__PARTITIONS": str(settings.kafka.partitions),
        "APPEALS_POSTGRES__DSN": settings.postgres.dsn.get_secret_value(),
        "APPEALS_POSTGRES__POOL_SIZE": str(settings.postgres.pool_size),
    }
    values = known | {n: v for n, v in environment.items() if n.startswith(PREFIX)}
    return {
        name: {
            "value": shown(name, value),
            "from": "environment" if name in environment else "default",
        }
        for name, value in sorted(values.items())
    }


def shown(name: str, value: str) -> str:
    if name.endswith("DSN"):
        return without_password(value)
    is_secret = any(word in name for word in SECRET_WORDS) and not name.endswith(FILE_NAME)
    return HIDDEN if is_secret and value else value


def without_password(dsn: str) -> str:
    """Hidden whole where it is no address: then nobody knows which part is the password."""
    try:
        parts = urlsplit(dsn)
        place = f"{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return HIDDEN
    if not parts.scheme or not parts.hostname:
        return HIDDEN
    user = f"{parts.username}:{HIDDEN}@" if parts.username else ""
    # A query may hold a password too.
    query = HIDDEN if parts.query else ""
    return parts._replace(netloc=user + place, query=query).geturl()
