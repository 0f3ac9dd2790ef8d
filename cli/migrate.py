"""Schemas and roles: one schema and one login role a service, and no more rights than it needs."""

import asyncio
import os
import sysconfig
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from libs.common.contracts.topics import SERVICES, ServiceName

OWNER: Final = "appeals_owner"
MIGRATION_LOCK: Final = 0x6170_7065
# What a service may do beside reading and adding; events and dossier entries are never named.
UPDATES: Final[Mapping[ServiceName, Sequence[str]]] = {
    "intake": ("progress", "vault", "vault_supplements", "enterprises", "register_stamp"),
    "classifier": ("readings", "likeness_positions"),
    "router": ("dispatches",),
    "sla": ("timers",),
    "dossier": ("chain_heads", "leaf_heads", "tree_tiles", "appeals", "enterprises", "escalations"),
}
DELETES: Final[Mapping[ServiceName, Sequence[str]]] = {
    "intake": ("vault", "vault_supplements"),
    "classifier": ("likeness_keys",),
    "router": (),
    "sla": ("timers",),
    "dossier": ("appeals", "escalations", "projection_parked"),
}
SHARED_UPDATES: Final = (
    "partition_heads",
    "relay_positions",
    "consumer_offsets",
    "dead_letters",
    "command_answers",
)


class MigrationError(Exception):
    """dbmate refused; its own words are the message."""

    def __init__(self, service: ServiceName, output: bytes) -> None:
        super().__init__(f"{service}: {output.decode(errors='replace').strip()}")


async def migrate(dsn: str, passwords: Mapping[ServiceName, str], *, partitions: int) -> None:
    """Brings every schema up to date; safe to run again and from several places at once.

    `dsn` must be of a role that may create roles. Raises MigrationError.
    """
    admin = await asyncpg.connect(dsn)
    try:
        await admin.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await make_role(admin, OWNER, None)
        for service in SERVICES:
            await make_role(admin, f"appeals_{service}", passwords.get(service))
            await admin.execute(f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {OWNER}")
            await run_dbmate(dsn, service)
            await fill(admin, service, partitions)
            await grant(admin, service)
    finally:
        await admin.close()


async def make_role(
    admin: "asyncpg.Connection[asyncpg.Record]", role: str, password: str | None
) -> None:
    if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        await admin.execute(f"CREATE ROLE {role} NOLOGIN")
    if password is not None:
        # ALTER ROLE takes no parameters, so the server itself quotes the literal.
        quoted: str = await admin.fetchval("SELECT quote_literal($1::text)", password)
        await admin.execute(f"ALTER ROLE {role} LOGIN PASSWORD {quoted}")


async def run_dbmate(dsn: str, service: ServiceName) -> None:
    parts = urlsplit(dsn)
    query = {"sslmode": "disable", **dict(parse_qsl(parts.query))}
    query |= {"search_path": service, "role": OWNER}
    url = urlunsplit(parts._replace(scheme="postgres", query=urlencode(query)))
    with ExitStack() as stack:
        folders = [
            stack.enter_context(as_file(files(package) / "schema"))
            for package in ("libs.common.eventstore", f"services.{service}")
        ]
        arguments = [part for folder in folders if folder.is_dir() for part in ("-d", str(folder))]
        process = await asyncio.create_subprocess_exec(
            Path(sysconfig.get_path("scripts")) / "dbmate",
            *arguments,
            "--no-dump-schema",
            "migrate",
            # In the environment and not on the command line, where every user could read it.
            env={**os.environ, "DATABASE_URL": url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
    if process.returncode != 0:
        raise MigrationError(service, output)


async def fill(
    admin: "asyncpg.Connection[asyncpg.Record]", service: ServiceName, partitions: int
) -> None:
    for table in ("partition_heads", "relay_positions"):
        await admin.execute(
            f"INSERT INTO {service}.{table} (partition) SELECT generate_series(0, $1::int - 1) "
            "ON CONFLICT DO NOTHING",
            partitions,
        )


async def grant(admin: "asyncpg.Connection[asyncpg.Record]", service: ServiceName) -> None:
    role = f"appeals_{service}"
    statements = [
        f"GRANT USAGE ON SCHEMA {service} TO {role}",
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {service} TO {role}",
        f"REVOKE INSERT ON {service}.schema_migrations FROM {role}",
    ]
    statements += [
        f"GRANT UPDATE ON {service}.{table} TO {role}"
        for table in (*SHARED_UPDATES, *UPDATES[service])
    ]
    statements += [f"GRANT DELETE ON {service}.{table} TO {role}" for table in DELETES[service]]
    for statement in statements:
        await admin.execute(statement)
