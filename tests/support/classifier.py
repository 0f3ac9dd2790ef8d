"""The classifier without Kafka: its HTTP routes in memory, its consumer fed by hand."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson

from libs.common.contracts.classifier import Handover
from libs.common.contracts.envelope import Event
from libs.common.contracts.intake import AppealAccepted
from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Pool
from libs.common.execution.apply import ApplySlices, Outcome
from libs.common.execution.screening import Slice
from libs.common.ids import AppealId, EnterpriseId
from libs.common.messaging.consumer import Consumer
from libs.common.observability.metrics import Metrics
from libs.common.runtime.credentials import CREDENTIALS, Credential, Role
from libs.common.runtime.process import Parts, Process
from libs.common.runtime.server import application
from libs.common.subscription import Record
from services.classifier.adapters.model_watch import ModelWatch, built_in_model
from services.classifier.app import compose, model_watch
from tests.support.databases import Database
from tests.support.records import KEY, NOON, appeal, fact
from tests.support.settings import classifier_settings

HOTLINE = "rx"
SUPERVISION = "qdc"
ROLES: Mapping[str, Role] = {HOTLINE: "dispatcher", SUPERVISION: "supervisor", "gxj": "department"}
SURE = "厂里遇到突然停电，找谁"
DOUBTFUL = "各位领导新年快乐"


def key_of(unit: str) -> str:
    return f"key-of-{unit}"


def write_callers(folder: Path) -> Path:
    callers = [
        Credential(
            unit=unit,
            roles=frozenset({role}),
            key_sha256=sha256(key_of(unit).encode()).hexdigest(),
        )
        for unit, role in ROLES.items()
    ]
    path = folder / "credentials.json"
    path.write_bytes(CREDENTIALS.dump_json(callers))
    return path


def handover(accepted_at: datetime = NOON) -> Handover:
    return Handover(
        enterprise_id=None,
        accepted_at=accepted_at,
        channel="hotline",
        kind="request",
        urgency="normal",
        sub_district="XX",
    )


def accepted(
    number: int,
    text: str,
    *,
    enterprise_id: UUID | None = None,
    sub_district: str | None = "XX",
    at: datetime = NOON,
) -> AppealAccepted:
    return AppealAccepted(
        appeal_id=appeal(number),
        enterprise_id=None if enterprise_id is None else EnterpriseId(enterprise_id),
        accepted_at=at,
        channel="hotline",
        kind="request",
        urgency="normal",
        sub_district=sub_district,
        title=text[:20],
        text=text,
    )


@dataclass(frozen=True)
class Running:
    """One classifier on a test's own database; offsets of each topic are counted here."""

    database: Database
    pool: Pool
    process: Process
    parts: Parts
    watch: ModelWatch
    consumer: Consumer
    http: httpx.AsyncClient
    metrics: Metrics
    offsets: dict[Topic, "count[int]"]

    async def hear(self, topic: Topic, event: Event, about: AppealId, key: str = KEY) -> Outcome:
        record = fact(event, offset=next(self.offsets[topic]), subject=about, key=key)
        return await self.take(record._replace(topic=topic))

    async def ask_by_kafka(self, action: object, key: str = KEY) -> Outcome:
        offset = next(self.offsets[Topic.ACTIONS])
        value = orjson.dumps(action)
        return await self.take(Record(Topic.ACTIONS, 0, offset, key.encode(), value, {}))

    async def take(self, record: Record) -> Outcome:
        slice_ = Slice(topic=record.topic, partition=record.partition, records=[record])
        return (await self.consumer.work([slice_]))[-1]

    async def accept(self, number: int, text: str, **more: Any) -> Outcome:  # noqa: ANN401
        event = accepted(number, text, **more)
        return await self.hear(Topic.INTAKE_EVENTS, event, appeal(number))

    async def act(
        self, number: int, action: str, item: str, *, unit: str = HOTLINE, **more: object
    ) -> httpx.Response:
        body = action_of(number, action, item, **more)
        return await self.http.post("/v1/review-actions", json=body, headers=bearer(unit))

    async def queue(self, **query: str | int) -> dict[str, Any]:
        answer = await self.http.get("/v1/reviews", params=query, headers=bearer(HOTLINE))
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def types(self, number: int) -> list[str]:
        rows = await self.database.fetch(
            "SELECT type FROM classifier.events WHERE stream_id = $1 ORDER BY version",
            f"classifier-{appeal(number)}",
        )
        return [row["type"].removeprefix("classifier.") for row in rows]

    async def events(self, type_: str) -> list[dict[str, Any]]:
        rows = await self.database.fetch(
            "SELECT body FROM classifier.events WHERE type = $1 ORDER BY partition, sequence",
            f"classifier.{type_}",
        )
        return [orjson.loads(row["body"]) for row in rows]


def action_of(number: int, action: str, item: str, **more: object) -> dict[str, object]:
    return {
        "action": action,
        "command_id": str(uuid4()),
        "appeal_id": str(appeal(number)),
        "actor": {"kind": "seat", "id": "li-001", "unit": HOTLINE},
        "item": item,
        **more,
    }


def bearer(unit: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key_of(unit)}"}


@asynccontextmanager
async def running(
    database: Database, pool: Pool, model_dir: Path, folder: Path
) -> AsyncGenerator[Running]:
    settings = classifier_settings(database, model_dir, write_callers(folder))
    process = Process("classifier", settings, pool)
    watch = model_watch(process, settings, built_in_model(model_dir))
    parts = compose(process, settings, watch)
    apply = ApplySlices(pool, parts.subscriptions, parts.worker)
    consumer = Consumer(apply, topic_prefix="", metrics=Metrics(), on_appended=lambda _: None)
    transport = httpx.ASGITransport(app=application(parts.routes))
    offsets = {topic: count() for topic in parts.subscriptions}
    async with httpx.AsyncClient(transport=transport, base_url="http://classifier") as http:
        yield Running(database, pool, process, parts, watch, consumer, http, Metrics(), offsets)
