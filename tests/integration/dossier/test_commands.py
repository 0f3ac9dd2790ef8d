"""`why`, `ledger`, `rates` and `show --at`, on entries that the dossier itself has kept."""

import json
from typing import Any

import pytest

from cli.ledger import ledger_command
from cli.rates import RatesAsked, rates_command
from cli.show import show_command
from cli.why import why_command
from libs.common.eventstore.store import Pool
from tests.integration.dossier.keeping import keep
from tests.integration.dossier.telling import records_of
from tests.unit.dossier.life import NAME, appeal_number
from tests.unit.dossier.story import APPEAL, RLJ, Story, happy

SECOND = appeal_number(2)


def bounced() -> Story:
    return (
        Story(appeal=SECOND)
        .accepted("03-02 09:00")
        .classified("03-02 09:01")
        .dispatched("03-02 09:02")
        .returned("03-02 10:00")
        .return_granted("03-03 10:00")
        .dispatched("03-03 11:00", RLJ)
        .signed("03-03 12:00", RLJ, "li")
    )


@pytest.fixture
async def kept(pool: Pool) -> Pool:
    await keep(pool, records_of(happy(), bounced()))
    return pool


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(capsys.readouterr().out)
    return body


async def test_why_explains_each_decision_with_the_entry_that_holds_it(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await why_command(dsn, str(APPEAL), None, None, as_json=True) == 0
    body = answer(capsys)
    subjects = [one["subject"] for one in body["reasons"]]
    assert subjects == ["classification", "dispatch", "deadline", "handling"]
    stored = {
        row["version"]: row["hash"].hex()
        for row in await kept.fetch("SELECT version, hash FROM entries")
    }
    for one in body["reasons"]:
        assert one["event"]["hash"] == stored[one["event"]["entry"]]
    assert await why_command(dsn, str(APPEAL), "deadline", None, as_json=False) == 0
    text = capsys.readouterr().out
    assert "计入 counted  03-03至03-05 工作日" in text
    assert "复算 reckoned again  一致 the same" in text


async def test_why_says_that_an_event_is_not_there(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await why_command(dsn, str(APPEAL), "nothing", None, as_json=False) == 2
    assert "nothing to explain by that" in capsys.readouterr().err


async def test_an_appeal_shows_state_clocks_and_who_held_it(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await show_command(dsn, str(APPEAL), as_json=False) == 0
    text = capsys.readouterr().out
    assert "已结案 CLOSED  贷款" in text
    assert "办结 resolve  至 due 2026-03-05 18:00" in text
    assert "区工业和信息化局·zhang  办理 handle  10小时30分" in text


async def test_any_appeal_can_be_seen_as_of_a_moment(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    moment = "2026-03-03T12:00:00+08:00"
    assert await show_command(dsn, str(APPEAL), as_json=True, at=moment) == 0
    body = answer(capsys)
    assert body["life"]["state"] == "IN_PROGRESS"
    assert body["appeal"] is None
    assert max(one["time"] for one in body["timeline"]) <= moment
    assert body["life"]["ledger"]["segments"][-1]["is_open"] is True
    assert await show_command(dsn, str(APPEAL), as_json=True, at="2026-03-01") == 2


async def test_an_enterprise_can_be_seen_as_of_a_day(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await show_command(dsn, NAME, as_json=True, at="2026-03-02") == 0
    body = answer(capsys)
    states = {one["appeal_id"]: one["state"] for one in body["appeals"]}
    assert states == {str(APPEAL): "IN_PROGRESS", str(SECOND): "RETURN_REVIEW"}
    assert await show_command(dsn, NAME, as_json=False, at="2026-03-02") == 0
    assert "截至 as of 2026-03-02 23:59" in capsys.readouterr().out


async def test_the_ledger_of_an_appeal_adds_up(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await ledger_command(dsn, str(SECOND), None, "2026-03-03", as_json=True) == 0
    body = answer(capsys)
    held = [(one["unit"], one["person"], one["duty"]) for one in body["segments"]]
    assert ("gxj", "zhang", "await_return") in held
    for unit in ("working_seconds", "calendar_seconds"):
        assert sum(one[unit] for one in body["segments"]) == body[unit]


async def test_scorecards_of_units_people_and_officers_come_from_the_same_ledger(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await ledger_command(dsn, None, None, "2026-03-05", as_json=True) == 0
    body = answer(capsys)
    units = {one["unit"]: one for one in body["units"]}
    assert (units["gxj"]["returns_asked"], units["gxj"]["returns_granted"]) == (1, 1)
    assert (units["gxj"]["satisfied"], units["gxj"]["ratings"]) == (1, 1)
    people = {(one["unit"], one["person"]) for one in body["people"]}
    assert {("gxj", "zhang"), ("rlj", "li"), ("rx", "reviewer-1")} <= people
    assert [one["person"] for one in body["officers"]] == ["gd-7"]
    assert await ledger_command(dsn, NAME, as_json=False) == 0
    assert "挂点干部 liaison officers" in capsys.readouterr().out


async def test_rates_name_their_formula_and_can_be_asked_for_any_day(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = RatesAsked(at="2026-03-04", by="unit")
    assert await rates_command(dsn, asked, as_json=True) == 0
    body = answer(capsys)
    groups = {one["group"]: one for one in body["groups"]}
    assert set(groups) == {"全部 all", "gxj", "rlj"}
    figures = {one["id"]: one for one in groups["全部 all"]["figures"]}
    assert (figures["one_shot"]["counts"], figures["one_shot"]["of"]) == (1, 2)
    assert (figures["satisfied"]["basis_points"], figures["satisfied"]["of"]) == (10_000, 1)
    assert {one["formula_version"] for one in figures.values()} == {body["formulas"]}
    assert sum(figures["outcomes"]["parts"].values()) == figures["outcomes"]["whole"] == 2
    # A day earlier nobody had rated anything.
    assert await rates_command(dsn, RatesAsked(at="2026-03-03"), as_json=True) == 0
    figures = {one["id"]: one for one in answer(capsys)["groups"][0]["figures"]}
    assert figures["satisfied"]["basis_points"] is None


async def test_rates_of_a_period_leave_the_others_out(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = RatesAsked(during="2026-03-03..")
    assert await rates_command(dsn, asked, as_json=True) == 0
    assert answer(capsys)["appeals"] == 0
    assert await rates_command(dsn, RatesAsked(during="2026-03-02"), as_json=False) == 0
    text = capsys.readouterr().out
    assert "2 件 appeals" in text
    assert "[rates-2026.1]" in text


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (RatesAsked(at="soon"), "no time"),
        (RatesAsked(at="2026-03-04T10:00:00"), "no UTC offset"),
        (RatesAsked(during="March"), "no time"),
        (RatesAsked(formulas="rates-1999.1"), "there are no formulas"),
        (RatesAsked(wanted="nobody"), "nothing found"),
    ],
)
async def test_what_can_not_be_understood_is_refused_in_both_languages(
    kept: Pool, dsn: str, capsys: pytest.CaptureFixture[str], asked: RatesAsked, word: str
) -> None:
    assert await rates_command(dsn, asked, as_json=False) == 2
    told = capsys.readouterr().err
    assert word in told
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told)
