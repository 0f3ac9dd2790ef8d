"""Commands over HTTP on a real database: who may, what follows, what is refused and how."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from libs.common.clock import system_clock
from tests.integration.router.desk import OTHER_FIRM, Desk
from tests.support.records import KEY, appeal, dispatchable

APPEAL: Final = appeal(1)
RETURN: Final = {"reason": "not_our_duty", "explanation": "线路归用户", "legal_basis": "规则"}


def result() -> dict[str, str]:
    contacted_at = system_clock() - timedelta(hours=1)
    return {
        "outcome": "solved",
        "contacted_at": contacted_at.isoformat(),
        "public_reply": "已恢复供电",
    }


async def dispatched(desk: Desk, number: int = 1, *, offset: int = 0) -> UUID:
    await desk.hear(dispatchable(number, offset=offset))
    return appeal(number)


async def taken(desk: Desk, action: str, role: str, unit: str, **fields: object) -> None:
    answer = await desk.ask(action, APPEAL, role, unit, **fields)
    assert answer.status_code == 202, answer.text


async def test_two_returns_lead_to_a_ruling_that_binds(desk: Desk) -> None:
    await dispatched(desk)
    await taken(desk, "request-return", "department", "gdj", **RETURN)
    assert await desk.row(APPEAL) == {
        "state": "return_review",
        "lead": "gdj",
        "co_handlers": ["gxj"],
        "version": 2,
        "key": KEY,
    }
    await taken(desk, "approve-return", "dispatcher", "rx")
    assert (await desk.row(APPEAL))["lead"] is None
    again = await desk.ask("dispatch", APPEAL, "dispatcher", "rx", item="PUB-01", lead="gdj")
    assert (again.status_code, again.json()["code"]) == (422, "excluded_lead")
    await taken(desk, "dispatch", "dispatcher", "rx", item="PUB-01", lead="zjj")
    await taken(desk, "request-return", "department", "zjj", **RETURN)
    assert (await desk.row(APPEAL))["state"] == "arbitration"
    ruling = {"lead": "zjj", "reason": "三定方案", "legal_basis": "三定方案第五条"}
    await taken(desk, "issue-ruling", "arbiter", "rx", **ruling)
    refused = await desk.ask("request-return", APPEAL, "department", "zjj", **RETURN)
    assert (refused.status_code, refused.json()["code"]) == (422, "ruled")
    assert await desk.types(APPEAL) == [
        "appeal-dispatched",
        "return-requested",
        "return-approved",
        "appeal-dispatched",
        "return-requested",
        "dispute-opened",
        "ruling-issued",
        "catalogue-change-proposed",
    ]


async def test_the_straight_way_leads_to_close_and_a_low_rating_to_rework(desk: Desk) -> None:
    await dispatched(desk)
    await taken(desk, "sign", "department", "gdj")
    early = await desk.ask("submit-result", APPEAL, "department", "gdj", **result())
    assert early.json()["code"] == "co_handlers_missing"
    await taken(desk, "report-co-handling", "department", "gxj", opinion="已核实")
    await taken(desk, "submit-result", "department", "gdj", **result())
    await taken(desk, "approve-result", "supervisor", "qdc")
    await taken(desk, "rate", "firm", KEY, score=3, reason="没有解决")
    await taken(desk, "dispatch-rework", "supervisor", "qdc", instructions="重新核实")
    assert (await desk.row(APPEAL))["state"] == "in_progress"
    await taken(desk, "submit-result", "department", "gdj", **result())
    await taken(desk, "approve-result", "supervisor", "qdc")
    await taken(desk, "rate", "callback", "rx", score=9)
    assert (await desk.row(APPEAL))["state"] == "closed"


async def test_who_saw_an_older_version_is_told_what_has_changed(desk: Desk) -> None:
    await dispatched(desk)
    await taken(desk, "sign", "department", "gdj")
    stale = await desk.ask(
        "request-info", APPEAL, "department", "gdj", missing="户号", expected_version=1
    )
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    changed = stale.json()["changed"]
    assert [(one["version"], one["type"]) for one in changed] == [(2, "router.dispatch-signed.v1")]
    assert (await desk.row(APPEAL))["version"] == 2
    await taken(desk, "request-info", "department", "gdj", missing="户号", expected_version=2)


async def test_a_repeat_is_answered_as_the_first_time_and_other_content_is_refused(
    desk: Desk,
) -> None:
    await dispatched(desk)
    body = {
        "action": "sign",
        "command_id": "mine-1",
        "appeal_id": str(APPEAL),
        "department": "gdj",
        "actor": {"kind": "department", "id": "p1", "unit": "gdj"},
    }
    first, again = [await desk.post(body, "department/gdj") for _ in range(2)]
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == {
        "subject": str(APPEAL),
        "events": ["router.dispatch-signed.v1"],
        "repeated": True,
    }
    other = await desk.post({**body, "expected_version": 1}, "department/gdj")
    assert (other.status_code, other.json()["code"]) == (409, "content_differs")
    assert "expected_version" in other.json()["message_en"]
    assert await desk.types(APPEAL) == ["appeal-dispatched", "dispatch-signed"]


async def test_nobody_acts_for_another_role_unit_or_firm(desk: Desk) -> None:
    await dispatched(desk)
    answers = [
        await desk.ask("sign", APPEAL, "supervisor", "qdc", department="gdj"),
        await desk.ask("sign", APPEAL, "department", "gxj", department="gdj"),
        await desk.ask("withdraw", APPEAL, "firm", OTHER_FIRM),
        await desk.ask("approve-return", APPEAL, "department", "gdj"),
    ]
    assert [answer.status_code for answer in answers[:3]] == [403, 403, 403]
    # A department has no such field: that is told before who may ask.
    assert answers[3].status_code == 422
    borrowed = {
        "action": "withdraw",
        "command_id": "b",
        "appeal_id": str(APPEAL),
        "actor": {"kind": "firm", "id": "p1", "unit": KEY},
    }
    assert (await desk.post(borrowed, f"firm/{OTHER_FIRM}")).status_code == 403
    assert (await desk.post(borrowed, "department/gdj")).status_code == 403
    assert await desk.types(APPEAL) == ["appeal-dispatched"]


async def test_what_the_state_forbids_leaves_it_as_it_was(desk: Desk) -> None:
    await dispatched(desk)
    before = await desk.row(APPEAL)
    answer = await desk.ask("approve-result", APPEAL, "supervisor", "qdc")
    assert (answer.status_code, answer.json()["code"]) == (422, "illegal_in_state")
    assert answer.json()["message_zh"]
    assert await desk.row(APPEAL) == before


async def test_a_department_finds_what_it_leads_and_what_it_helps_with(desk: Desk) -> None:
    await dispatched(desk)
    url = "/v1/departments/{}/appeals"
    headers = {unit: {"authorization": f"Bearer department/{unit}"} for unit in ("gdj", "gxj")}
    led = await desk.http.get(url.format("gdj"), headers=headers["gdj"])
    helped = await desk.http.get(
        url.format("gxj"), params={"part": "co-handler"}, headers=headers["gxj"]
    )
    assert [row["appeal_id"] for row in led.json()["appeals"]] == [str(APPEAL)]
    assert [row["appeal_id"] for row in helped.json()["appeals"]] == [str(APPEAL)]
    other = await desk.http.get(url.format("gdj"), headers=headers["gxj"])
    assert other.status_code == 403


async def test_nothing_joins_a_master_that_is_closed_or_unknown(desk: Desk) -> None:
    await dispatched(desk)
    await dispatched(desk, 2, offset=1)
    await desk.ask("withdraw", appeal(2), "firm", KEY)
    merge = {"reason": "同一停电"}
    gone = await desk.ask("merge", APPEAL, "dispatcher", "rx", master=str(appeal(2)), **merge)
    none = await desk.ask("merge", APPEAL, "dispatcher", "rx", master=str(appeal(9)), **merge)
    assert (gone.status_code, gone.json()["code"]) == (422, "master_not_live")
    assert (none.status_code, none.json()["code"]) == (404, "unknown_appeal")


async def test_an_order_is_found_with_its_appeals(desk: Desk) -> None:
    await dispatched(desk)
    order = appeal(77)
    named = {"number": "JB-1", "title": "第一批", "appeals": {str(APPEAL): KEY}}
    assert (await desk.ask("issue-order", order, "supervisor", "qdc", **named)).status_code == 202
    again = await desk.ask("issue-order", order, "supervisor", "qdc", **named)
    assert (again.status_code, again.json()["code"]) == (409, "order_exists")
    found = await desk.http.get(
        f"/v1/orders/{order}", headers={"authorization": "Bearer supervisor/qdc"}
    )
    body = found.json()
    assert (body["number"], body["settled"], body["total"]) == ("JB-1", 0, 1)
    assert body["appeals"] == [
        {
            "appeal_id": str(APPEAL),
            "ended": None,
            "state": "dispatched",
            "lead": "gdj",
            "item": "PUB-01",
        }
    ]
