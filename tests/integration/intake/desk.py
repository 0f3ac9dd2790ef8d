"""What people at intake do, in one line each."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import orjson

from libs.common.contracts.topics import Topic
from libs.common.ids import appeal_id_of
from libs.common.subscription import Record
from tests.support.intake import (
    DEPARTMENT,
    FIRE_BRIGADE,
    FIRM,
    OFFICERS,
    PRODUCER,
    SEATS,
    SUPERVISORS,
    Intake,
    key_of,
    submission,
)

UNITS = {
    "seat": SEATS,
    "supervisor": SUPERVISORS,
    "officer": OFFICERS,
    "firm": str(FIRM),
    "producer": PRODUCER,
    "department": DEPARTMENT,
}


@dataclass
class Desk:
    intake: Intake
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def letter(self, source_id: str, **changes: object) -> UUID:
        """A letter that a seat must read; answers with its id."""
        value = submission(source_id, channel="letter", **changes)
        answer = await self.intake.submit(value)
        assert answer.status_code == 202, answer.text
        return appeal_id_of("letter", PRODUCER, source_id)

    def action(
        self, name: str, appeal_id: UUID, by: str = "seat", **values: object
    ) -> dict[str, Any]:
        """`by` is a kind of actor, or a kind and a person with a colon between."""
        kind, _, person = by.partition(":")
        unit = values.pop("unit", UNITS[kind])
        return {
            "action": name,
            "command_id": f"c{next(self.numbers)}",
            "appeal_id": str(appeal_id),
            "actor": {"kind": kind, "id": person or "p1", "unit": unit},
            **values,
        }

    async def post(self, path: str, value: object, unit: str) -> httpx.Response:
        return await self.intake.http.post(
            path, json=value, headers={"authorization": f"Bearer {key_of(unit)}"}
        )

    async def get(self, path: str, unit: str) -> httpx.Response:
        return await self.intake.http.get(path, headers={"authorization": f"Bearer {key_of(unit)}"})

    async def act(
        self, name: str, appeal_id: UUID, by: str = "seat", **values: object
    ) -> httpx.Response:
        action = self.action(name, appeal_id, by, **values)
        return await self.post("/v1/intake/actions", action, action["actor"]["unit"])

    async def does(self, name: str, appeal_id: UUID, by: str = "seat", **values: object) -> None:
        """Like `act`, and it must be taken."""
        answer = await self.act(name, appeal_id, by, **values)
        assert answer.status_code == 202, answer.text

    async def by_kafka(
        self, action: dict[str, Any], key: str, partition: int, offset: int, **headers: bytes
    ) -> None:
        value = json.dumps(action).encode()
        await self.intake.take(
            Record(Topic.ACTIONS, partition, offset, key.encode(), value, headers)
        )

    async def types(self, appeal_id: UUID, stream: str = "intake") -> list[str]:
        """Names of the events of one stream, in order."""
        rows = await self.intake.database.fetch(
            "SELECT type FROM intake.events WHERE stream_id = $1 ORDER BY version",
            f"{stream}-{appeal_id}",
        )
        return [row["type"].split(".")[1] for row in rows]

    async def last(self, stream_id: str) -> dict[str, Any]:
        """The last event's envelope."""
        rows = await self.intake.database.fetch(
            "SELECT body FROM intake.events WHERE stream_id = $1 ORDER BY version DESC LIMIT 1",
            stream_id,
        )
        envelope: dict[str, Any] = orjson.loads(rows[0]["body"])
        return envelope

    async def place(self, appeal_id: UUID) -> tuple[int, str]:
        rows = await self.intake.database.fetch(
            "SELECT partition, key FROM intake.events WHERE stream_id = $1 LIMIT 1",
            f"intake-{appeal_id}",
        )
        return rows[0]["partition"], rows[0]["key"].decode()

    async def stage(self, appeal_id: UUID) -> str:
        answer = await self.get(f"/v1/appeals/{appeal_id}", PRODUCER)
        stage: str = answer.json()["stage"]
        return stage


__all__ = ["FIRE_BRIGADE", "Desk"]
