"""What people get to see: by HTTP, and by the commands `show` and `verify`."""

import json
from collections.abc import AsyncGenerator
from hashlib import sha256
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from cli.show import show_command
from cli.verify import Asked, verify_command
from libs.common.contracts.topics import Topic
from libs.common.eventstore.store import Pool
from libs.common.runtime.credentials import Credential, Gate
from services.dossier.adapters.names import catalogue_names
from services.dossier.adapters.verification import NO_TRUST
from services.dossier.api import DossierApi
from tests.integration.dossier.keeping import keep
from tests.unit.dossier import life
from tests.unit.dossier.life import ENTERPRISE, NAME, USCC, Journal, appeal_number

KEY = str(ENTERPRISE)
APPEAL = appeal_number(1)
ALONE = appeal_number(3)
EVENTS = (life.submitted, life.accepted, life.classified, life.dispatched, life.limit_passed)
AUDITOR, PRODUCER = "auditor-key", "producer-key"


def credential(key: str, role: str) -> Credential:
    return Credential.model_validate(
        {"unit": role, "roles": [role], "key_sha256": sha256(key.encode()).hexdigest()}
    )


@pytest.fixture
async def kept(pool: Pool) -> Pool:
    """Two appeals of one firm, and one of nobody known."""
    journal = Journal()
    records = [journal.record(event(APPEAL), APPEAL) for event in EVENTS]
    second = appeal_number(2)
    records.append(journal.record(life.submitted(second, source_id="GD000002"), second))
    alone = life.submitted(ALONE, source_id="GD000003").model_copy(update={"enterprise_id": None})
    records.append(journal.record(alone, ALONE, key=str(ALONE)))
    await keep(pool, records)
    return pool


@pytest.fixture
async def client(kept: Pool) -> AsyncGenerator[httpx.AsyncClient]:
    callers = [credential(AUDITOR, "auditor"), credential(PRODUCER, "producer")]
    gate = Gate({one.key_sha256: one for one in callers})
    app = Starlette(routes=DossierApi(kept, gate, catalogue_names()).routes())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://dossier",
        headers={"authorization": f"Bearer {AUDITOR}"},
    ) as client:
        yield client


@pytest.mark.parametrize("wanted", [KEY, USCC, USCC.lower(), NAME, "虚构样例"])
async def test_an_enterprise_is_found_by_id_code_name_or_part_of_it(
    client: httpx.AsyncClient, wanted: str
) -> None:
    body = (await client.get(f"/v1/dossiers/{wanted}")).json()
    assert (body["kind"], body["id"]) == ("enterprise", KEY)
    assert (body["enterprise"]["appeals"], body["enterprise"]["open"]) == (2, 2)
    assert [one["version"] for one in body["timeline"]] == [1, 2, 3, 4, 5, 6]
    assert body["chain"]["version"] == 6


@pytest.mark.parametrize("wanted", [str(APPEAL), "GD000001"])
async def test_an_appeal_shows_its_own_events_with_actor_hash_and_local_time(
    client: httpx.AsyncClient, kept: Pool, wanted: str
) -> None:
    body = (await client.get(f"/v1/appeals/{wanted}/timeline")).json()
    assert [one["type"] for one in body["timeline"]] == [
        "classifier.appeal-classified.v1",
        "intake.appeal-submitted.v1",
        "intake.appeal-accepted.v1",
        "router.appeal-dispatched.v1",
        "sla.limit-passed.v1",
    ]
    assert {one["subject"] for one in body["timeline"]} == {str(APPEAL)}
    first = body["timeline"][0]
    assert first["time"] == "2026-03-02T09:01:00+08:00"
    assert first["actor"] == {"kind": "department", "id": "officer-7", "unit": "gxj"}
    stored = await kept.fetchval("SELECT encode(hash, 'hex') FROM entries WHERE version = 1")
    assert stored.startswith(first["hash"])
    assert (body["appeal"]["state"], body["appeal"]["state_zh"]) == ("DISPATCHED", "已派单待签收")
    assert (body["appeal"]["escalations"], body["appeal"]["highest_level"]) == (1, 2)


async def test_an_event_that_only_mentions_an_appeal_is_not_one_of_its_own(
    client: httpx.AsyncClient, pool: Pool
) -> None:
    journal, other = Journal(partition=2), appeal_number(6)
    mention = life.submitted(other, source_id="GD6", title=f"see {APPEAL}")
    await keep(pool, [journal.record(mention, other)])
    body = (await client.get(f"/v1/appeals/{APPEAL}/timeline")).json()
    assert {one["subject"] for one in body["timeline"]} == {str(APPEAL)}
    assert len(body["timeline"]) == len(EVENTS)


async def test_people_read_events_in_the_order_in_which_they_happened(
    client: httpx.AsyncClient, pool: Pool
) -> None:
    journal, other = Journal(partition=2), appeal_number(5)
    events = [life.submitted(other, source_id="GD5"), life.classified(other), life.signed(other)]
    records = [journal.record(event, other, minute=n) for n, event in enumerate(events)]
    await keep(pool, records)
    body = (await client.get("/v1/appeals/GD5/timeline")).json()
    assert [one["service"] for one in body["timeline"]] == ["intake", "classifier", "router"]
    # The classifier's topic was heard first, and the chain keeps that order for ever.
    assert [one["version"] for one in body["timeline"]] == [8, 7, 9]


async def test_an_appeal_without_an_enterprise_has_a_file_of_its_own(
    client: httpx.AsyncClient,
) -> None:
    body = (await client.get(f"/v1/dossiers/{ALONE}")).json()
    assert (body["kind"], body["chain"]["key"]) == ("appeal", str(ALONE))
    assert len(body["timeline"]) == 1


async def test_a_long_timeline_comes_in_pages(client: httpx.AsyncClient) -> None:
    body = (await client.get(f"/v1/dossiers/{KEY}?after=2&limit=2")).json()
    assert [one["version"] for one in body["timeline"]] == [3, 4]


async def test_the_summary_counts_each_appeal_once(client: httpx.AsyncClient) -> None:
    body = (await client.get("/v1/summary")).json()
    assert (body["appeals"], body["dispatched"], body["overdue"]) == (3, 1, 1)
    assert (body["enterprises"], body["chains"], body["entries"]) == (1, 2, 7)
    assert sum(one["appeals"] for one in body["by_state"]) == 3
    assert body["by_category"] == [{"name": "FIN", "appeals": 1}]
    assert body["by_lead"] == [{"name": "gxj", "appeals": 1}]
    level = {"clock": "resolve", "level": 2, "kind": "limit-passed", "escalations": 1, "late": 0}
    assert body["escalations_by_level"] == [level]


@pytest.mark.parametrize(
    ("path", "key", "status", "code"),
    [
        ("/v1/dossiers/nobody", AUDITOR, 404, "not_found"),
        (f"/v1/dossiers/{UUID(int=5)}", AUDITOR, 404, "not_found"),
        ("/v1/dossiers/a%00b", AUDITOR, 404, "not_found"),
        (f"/v1/dossiers/{KEY}?after=x", AUDITOR, 422, "bad_number"),
        (f"/v1/dossiers/{KEY}?limit=0", AUDITOR, 422, "bad_number"),
        (f"/v1/dossiers/{KEY}?after={2**63}", AUDITOR, 422, "bad_number"),
        (f"/v1/dossiers/{KEY}", PRODUCER, 403, "forbidden"),
        ("/v1/summary", "wrong", 401, "unauthorized"),
    ],
)
async def test_a_refusal_says_why_in_both_languages(
    client: httpx.AsyncClient, path: str, key: str, status: int, code: str
) -> None:
    answer = await client.get(path, headers={"authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message_zh"]
    assert answer.json()["message_en"]


async def test_a_number_that_two_appeals_share_names_both(
    client: httpx.AsyncClient, kept: Pool
) -> None:
    journal, other = Journal(partition=2), appeal_number(4)
    await keep(kept, [journal.record(life.submitted(other), other)])
    answer = await client.get("/v1/appeals/GD000001/timeline")
    assert answer.status_code == 409
    assert set(answer.json()["ids"]) == {str(APPEAL), str(other)}


async def test_show_prints_what_happened(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await show_command(dsn, str(APPEAL), as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "已派单待签收 DISPATCHED" in lines[1]
    assert any("诉求提交：贷款（hotline）" in line for line in lines)
    assert await show_command(dsn, KEY, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["enterprise"]["name"] == NAME


async def test_show_tells_of_bytes_that_it_can_not_read(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = Journal(partition=2)
    await keep(kept, [journal.raw(Topic.SLA_EVENTS, b"\xff", "sla.urged.v1", key=KEY.encode())])
    assert await show_command(dsn, KEY, as_json=False) == 0
    out = capsys.readouterr().out
    assert "无法读取" in out.splitlines()[-1]
    assert "读模型停在第 7 条（undecodable）" in out


async def verify_by_name(dsn: str, wanted: str, *, as_json: bool) -> int:
    asked = Asked(dsn=dsn, trust=NO_TRUST, enterprise=wanted, as_json=as_json)
    return await verify_command(asked)


@pytest.mark.parametrize("command", [show_command, verify_by_name])
async def test_a_command_says_that_nothing_is_known_by_a_name(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str], command: type
) -> None:
    assert await command(dsn, "nobody", as_json=False) == 2
    assert "nothing found" in capsys.readouterr().err


@pytest.mark.parametrize("command", [show_command, verify_by_name])
async def test_a_command_says_that_the_database_is_down(
    capsys: pytest.CaptureFixture[str], command: type
) -> None:
    assert await command("postgresql://127.0.0.1:1/none", "x", as_json=False) == 4
    assert "APPEALS_POSTGRES__DSN" in capsys.readouterr().err


async def test_verify_ends_with_3_and_names_the_place(
    kept: Pool, superuser: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await verify_command(Asked(dsn=dsn, trust=NO_TRUST)) == 0
    assert "2 条链 chains, 7 条记录 entries" in capsys.readouterr().out
    await superuser.execute("ALTER TABLE entries DISABLE TRIGGER entries_append_only")
    await superuser.execute(
        "UPDATE entries SET value = 'x' WHERE chain_key = $1 AND version = 2", KEY
    )
    assert await verify_command(Asked(dsn=dsn, trust=NO_TRUST)) == 3
    assert f"{KEY}  #2  内容被改动 the content was changed" in capsys.readouterr().out
    assert await verify_by_name(dsn, USCC, as_json=True) == 3
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["whole"], verdict["breaks"][0]["version"]) == (False, 2)
    assert await verify_by_name(dsn, str(ALONE), as_json=True) == 0
