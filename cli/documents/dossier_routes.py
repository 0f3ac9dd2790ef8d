"""The dossier's HTTP routes, described."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from cli.documents import answers, dossier_answers, reading_answers
from cli.documents.route_shape import SHARED, Parameter, RouteDescription, Where

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
AT: Final = Parameter(
    "at", "query", "As of that moment: a date (the end of that day) or a time with its offset."
)
LIFE: Final[Mapping[HTTPStatus, Any]] = {**TIMELINE, Where.OK: dossier_answers.LifeOfAppeal}

DOSSIER_ROUTES: Final = (
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
        path="/v1/appeals/{wanted}/life",
        name="lifeOfAppeal",
        words="An appeal's overall state, clocks, responsibility time, actors and reasons, folded "
        "from its entries, now or at a moment.",
        roles=("auditor",),
        parameters=(Parameter("wanted", "path", "Id or number."), AT),
        answers=LIFE,
    ),
    RouteDescription(
        service="dossier",
        method="GET",
        path="/v1/appeals/{wanted}/why",
        name="reasonsOfAppeal",
        words="Why it was classified, dispatched, timed and escalated so, from its entries alone.",
        roles=("auditor",),
        parameters=(
            Parameter("wanted", "path", "Id or number."),
            Parameter("event", "query", "Event id, number in the file, type or subject."),
            AT,
        ),
        answers={**LIFE, Where.OK: dossier_answers.ReasonsOfAppeal},
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
)
