"""Every HTTP route of the services, described; a test compares with the routes that exist."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from cli.documents import answers, reading_answers, router_answers
from cli.documents.classifier_routes import CLASSIFIER_ROUTES
from cli.documents.intake_routes import INTAKE_ROUTES
from cli.documents.route_shape import APPEAL_ID, SHARED, Parameter, RouteDescription, Where
from libs.common.contracts.actions import ACTION
from libs.common.contracts.inbound import Submission

AFTER: Final = Parameter(
    "after",
    "query",
    "Entries after this version of the chain.",
    {"type": "integer", "minimum": 0, "default": 0},
)
LIMIT: Final = Parameter(
    "limit",
    "query",
    "How many entries at most.",
    {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1000},
)
TIMELINE: Final[Mapping[HTTPStatus, Any]] = {
    Where.OK: reading_answers.Dossier,
    Where.NOT_FOUND: answers.Refusal,
    Where.CONFLICT: answers.Ambiguous,
    Where.UNPROCESSABLE_ENTITY: answers.Refusal,
    **SHARED,
}

ROUTES: Final = (
    *INTAKE_ROUTES,
    RouteDescription(
        service="intake",
        method="POST",
        path="/v1/appeals",
        name="submitAppeals",
        words="Hand in one appeal, or up to 500 as a list. Many are answered 200, and each has a "
        "status of its own inside. A repeat (same channel and source id, or same "
        "Idempotency-Key) gets the first answer; other content under a known id is 409.",
        roles=("producer",),
        parameters=(
            Parameter("Idempotency-Key", "header", "Stands in where there is no source_id."),
        ),
        body=Submission | list[Submission],
        answers={
            Where.ACCEPTED: answers.Taken,
            Where.OK: answers.Taken | answers.ManyTaken,
            Where.CONFLICT: answers.Refusal,
            Where.REQUEST_ENTITY_TOO_LARGE: answers.Refusal,
            Where.UNPROCESSABLE_ENTITY: answers.RefusedSubmission,
            **SHARED,
        },
    ),
    RouteDescription(
        service="intake",
        method="GET",
        path="/v1/appeals/{appeal_id}",
        name="progressOfAppeal",
        words="How far an appeal has come. Only the producer that sent it may ask.",
        roles=("producer",),
        parameters=(APPEAL_ID,),
        answers={Where.OK: answers.Progress, Where.NOT_FOUND: answers.Refusal, **SHARED},
    ),
    *CLASSIFIER_ROUTES,
    RouteDescription(
        service="router",
        method="POST",
        path="/v1/actions",
        name="act",
        words="One action of docs/router.md, by whoever may ask it. A repeat of a command_id is "
        "answered 200 with the types of what it wrote the first time; a stale expected_version "
        "409 with what has changed since.",
        roles=(
            "department",
            "dispatcher",
            "supervisor",
            "arbiter",
            "inspector",
            "firm",
            "callback",
        ),
        body=ACTION,
        answers={
            Where.ACCEPTED: answers.ActionTaken,
            Where.OK: answers.ActionRepeated,
            Where.NOT_FOUND: answers.Refusal,
            Where.CONFLICT: router_answers.Stale,
            Where.REQUEST_ENTITY_TOO_LARGE: answers.Refusal,
            Where.UNPROCESSABLE_ENTITY: answers.Refusal,
            **SHARED,
        },
    ),
    RouteDescription(
        service="router",
        method="GET",
        path="/v1/departments/{code}/appeals",
        name="desk",
        words="Open appeals that one department leads, or helps with, the oldest acceptance "
        "first, 500 at most.",
        roles=("department",),
        parameters=(
            Parameter("code", "path", "The department's code; it must be the key's own unit."),
            Parameter("state", "query", "Only appeals at this stage."),
            Parameter("part", "query", "`co-handler` for those that it helps with."),
        ),
        answers={Where.OK: router_answers.Desk, **SHARED},
    ),
    RouteDescription(
        service="router",
        method="GET",
        path="/v1/orders/{order_id}",
        name="order",
        words="One order (交办单) with its appeals and what became of them.",
        roles=("supervisor",),
        parameters=(Parameter("order_id", "path", "The order's id."),),
        answers={
            Where.OK: router_answers.OrderOfAppeals,
            Where.NOT_FOUND: answers.Refusal,
            **SHARED,
        },
    ),
    RouteDescription(
        service="sla",
        method="GET",
        path="/v1/appeals/{appeal_id}/clocks",
        name="clocksOfAppeal",
        words="When each limit ends, what comes next, and why on that day. A department sees "
        "the appeals that it leads.",
        roles=("supervisor", "auditor", "department"),
        parameters=(APPEAL_ID,),
        answers={Where.OK: reading_answers.Clocks, Where.NOT_FOUND: answers.Refusal, **SHARED},
    ),
    RouteDescription(
        service="dossier",
        method="GET",
        path="/v1/dossiers/{wanted}",
        name="dossier",
        words="An enterprise's file with its timeline, by its id, code or name; an appeal "
        "without an enterprise has a file of its own.",
        roles=("auditor",),
        parameters=(Parameter("wanted", "path", "Id, code or name."), AFTER, LIMIT),
        answers=TIMELINE,
    ),
    RouteDescription(
        service="dossier",
        method="GET",
        path="/v1/appeals/{wanted}/timeline",
        name="timelineOfAppeal",
        words="What has happened to an appeal, by its id or the producer's own number.",
        roles=("auditor",),
        parameters=(Parameter("wanted", "path", "Id or number."), AFTER, LIMIT),
        answers=TIMELINE,
    ),
    RouteDescription(
        service="dossier",
        method="GET",
        path="/v1/summary",
        name="summary",
        words="Counts over all dossiers.",
        roles=("auditor",),
        answers={Where.OK: reading_answers.Summary, **SHARED},
    ),
    RouteDescription(
        service=None,
        method="GET",
        path="/live",
        name="live",
        words="Whether the process answers.",
        answers={Where.OK: answers.Alive},
    ),
    RouteDescription(
        service=None,
        method="GET",
        path="/ready",
        name="ready",
        words="Whether it reads, sends and stores, and holds nothing back for a person.",
        answers={Where.OK: answers.Ready, Where.SERVICE_UNAVAILABLE: answers.Ready},
    ),
    RouteDescription(
        service=None,
        method="GET",
        path="/metrics",
        name="metrics",
        words="Prometheus text.",
        answers={Where.OK: None},
    ),
)
