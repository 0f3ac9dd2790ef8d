"""The router's HTTP with everybody's keys, and facts from its neighbours without a broker."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx

from libs.common.clock import system_clock
from libs.common.eventstore.store import Pool
from libs.common.execution.apply import ApplySlices
from libs.common.execution.screening import Slice
from libs.common.runtime.process import Process
from libs.common.runtime.server import application
from libs.common.subscription import Record
from services.router.app import compose
from tests.support.databases import Database
from tests.support.records import KEY
from tests.support.settings import router_settings

OTHER_FIRM: Final = "00000000-0000-0000-0000-0000000000ff"
CALLERS: Final = (
    ("department", "gdj"),
    ("department", "gxj"),
    ("department", "zjj"),
    ("dispatcher", "rx"),
    ("arbiter", "rx"),
    ("callback", "rx"),
    ("supervisor", "qdc"),
    ("inspector", "qdc"),
    ("firm", KEY),
    ("firm", OTHER_FIRM),
)
KINDS: Final = {"callback": "seat"}


def key_of(role: str, unit: str) -> str:
    return f"{role}/{unit}"


@dataclass
class Desk:
    http: httpx.AsyncClient
    apply: ApplySlices
    database: Database
    asked: int = 0

    async def hear(self, *records: Record) -> None:
        for record in records:
            await self.apply(
                [Slice(topic=record.topic, partition=record.partition, records=[record])]
            )

    async def ask(
        self, action: str, appeal_id: UUID, role: str, unit: str, **fields: object
    ) -> httpx.Response:
        """By that unit in that role, with a key of its own and a new command id."""
        self.asked += 1
        body: dict[str, Any] = {
            "action": action,
            "command_id": f"c-{self.asked}",
            "appeal_id": str(appeal_id),
            "actor": {"kind": KINDS.get(role, role), "id": "p1", "unit": unit},
            **fields,
        }
        if role == "department" and action != "add-co-handler":
            body = {"department": unit, **body}
        return await self.post(body, key_of(role, unit))

    async def post(self, body: dict[str, Any], key: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}"}
        return await self.http.post("/v1/actions", json=body, headers=headers)

    async def row(self, appeal_id: UUID) -> dict[str, Any]:
        (row,) = await self.database.fetch(
            "SELECT state, lead, co_handlers, version, key FROM router.dispatches "
            "WHERE appeal_id = $1",
            appeal_id,
        )
        return dict(row)

    async def types(self, appeal_id: UUID) -> list[str]:
        rows = await self.database.fetch(
            "SELECT type FROM router.events WHERE subject = $1 ORDER BY version", str(appeal_id)
        )
        return [row["type"].removeprefix("router.").removesuffix(".v1") for row in rows]


def write_credentials(folder: Path, callers: Sequence[tuple[str, str]] = CALLERS) -> Path:
    path = folder / "credentials.json"
    rows = [
        {
            "unit": unit,
            "roles": [role],
            "key_sha256": sha256(key_of(role, unit).encode()).hexdigest(),
        }
        for role, unit in callers
    ]
    path.write_text(json.dumps(rows))
    return path


@asynccontextmanager
async def open_desk(database: Database, pool: Pool, folder: Path) -> AsyncGenerator[Desk]:
    settings = router_settings(database).model_copy(
        update={"credentials_file": write_credentials(folder)}
    )
    parts = compose(Process("router", settings, pool, system_clock), settings)
    transport = httpx.ASGITransport(app=application(parts.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://router") as http:
        yield Desk(http, ApplySlices(pool, parts.subscriptions, parts.worker), database)
