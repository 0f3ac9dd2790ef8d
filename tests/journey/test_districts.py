"""Five districts' procedures in virtual time; every date below was counted by hand."""

from datetime import datetime
from pathlib import Path

import pytest

from cli.scenarios.districts import Played, play
from cli.scenarios.telling import figures_of
from libs.calendar.days import SHANGHAI
from libs.common.contracts import router, sla
from services.dossier.domain.life.life import Life
from services.dossier.domain.rates.figures import Figure, MeanFigure, PartsFigure, ShareFigure
from services.dossier.domain.states import OverallState

ONE_HUNDRED_PERCENT = 10_000


def moment(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def life(played: Played, name: str) -> Life:
    return played.story.life(played.appeals[name])


def due(one: Life, clock: str) -> datetime:
    run = one.run(clock)
    assert run is not None
    return run.start.due


def figure(played: Played, name: str) -> Figure:
    return next(one for one in figures_of(played.story) if one.id == name)


def share(played: Played, name: str) -> tuple[int, int]:
    found = figure(played, name)
    assert isinstance(found, ShareFigure)
    return found.counts, found.of


def steps(one: Life, clock: str) -> list[str]:
    return [
        type(said.event).__name__
        for said in one.happenings
        if isinstance(said.event, sla.Escalation) and said.event.clock == clock
    ]


@pytest.fixture(scope="module")
def baoan(model_folder: Path) -> Played:
    return play("baoan", model_folder)


@pytest.fixture(scope="module")
def guangming(model_folder: Path) -> Played:
    return play("guangming", model_folder)


@pytest.fixture(scope="module")
def pingshan(model_folder: Path) -> Played:
    return play("pingshan", model_folder)


@pytest.fixture(scope="module")
def guangzhou(model_folder: Path) -> Played:
    return play("guangzhou", model_folder)


@pytest.fixture(scope="module")
def quzhou(model_folder: Path) -> Played:
    return play("quzhou", model_folder)


def test_baoan_counts_three_working_days_or_twelve_hours(baoan: Played) -> None:
    assert due(life(baoan, "平台督办"), "resolve") == moment(3, 5, 18)
    assert due(life(baoan, "加急"), "resolve") == moment(3, 2, 22)


def test_baoan_supervises_who_stays_silent_and_nobody_else(baoan: Played) -> None:
    assert "Supervised" in steps(life(baoan, "平台督办"), "resolve")
    assert "LimitPassed" not in steps(life(baoan, "加急"), "resolve")
    assert share(baoan, "in_time")[0] == 1


def test_baoan_closes_both_lanes_and_counts_them_apart(baoan: Played) -> None:
    states = {name: life(baoan, name).state for name in baoan.appeals}
    assert set(states.values()) == {OverallState.CLOSED}
    ways = figure(baoan, "lanes")
    assert isinstance(ways, PartsFigure)
    assert (ways.parts["lane_on_site"], ways.parts["lane_referred"]) == (1, 2)
    assert baoan.story.refused == []


def test_guangming_gives_twenty_days_and_aims_at_twelve_across_national_day(
    guangming: Played,
) -> None:
    """28 September + 20 days is Sunday 18 October: the next working day is Monday the 19th."""
    late = life(guangming, "在时限内")
    assert due(late, "resolve") == moment(10, 19, 18)
    aimed = [one.event.step_at for one in late.said(sla.WarningRaised)]
    # Saturday 10 October is worked, to make up for the holiday.
    assert moment(10, 10, 18) in aimed
    assert late.state is OverallState.CLOSED


def test_guangming_says_nothing_to_who_reaches_the_target(guangming: Played) -> None:
    early = life(guangming, "达到目标")
    told = [one.event.step_at for one in early.said(sla.WarningRaised)]
    assert moment(10, 10, 18) not in told
    passed = {one.event.clock for one in early.said(sla.LimitPassed, sla.Supervised)}
    assert passed == {"return_window"}


def test_pingshan_has_a_bad_rating_mended_once_and_not_returned(pingshan: Played) -> None:
    one = life(pingshan, "差评整改")
    assert [type(e.event).__name__ for e in one.said(router.RatedUnacceptable)] == [
        "RatedUnacceptable"
    ]
    (rework,) = one.said(router.ReworkDispatched)
    (signed,) = [e for e in one.said(router.DispatchAutoSigned) if e.event.because == "rework"]
    assert signed.time == rework.time
    assert pingshan.story.refused == ["rework"]
    assert one.state is OverallState.CLOSED
    assert share(pingshan, "reworked") == (1, 1)


def test_pingshan_starts_a_clock_of_its_own_for_the_mending(pingshan: Played) -> None:
    run = life(pingshan, "差评整改").run("rectify")
    assert run is not None
    assert run.stopped_at is not None


def test_guangzhou_closes_the_loop_and_times_questions_apart(guangzhou: Played) -> None:
    assert {life(guangzhou, name).state for name in guangzhou.appeals} == {OverallState.CLOSED}
    means = {one.id: one for one in figures_of(guangzhou.story) if isinstance(one, MeanFigure)}
    inquiry, other = means["time_inquiry"], means["time_other"]
    assert (inquiry.of, other.of) == (1, 1)
    assert (inquiry.mean or 0) < (other.mean or 0)


def test_quzhou_keeps_508_on_site_and_557_handed_on_apart(quzhou: Played) -> None:
    ways = figure(quzhou, "lanes")
    assert isinstance(ways, PartsFigure)
    assert (ways.parts["lane_on_site"], ways.parts["lane_referred"]) == (508, 557)
    assert ways.whole == 508 + 557 == len(quzhou.story.filed)


def test_quzhou_settles_302_of_303_problems_under_122_orders(quzhou: Played) -> None:
    world = quzhou.story.assembly.world
    told = [one.event for one in quzhou.story.all_told()]
    orders = [event for event in told if isinstance(event, router.OrderIssued)]
    placed = [event for event in told if isinstance(event, router.PlacedUnderOrder)]
    settled = [event for event in told if isinstance(event, router.OrderProgressed)]
    assert (len(orders), len(placed), len(settled)) == (122, 303, 302)
    assert sum(len(event.appeals) for event in orders) == len(placed)
    assert world.parked == []
    assert life(quzhou, "交办未结").state is OverallState.IN_PROGRESS
