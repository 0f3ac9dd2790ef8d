"""Officers, and reading the vault, over HTTP on the real database."""

from typing import Final
from uuid import UUID

import httpx

from tests.integration.intake.desk import Desk
from tests.support.intake import FIRM, OFFICERS, SEATS, SUPERVISORS, USCC, submission

PHONE: Final = "13800138000"
CONTACT: Final = {"name": "章小满", "phone": PHONE, "email": "zhang@example.com"}


async def keep(desk: Desk, action: str, **values: object) -> httpx.Response:
    body = {
        "action": action,
        "command_id": f"r{next(desk.numbers)}",
        "actor": {"kind": "seat", "id": "p1", "unit": SEATS},
        **values,
    }
    return await desk.post("/v1/register/actions", body, SEATS)


async def followed(desk: Desk) -> None:
    firm = {"uscc": USCC, "enterprise_name": "示例公司", "sub_district": "XX"}
    assert (await keep(desk, "register-enterprise", **firm)).status_code == 202
    officer = {"enterprise_id": str(FIRM), "officer_id": "gd-1", "officer_unit": "gxj"}
    assert (await keep(desk, "assign-officer", **officer)).status_code == 202


async def read(desk: Desk, appeal_id: UUID, unit: str, **query: str) -> httpx.Response:
    values = {"person": "p1", "purpose": "contact", **query}
    text = "&".join(f"{name}={value}" for name, value in values.items())
    return await desk.get(f"/v1/vault/{appeal_id}?{text}", unit)


async def test_the_officer_in_charge_stands_in_the_submission_of_the_next_appeal(
    desk: Desk,
) -> None:
    await followed(desk)
    letter = await desk.letter("1", enterprise={"uscc": USCC, "name": "示例公司"})
    assert (await desk.last(f"intake-{letter}"))["data"]["officer_id"] == "gd-1"
    answer = await desk.get("/v1/officers/gd-1/enterprises", OFFICERS)
    assert [one["uscc"] for one in answer.json()["enterprises"]] == [USCC]
    wrong = await desk.act(
        "resolve-on-site",
        letter,
        "officer:gd-2",
        outcome="solved",
        visited_at="2026-11-03T10:00:00+08:00",
        site_record="现场协调",
        public_reply="已恢复",
    )
    assert wrong.json()["code"] == "not_the_officer"


async def test_an_officer_is_relieved_before_another_is_assigned(desk: Desk) -> None:
    await followed(desk)
    officer = {"enterprise_id": str(FIRM), "officer_id": "gd-2", "officer_unit": "gxj"}
    assert (await keep(desk, "assign-officer", **officer)).json()["code"] == "has_officer"
    gone = {"enterprise_id": str(FIRM), "officer_id": "gd-1", "reason": "调岗"}
    assert (await keep(desk, "relieve-officer", **gone)).status_code == 202
    assert (await keep(desk, "assign-officer", **officer)).status_code == 202
    found = (await desk.get(f"/v1/enterprises/{FIRM}", SUPERVISORS)).json()
    assert (found["officer_id"], found["version"]) == ("gd-2", 4)
    assert await desk.types(FIRM, "intake-enterprise") == [
        "enterprise-registered",
        "officer-assigned",
        "officer-relieved",
        "officer-assigned",
    ]


async def test_a_name_is_no_officer_id_and_a_wrong_code_no_enterprise(desk: Desk) -> None:
    named = {"enterprise_id": str(FIRM), "officer_id": "章小满", "officer_unit": "gxj"}
    answer = await keep(desk, "assign-officer", **named)
    assert answer.status_code == 422
    assert "章小满" not in answer.text
    firm = {"uscc": USCC[:-1] + "1", "enterprise_name": "示例公司"}
    assert (await keep(desk, "register-enterprise", **firm)).json()["code"] == "uscc"


async def test_a_seat_reads_the_vault_and_the_reading_is_recorded(desk: Desk) -> None:
    letter = await desk.letter("1", contact=CONTACT)
    answer = await read(desk, letter, SEATS, role="seat", fields="contact.name,contact.phone")
    assert answer.status_code == 200
    assert answer.json()["fields"] == {"contact.name": "章小满", "contact.phone": PHONE}
    assert answer.headers["cache-control"] == "no-store"
    told = await desk.last(f"intake-vault-{letter}")
    assert told["data"]["fields"] == ["contact.name", "contact.phone"]
    assert told["data"]["purpose"] == "contact"
    assert (told["actor"]["id"], told["actor"]["unit"]) == ("p1", SEATS)
    # The reading is on a stream of its own: nobody's command became stale by it.
    await desk.does("accept-appeal", letter, expected_version=1)


async def test_of_a_whistleblower_only_a_supervisor_sees_the_name(desk: Desk) -> None:
    letter = await desk.letter("1", contact=CONTACT, confidentiality="whistleblower")
    name = {"fields": "contact.name"}
    seat = await read(desk, letter, SEATS, role="seat", **name)
    assert (seat.status_code, seat.json()["code"]) == (403, "withheld")
    boss = await read(
        desk, letter, SUPERVISORS, role="supervisor", **{**name, "purpose": "supervision"}
    )
    assert boss.json()["fields"] == {"contact.name": "章小满"}
    assert await desk.types(letter, "intake-vault") == ["disclosed"]
    lift = await desk.act("change-confidentiality", letter, confidentiality="normal")
    assert lift.json()["code"] == "only_supervisor_lifts"


async def test_another_department_and_a_wrong_query_read_nothing(desk: Desk) -> None:
    answer = await desk.intake.submit(submission("h", contact=CONTACT))
    appeal = answer.json()["appeal_id"]
    other = await read(desk, appeal, "gxj", role="department")
    assert (other.status_code, other.json()["code"]) == (403, "not_concerned")
    assert (await read(desk, appeal, SEATS, role="seat", purpose="curiosity")).status_code == 422
    assert (await read(desk, appeal, "gxj", role="seat")).status_code == 403
    assert (await read(desk, FIRM, SEATS, role="seat")).status_code == 404
    assert await desk.types(appeal, "intake-vault") == []
