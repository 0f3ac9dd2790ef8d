"""A candidate judges once a second person has approved its very bytes, and can be taken back."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.classifier.adapters.model import Model
from services.classifier.adapters.model_file import MODEL_NAME, save_model
from services.classifier.adapters.training import train
from services.classifier.app import announce_catalogue
from tests.support.classifier import HOTLINE, SUPERVISION, SURE, Running, bearer
from tests.unit.classifier.material import TOPICS, examples


@pytest.fixture(scope="session")
def candidate() -> Model:
    """Learned of fewer texts, so it is another model."""
    return train(examples()[3:], TOPICS)


@pytest.fixture(scope="session")
def content(candidate: Model, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("candidate")
    save_model(candidate, folder)
    return (folder / MODEL_NAME).read_bytes()


def proposal(classifier: Running, candidate: Model) -> dict[str, Any]:
    return {
        "version": candidate.version,
        "inputs_sha256": candidate.inputs_sha256,
        "catalogue_version": candidate.catalogue_version,
        "labels": 3,
        "figures": [{"of": "firms", "figure": "item_top1", "share": 9_500}],
        "compared_with": classifier.watch.built_in.version,
        "shadow": None,
    }


async def keep(classifier: Running, version: str, content: bytes) -> httpx.Response:
    path = f"/v1/models/{version}"
    return await classifier.http.put(path, content=content, headers=bearer(SUPERVISION))


async def post(
    classifier: Running, path: str, body: dict[str, Any], by: str, unit: str = SUPERVISION
) -> httpx.Response:
    actor = {"kind": "supervisor", "id": by, "unit": SUPERVISION}
    signed = {**body, "command_id": str(uuid4()), "actor": actor}
    return await classifier.http.post(path, json=signed, headers=bearer(unit))


async def propose(classifier: Running, candidate: Model, content: bytes, by: str) -> None:
    assert (await keep(classifier, candidate.version, content)).status_code == 200
    body = proposal(classifier, candidate)
    assert (await post(classifier, "/v1/model-proposals", body, by)).status_code == 202


async def activate(classifier: Running, version: str, by: str) -> httpx.Response:
    return await post(classifier, "/v1/model-activations", {"version": version}, by)


async def test_a_second_person_lets_it_judge_without_a_restart(
    classifier: Running, candidate: Model, content: bytes
) -> None:
    await propose(classifier, candidate, content, "li")
    alone = await activate(classifier, candidate.version, "li")
    assert (alone.status_code, alone.json()["code"]) == (422, "second_person_needed")
    assert not await classifier.watch.follow()
    assert (await activate(classifier, candidate.version, "wang")).status_code == 202
    assert await classifier.watch.follow()
    await classifier.accept(1, SURE)
    [event] = await classifier.events("appeal-classified.v1")
    assert event["data"]["judgement"]["model_version"] == candidate.version
    [activated] = await classifier.events("model-activated.v1")
    assert (activated["partitionkey"], activated["data"]["proposed_by"]) == ("system", "li")
    assert activated["actor"]["id"] == "wang"


async def test_going_back_needs_one_person_and_says_that_it_is_one(
    classifier: Running, candidate: Model, content: bytes
) -> None:
    before = classifier.watch.in_use.version
    await propose(classifier, candidate, content, "li")
    await activate(classifier, candidate.version, "wang")
    await classifier.watch.follow()
    assert (await activate(classifier, before, "li")).status_code == 202
    assert await classifier.watch.follow()
    assert classifier.watch.in_use.version == before
    activations = await classifier.events("model-activated.v1")
    assert [one["data"]["is_rollback"] for one in activations] == [False, True]
    # And forth again, to what two persons have approved before.
    assert (await activate(classifier, candidate.version, "li")).status_code == 202


async def test_bytes_that_are_no_model_are_not_kept(classifier: Running, candidate: Model) -> None:
    answer = await keep(classifier, candidate.version, b"no model")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_model")
    answer = await post(classifier, "/v1/model-proposals", proposal(classifier, candidate), "li")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_model")


async def test_a_model_under_another_version_is_refused(
    classifier: Running, content: bytes
) -> None:
    answer = await keep(classifier, "2026.1-000000000000", content)
    assert answer.status_code == 422


async def test_bytes_that_were_changed_after_the_approval_do_not_judge(
    classifier: Running, candidate: Model, content: bytes
) -> None:
    before = classifier.watch.in_use.version
    await propose(classifier, candidate, content, "li")
    await activate(classifier, candidate.version, "wang")
    await classifier.database.fetch(
        "UPDATE classifier.models SET content = overlay(content placing 'x'::bytea from 100)"
    )
    assert not await classifier.watch.follow()
    assert classifier.watch.in_use.version == before


async def test_only_supervisors_see_and_change_models(
    classifier: Running, candidate: Model
) -> None:
    assert (await classifier.http.get("/v1/models", headers=bearer(HOTLINE))).status_code == 403
    body = {"version": candidate.version}
    answer = await post(classifier, "/v1/model-activations", body, "li", unit=HOTLINE)
    assert answer.status_code == 403


async def test_the_list_tells_what_judges_and_who_let_it(
    classifier: Running, candidate: Model, content: bytes
) -> None:
    await propose(classifier, candidate, content, "li")
    answer = await classifier.http.get("/v1/models", headers=bearer(SUPERVISION))
    body = answer.json()
    assert body["in_use"] == body["built_in"]
    [proposed] = body["history"]
    assert (proposed["version"], proposed["proposed_by"]) == (candidate.version, "li")


async def test_the_catalogue_in_force_is_said_once_however_often_it_starts(
    classifier: Running,
) -> None:
    for _ in range(2):
        await announce_catalogue(classifier.process, classifier.watch.store.partition)
    [event] = await classifier.events("catalogue-version-applied.v1")
    data = event["data"]
    assert (data["version"], data["replaces"], data["changes"]) == ("2026.1", None, [])
    assert data["effective_from"] == "2025-12-31T16:00:00Z"
