"""An appeal's life and its reasons by HTTP, now and as of a moment."""

from collections.abc import AsyncGenerator
from datetime import datetime
from hashlib import sha256

import httpx
import pytest
from starlette.applications import Starlette

from cli.documents.dossier_answers import LifeOfAppeal, ReasonsOfAppeal
from libs.calendar.days import SHANGHAI
from libs.common.eventstore.store import Pool
from libs.common.runtime.credentials import Credential, Gate
from services.dossier.adapters.names import catalogue_names
from services.dossier.api import DossierApi
from tests.integration.dossier.keeping import keep
from tests.integration.dossier.telling import records_of
from tests.unit.dossier.life import ENTERPRISE
from tests.unit.dossier.story import APPEAL, happy

AUDITOR = "auditor-key"
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
async def client(pool: Pool) -> AsyncGenerator[httpx.AsyncClient]:
    await keep(pool, records_of(happy()))
    caller = Credential(
        unit="audit",
        roles=frozenset({"auditor"}),
        key_sha256=sha256(AUDITOR.encode()).hexdigest(),
    )
    gate = Gate({caller.key_sha256: caller})
    api = DossierApi(pool, gate, catalogue_names(), clock=lambda: NOW)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=api.routes())),
        base_url="http://dossier",
        headers={"authorization": f"Bearer {AUDITOR}"},
    ) as client:
        yield client


async def test_a_life_is_told_as_its_description_promises(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/appeals/{APPEAL}/life")
    life = LifeOfAppeal.model_validate_json(answer.content)
    assert (life.state, life.state_zh) == ("CLOSED", "已结案")
    assert [one.due.isoformat() for one in life.clocks] == ["2026-03-05T18:00:00+08:00"]
    assert sum(one.working_seconds for one in life.ledger.segments) == life.ledger.working_seconds
    assert {(one.unit, one.id) for one in life.actors} >= {("gxj", "zhang"), ("rx", "reviewer-1")}
    assert {one.subject for one in life.reasons} >= {"classification", "dispatch", "deadline"}


async def test_a_life_can_be_asked_for_as_of_a_moment(client: httpx.AsyncClient) -> None:
    at = "2026-03-03T10:00:00+08:00"
    answer = await client.get(f"/v1/appeals/{APPEAL}/life", params={"at": at})
    life = LifeOfAppeal.model_validate_json(answer.content)
    assert (life.state, life.at.isoformat()) == ("IN_PROGRESS", at)
    assert life.ledger.segments[-1].is_open


async def test_the_future_is_answered_with_what_is_known_now(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/appeals/{APPEAL}/life", params={"at": "2199-01-01"})
    assert LifeOfAppeal.model_validate_json(answer.content).at == NOW


async def test_one_event_can_be_asked_for(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/appeals/{APPEAL}/why", params={"event": "dispatch"})
    (reason,) = ReasonsOfAppeal.model_validate_json(answer.content).reasons
    assert reason.event.type == "router.appeal-dispatched.v1"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/v1/appeals/{APPEAL}/life?at=soon", 422, "bad_moment"),
        (f"/v1/appeals/{APPEAL}/life?at=2026-03-03T10:00:00", 422, "bad_moment"),
        (f"/v1/appeals/{APPEAL}/life?at=2020-01-01", 404, "not_found"),
        (f"/v1/appeals/{APPEAL}/why?event=nothing", 404, "not_found"),
        (f"/v1/appeals/{ENTERPRISE}/life", 404, "not_found"),
        ("/v1/appeals/nobody/life", 404, "not_found"),
    ],
)
async def test_a_refusal_says_why_in_both_languages(
    client: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message_zh"]
    assert answer.json()["message_en"]
