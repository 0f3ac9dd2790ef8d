from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import UUID

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from libs.common.ids import DepartmentCode
from libs.common.runtime.credentials import Credential, Gate
from services.sla.api import SlaApi
from services.sla.domain.commands import StartClocks
from tests.integration.sla.clocks import ACCEPTED_AT, BOOK, SERVICE, Clocks, appeal, at, stopped

KEYS = {
    "boss": Credential(unit="qfb", roles=frozenset({"supervisor"}), key_sha256="0" * 64),
    "lead": Credential(unit="ggj", roles=frozenset({"department"}), key_sha256="0" * 64),
    "other": Credential(unit="csj", roles=frozenset({"department"}), key_sha256="0" * 64),
    "firm": Credential(unit="f", roles=frozenset({"firm"}), key_sha256="0" * 64),
}


@pytest.fixture
async def client(clocks: Clocks) -> AsyncIterator[AsyncClient]:
    hashed = {sha256(key.encode()).hexdigest(): one for key, one in KEYS.items()}
    gate = Gate({h: one.model_copy(update={"key_sha256": h}) for h, one in hashed.items()})
    routes = SlaApi(clocks.pool, SERVICE, BOOK, gate, clocks.database.partitions).routes()
    transport = ASGITransport(app=Starlette(routes=routes))
    async with AsyncClient(transport=transport, base_url="http://sla") as client:
        yield client


def url(number: int) -> str:
    return f"/v1/appeals/{appeal(number)}/clocks"


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def test_a_clock_says_when_it_is_due_what_comes_next_and_why(
    clocks: Clocks, client: AsyncClient
) -> None:
    await clocks.start(1, partition=2)
    await clocks.firing().fire_due({2: at("10-08T14:30")})
    answer = (await client.get(url(1), headers=bearer("boss"))).json()
    (clock,) = answer["clocks"]
    assert (clock["clock"], clock["state"]) == ("resolve", "running")
    assert clock["due"] == "2026-10-09T18:00:00+08:00"
    assert [(step["kind"], step["revoked"]) for step in clock["taken"]] == [("warning", False)]
    assert clock["ahead"][0]["kind"] == "urge"
    assert [day["date"] for day in clock["why"]["counted"]] == [
        "2026-09-30",
        "2026-10-08",
        "2026-10-09",
    ]
    assert clock["why"]["policy_version"] == "baoan-2026.1"


async def test_a_stopped_clock_has_nothing_ahead(clocks: Clocks, client: AsyncClient) -> None:
    await clocks.start(1)
    await clocks.take(stopped(1, ACCEPTED_AT))
    (clock,) = (await client.get(url(1), headers=bearer("boss"))).json()["clocks"]
    assert (clock["state"], clock["ahead"]) == ("stopped", [])


async def test_a_department_sees_the_clocks_of_what_it_leads_and_nobody_elses(
    clocks: Clocks, client: AsyncClient
) -> None:
    await clocks.take(
        StartClocks(
            appeal_id=appeal(1),
            clocks=("sign",),
            started_at=ACCEPTED_AT,
            lead=DepartmentCode("ggj"),
        )
    )
    statuses = [
        (await client.get(url(1), headers=bearer(key))).status_code
        for key in ("lead", "other", "firm", "nobody")
    ]
    assert statuses == [200, 404, 403, 401]


@pytest.mark.parametrize("appeal_id", ["not-an-id", str(UUID(int=7))])
async def test_an_unknown_appeal_is_not_found(client: AsyncClient, appeal_id: str) -> None:
    response = await client.get(f"/v1/appeals/{appeal_id}/clocks", headers=bearer("boss"))
    assert (response.status_code, response.json()["code"]) == (404, "unknown_appeal")
