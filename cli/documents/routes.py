"""Every HTTP route of the services, described; a test compares with the routes that exist."""

from typing import Final

from cli.documents import answers, reading_answers, router_answers
from cli.documents.classifier_routes import CLASSIFIER_ROUTES
from cli.documents.dossier_routes import DOSSIER_ROUTES
from cli.documents.intake_routes import INTAKE_ROUTES
from cli.documents.route_shape import APPEAL_ID, SHARED, Parameter, RouteDescription, Where
from libs.common.contracts.actions import ACTION
from libs.common.contracts.inbound import Submission

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
    *DOSSIER_ROUTES,
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
