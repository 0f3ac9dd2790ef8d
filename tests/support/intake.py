"""Intake without Kafka: its HTTP routes on loopback, and its consumer fed by hand."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx

from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Pool
from libs.common.execution.apply import ApplySlices, Outcome
from libs.common.execution.screening import Slice
from libs.common.ids import enterprise_id_of
from libs.common.messaging.consumer import Consumer
from libs.common.observability.metrics import Metrics
from libs.common.runtime.credentials import CREDENTIALS, Credential, Role
from libs.common.runtime.process import Parts, Process
from libs.common.runtime.server import Server
from libs.common.settings import HttpSettings
from libs.common.subscription import Record
from services.intake.app import compose
from tests.support.databases import Database
from tests.support.settings import intake_settings

PRODUCER = "hotline"
OTHER_PRODUCER = "portal"
SLOW_PRODUCER = "slow"
DEPARTMENT = "gxj"
SEATS = "rx"
SUPERVISORS = "dcs"
OFFICERS = "fgj"
FIRE_BRIGADE = "119"
SIGNER = "signer"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - only for tests
USCC = "91440306MA5DEMX00H"
FIRM = enterprise_id_of(USCC)
PER_MINUTE_OF_THE_SLOW = 3


def key_of(unit: str) -> str:
    return f"key-of-{unit}"


def caller(unit: str, role: Role, per_minute: int = 60_000) -> Credential:
    digest = sha256(key_of(unit).encode()).hexdigest()
    return Credential(unit=unit, roles=frozenset({role}), key_sha256=digest, per_minute=per_minute)


def write_credentials(folder: Path) -> Path:
    """Two producers, one with a small rate, and a department that may not submit."""
    callers = [
        caller(PRODUCER, "producer"),
        caller(OTHER_PRODUCER, "producer"),
        caller(SLOW_PRODUCER, "producer", per_minute=PER_MINUTE_OF_THE_SLOW),
        caller(DEPARTMENT, "department"),
        caller(SEATS, "seat"),
        caller(SUPERVISORS, "supervisor"),
        caller(FIRE_BRIGADE, "department"),
        caller(OFFICERS, "officer"),
        caller(str(FIRM), "firm"),
        Credential(unit=SIGNER, roles=frozenset({"producer", "seat"}), signing_secret=SECRET),
    ]
    path = folder / "credentials.json"
    path.write_bytes(CREDENTIALS.dump_json(callers))
    return path


@dataclass(frozen=True)
class Intake:
    database: Database
    parts: Parts
    apply: ApplySlices
    consumer: Consumer
    http: httpx.AsyncClient
    port: int

    async def post(
        self, body: bytes, unit: str = PRODUCER, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return await self.http.post(
            "/v1/appeals",
            content=body,
            headers={"authorization": f"Bearer {key_of(unit)}", **(headers or {})},
        )

    async def submit(self, value: object, unit: str = PRODUCER) -> httpx.Response:
        return await self.post(json.dumps(value).encode(), unit)

    async def take(self, *records: Record) -> Sequence[Outcome]:
        """One slice, as polled; what follows trouble is the consumer's own doing."""
        first = records[0]
        slice_ = Slice(topic=first.topic, partition=first.partition, records=records)
        return await self.consumer.work([slice_])

    async def accepted(self) -> list[str]:
        """The producers' own numbers of what was accepted, in order."""
        rows = await self.database.fetch("SELECT source_id FROM intake.progress ORDER BY source_id")
        return [row["source_id"] for row in rows]

    async def parked(self) -> list[tuple[int, str]]:
        rows = await self.database.fetch(
            'SELECT "offset", reason FROM intake.dead_letters ORDER BY "offset"'
        )
        return [(row["offset"], row["reason"]) for row in rows]


@asynccontextmanager
async def running_intake(
    pool: Pool, database: Database, credentials: Path, screening: Path | None = None
) -> AsyncGenerator[Intake]:
    settings = intake_settings(database).model_copy(
        update={"credentials_file": credentials, "screening_file": screening}
    )
    parts = compose(Process("intake", settings, pool), settings)
    apply = ApplySlices(pool, parts.subscriptions, parts.worker)
    consumer = Consumer(apply, topic_prefix="", metrics=Metrics(), on_appended=lambda _: None)
    server = Server(parts.routes, HttpSettings())
    await server.start()
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{server.port}", timeout=30
        ) as http:
            yield Intake(database, parts, apply, consumer, http, server.port)
    finally:
        await server.stop()


def submission(source_id: str, **changes: object) -> dict[str, object]:
    """One that is accepted, unless `changes` spoil it."""
    return {
        "channel": "hotline",
        "source_id": source_id,
        "occurred_at": "2026-11-03T09:15:20+08:00",
        "text": "我司厂房所在片区连续停电，生产线停摆，请协调供电。",
        "sub_district": "XX",
        **changes,
    }


def sent(value: object, offset: int, headers: Mapping[str, bytes | None] | None = None) -> Record:
    """As a producer would send it by Kafka; bytes are sent as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    named = {"producer_id": PRODUCER.encode()} if headers is None else headers
    return Record(Topic.SUBMISSIONS, 0, offset, b"k", body, named)
