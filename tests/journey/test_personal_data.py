"""What intake is told in confidence stands in its vault, and nowhere else in the whole system."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx

from libs.common.contracts.topics import SERVICES, Topic
from libs.common.ids import appeal_id_of
from libs.common.messaging.sender import new_producer
from libs.local.ports import LOOPBACK
from tests.journey.residue import UNANNOUNCED, masked_share
from tests.journey.scenario import until_quiet
from tests.support.fleet import Copy, Fleet, running_fleet
from tests.support.personal import (
    CLOSED,
    Haystack,
    any_of,
    appeal_of,
    persons,
    tables,
    topics,
)
from tests.support.strangers import Stranger, strangers

APPEALS: Final = 2_000
BY_HTTP: Final = 100
PRODUCER: Final = "hotline"
WANTED_RECALL: Final = 0.97


async def test_personal_data_is_found_in_the_vault_and_nowhere_else(tmp_path: Path) -> None:
    others = list(strangers(APPEALS))
    sent = [
        appeal_of(one, number, others[number].text) for number, one in enumerate(persons(APPEALS))
    ]
    needles = {needle for _, values in sent for needle in values}
    async with running_fleet(tmp_path) as fleet:
        await post(fleet, [body for body, _ in sent[:BY_HTTP]])
        published = await publish(fleet, [body for body, _ in sent[BY_HTTP:]])
        await until_quiet(fleet.dsn, published)
        places = [*await tables(fleet.dsn), *await topics(fleet.kafka), *await said(fleet)]
    wanted = any_of(needles)
    by_place = {place.place: place.found(wanted) for place in places}
    # The search is able to find: each value lies in the vault of its appeal.
    assert by_place["intake.vault"] == needles
    assert by_place["intake.dead_letters"] != set()
    leaks = {place: found for place, found in by_place.items() if found and place not in CLOSED}
    assert leaks == {}
    # And it looked where the data would be.
    assert {"intake.events", "dossier.entries", "sla.timers", Topic.SLA_EVENTS} <= by_place.keys()
    assert {f"metrics of {service}" for service in SERVICES} <= by_place.keys()
    assert recall(others, [p for p in places if p.place not in CLOSED]) >= WANTED_RECALL


def recall(others: Sequence[Stranger], places: Sequence[Haystack]) -> float:
    """Third persons' names and homes have no shape: the share that stands nowhere in the open."""
    events = "\n".join(place.content for place in places if place.place == "intake.events")
    names = sum(one.name in events for one in others)
    homes = any_of({one.home for one in others})
    shown = set[str]().union(*(place.found(homes) for place in places))
    total = 2 * len(others)
    share = 1 - (names + len(shown)) / total
    print(f"\nnames and homes masked: {share:.4f} of {total}")  # noqa: T201 - the figure
    return share


def test_the_contacts_own_name_is_masked_wherever_it_stands() -> None:
    hidden, in_all = masked_share(UNANNOUNCED, known=True)
    assert hidden == in_all


async def post(fleet: Fleet, bodies: list[dict[str, object]]) -> None:
    """Each once as it is, and once spoilt: what is refused must not be told on either."""
    key = fleet.deployment.keys.caller("producer", PRODUCER)
    port = fleet.ports[Copy("intake", 0)]
    async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}", timeout=60) as http:
        for body in bodies:
            for spoilt, status in ((body, 202), (body | {"occurred_at": body["text"]}, 422)):
                answer = await http.post(
                    "/v1/appeals", json=spoilt, headers={"authorization": f"Bearer {key}"}
                )
                assert answer.status_code == status


async def publish(fleet: Fleet, bodies: list[dict[str, object]]) -> int:
    """Every tenth twice: once whole, once as a broken record that is parked."""
    producer = new_producer(fleet.kafka.bootstrap_servers, "personal")
    await producer.start()
    try:
        values = [json.dumps(body, ensure_ascii=False).encode() for body in bodies]
        values += [value[:-2] for value in values[::10]]
        for number, value in enumerate(values):
            await producer.send_and_wait(
                Topic.SUBMISSIONS,
                value,
                key=str(appeal_id_of("hotline", PRODUCER, str(number))).encode(),
                headers=[("producer_id", PRODUCER.encode())],
            )
        return len(values)
    finally:
        await producer.stop()


async def said(fleet: Fleet) -> list[Haystack]:
    """Logs of every process, the servers' too, and what each service shows of itself."""
    root = fleet.deployment.root
    logs = [*root.glob("logs/*.log"), *root.glob("postgres/log/*"), *root.glob("kafka/logs/*")]
    found = [Haystack(str(log.relative_to(root)), log.read_text(errors="replace")) for log in logs]
    for copy in fleet.ports:
        answer = await fleet.get(copy, "/metrics")
        assert answer is not None
        found.append(Haystack(f"metrics of {copy.service}", answer.text))
    return found
