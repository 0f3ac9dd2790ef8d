"""Documents that are made from the code say what the code says, and all of it."""

import json
import re
import shutil
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final, TypeAlias

import pytest
from starlette.routing import BaseRoute, Route

import libs.common.contracts
from cli.documents.answers import Refusal, RefusedSubmission
from cli.documents.meanings import ENVELOPE, FIELDS, HEADERS
from cli.documents.meanings_router import ROUTER_FIELDS
from cli.documents.owned import ALL_EVENTS
from cli.documents.routes import ROUTES
from cli.documents.written import GOLDEN, ROOT, documents, stale, write
from libs.common.contracts.envelope import Envelope, Event
from libs.common.messaging.sender import headers_of
from libs.common.runtime.server import probes
from services.classifier.api.models import ModelApi
from services.classifier.api.reviews import ReviewApi
from services.dossier.api import DossierApi
from services.intake.adapters.submissions import RefusedSubmissionError
from services.intake.api.actions import ActionsApi
from services.intake.api.answers import TOO_MANY, refusal, unprocessable
from services.intake.api.register import RegisterApi
from services.intake.api.routes import IntakeApi
from services.intake.api.vault import VaultApi
from services.intake.domain.problems import problem
from services.router.api.routes import RouterApi
from services.sla.api import SlaApi

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"
# Making the list of routes needs none of what answering them needs.
NOTHING: Final[Any] = None
EXISTING: Final[dict[str | None, list[BaseRoute]]] = {
    "intake": [
        *IntakeApi(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING).routes(),
        *ActionsApi(NOTHING, NOTHING, NOTHING, NOTHING).routes(),
        *RegisterApi(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING).routes(),
        *VaultApi(NOTHING, NOTHING, NOTHING).routes(),
    ],
    "classifier": [
        *ReviewApi(NOTHING, NOTHING, NOTHING, NOTHING).routes(),
        *ModelApi(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING).routes(),
    ],
    "router": RouterApi(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING).routes(),
    "sla": SlaApi(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING).routes(),
    "dossier": DossierApi(NOTHING, NOTHING, NOTHING).routes(),
    None: probes(NOTHING, NOTHING),
}
IMPORTS_ROUTE: Final = re.compile(r"^from starlette.routing import .*\bRoute\b", re.MULTILINE)
MODULES_WITH_ROUTES: Final = {
    "libs/common/runtime/server.py",
    "services/classifier/api/models.py",
    "services/classifier/api/reviews.py",
    "services/dossier/api.py",
    "services/intake/api/actions.py",
    "services/intake/api/register.py",
    "services/intake/api/routes.py",
    "services/intake/api/vault.py",
    "services/router/api/routes.py",
    "services/sla/api.py",
}


def described(service: str | None) -> set[tuple[str, str]]:
    return {(route.method, route.path) for route in ROUTES if route.service == service}


def existing(service: str | None) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for route in EXISTING[service]:
        assert isinstance(route, Route)
        path = route.path.replace(":uuid}", "}")
        found |= {(method, path) for method in (route.methods or set()) - {"HEAD"}}
    return found


def references(value: Json) -> set[str]:
    if isinstance(value, list):
        return set[str]().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    reference = value.get("$ref")
    own = {reference} if isinstance(reference, str) else set[str]()
    return own.union(*map(references, value.values()))


def leads_somewhere(document: Json, reference: str) -> bool:
    place = document
    for step in reference.removeprefix("#/").split("/"):
        place = place.get(step) if isinstance(place, dict) else None
    return place is not None


def test_no_generated_document_is_stale() -> None:
    assert stale(ROOT) == [], "python -m cli.documents writes them"


def test_a_changed_a_missing_and_a_needless_document_are_stale(tmp_path: Path) -> None:
    for folder in (GOLDEN, "docs/schemas"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    write(tmp_path)
    assert stale(tmp_path) == []
    (tmp_path / "docs/events.md").write_text("edited by hand")
    (tmp_path / "docs/openapi.json").unlink()
    (tmp_path / "docs/schemas/router.never-was.v1.json").write_text("{}")
    assert stale(tmp_path) == [
        "docs/events.md",
        "docs/openapi.json",
        "docs/schemas/router.never-was.v1.json",
    ]
    write(tmp_path)
    assert stale(tmp_path) == []


def test_every_event_class_with_a_type_is_published_by_a_service() -> None:
    for module in iter_modules(libs.common.contracts.__path__, "libs.common.contracts."):
        for thing in vars(import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, Event) and "TYPE" in vars(thing):
                assert thing in ALL_EVENTS, thing.__name__


@pytest.mark.parametrize("service", EXISTING)
def test_exactly_the_routes_that_exist_are_described(service: str | None) -> None:
    assert described(service) == existing(service)


def test_no_other_module_makes_routes() -> None:
    found = {
        str(path.relative_to(ROOT))
        for top in ("libs", "services")
        for path in (ROOT / top).glob("**/*.py")
        if IMPORTS_ROUTE.search(path.read_text())
    }
    assert found == MODULES_WITH_ROUTES


def test_refusals_have_the_described_shape() -> None:
    Refusal.model_validate(refusal(413, TOO_MANY)[1])
    body = unprocessable(RefusedSubmissionError((problem("text", "empty"),)))[1]
    assert RefusedSubmission.model_validate(body).problems[0].field == "text"


@pytest.mark.parametrize("name", ["docs/asyncapi.json", "docs/openapi.json"])
def test_every_reference_leads_somewhere(name: str) -> None:
    document = json.loads(documents(ROOT)[name])
    found = references(document)
    assert found
    assert [one for one in sorted(found) if not leads_somewhere(document, one)] == []
    assert not leads_somewhere(document, "#/components/schemas/NotThere")


def test_the_envelope_and_its_headers_are_explained_and_nothing_else_is() -> None:
    row = dict.fromkeys(("type", "event_id", "subject", "correlation_id", "traceparent"), "x")
    sent = headers_of({**row, "sequence": 1}, b"id")
    assert [name for name, _ in sent] == list(HEADERS)
    assert list(ENVELOPE) == list(Envelope.model_fields)


def test_no_field_is_explained_that_nobody_has() -> None:
    text = documents(ROOT)["docs/events.md"]
    explained = {**FIELDS, **ROUTER_FIELDS}
    assert [name for name, words in explained.items() if words not in text] == []
