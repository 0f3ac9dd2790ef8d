"""A city in virtual time, by the deciders that the processes run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from cli.simulate.days import City, Tally
from cli.simulate.habits import USUAL
from cli.simulate.members import Plan, assemble
from cli.simulate.report import outcome_of
from cli.simulate.world import World
from libs.common.contracts.topics import Topic

STARTS_AT = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)
APPEALS = 150


def live(model: Path, seed: int, appeals: int = APPEALS) -> tuple[World, dict[str, Any]]:
    assembly = assemble(Plan(seed=seed, policy="baoan", starts_at=STARTS_AT, model=model))
    tally = Tally()
    assembly.world.listeners.append(tally.hear)
    City(assembly, seed, USUAL).live(appeals, 12, afterwards=timedelta(days=45))
    return assembly.world, outcome_of(assembly.world, tally)


@pytest.fixture(scope="module")
def lived(model_folder: Path) -> tuple[World, dict[str, Any]]:
    return live(model_folder, seed=7)


def data_of(world: World, topic: Topic) -> list[dict[str, Any]]:
    return [orjson.loads(record.value or b"") for record in world.topics[topic]]


def test_the_same_seed_writes_the_same_bytes(
    lived: tuple[World, dict[str, Any]], model_folder: Path
) -> None:
    _, outcome = lived
    _, again = live(model_folder, seed=7)
    assert again == outcome


def test_another_seed_writes_others(model_folder: Path) -> None:
    hashes = {live(model_folder, seed, 5)[1]["event_log_sha256"] for seed in (1, 2)}
    assert len(hashes) == 2


def test_every_appeal_is_in_one_state_and_nothing_is_parked(
    lived: tuple[World, dict[str, Any]],
) -> None:
    _, outcome = lived
    assert outcome["appeals"] == sum(outcome["by_state"].values()) == APPEALS
    assert outcome["parked"] == {}


def test_no_level_of_a_clock_fires_twice(lived: tuple[World, dict[str, Any]]) -> None:
    world, outcome = lived
    steps = [
        (one["subject"], data["clock"], data["deadline_version"], data["level"], data["step_at"])
        for one in data_of(world, Topic.SLA_EVENTS)
        if "next_at" in (data := one["data"])
    ]
    assert len(steps) == sum(outcome["by_clock_and_level"].values()) > APPEALS
    # A clock that starts anew, as sign does with each dispatch, has another moment.
    assert len(set(steps)) == len(steps)


def test_nothing_is_revoked_where_everybody_is_heard_in_time(
    lived: tuple[World, dict[str, Any]],
) -> None:
    _, outcome = lived
    assert "sla.escalation-revoked.v1" not in outcome["by_event_type"]


@pytest.mark.parametrize(
    "name",
    [
        "router.dispatch-auto-signed.v1",
        "router.return-approved.v1",
        "router.return-denied.v1",
        "router.result-rejected.v1",
        "router.rework-dispatched.v1",
        "router.rated-unacceptable.v1",
        "router.callback-exhausted.v1",
        "router.action-refused.v1",
        "sla.notified.v1",
        "classifier.classification-confirmed.v1",
    ],
)
def test_the_roads_beside_the_happy_path_are_walked(
    lived: tuple[World, dict[str, Any]], name: str
) -> None:
    assert lived[1]["by_event_type"][name] > 0
